"""The JSON Schemas for apps in other languages: committed as they are made, and true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from domain.complaint.decider.registry import VERBS
from starter.reference.schemas import all_schemas, as_text, write_schemas
from tests.starter.conftest import HANDLER, Office

COMMITTED = Path(__file__).parents[3] / "starter" / "reference" / "json_schemas"


def valid(value: Any, schema: str) -> None:
    jsonschema.Draft202012Validator(
        all_schemas()[schema], format_checker=jsonschema.FormatChecker()
    ).validate(value)


def test_the_committed_schemas_are_those_of_the_code() -> None:
    committed = {file.name: file.read_text(encoding="utf-8") for file in COMMITTED.iterdir()}
    made = {name: as_text(schema) for name, schema in all_schemas().items()}
    assert committed == made, "run: uphold schemas --out starter/reference/json_schemas"


@pytest.mark.parametrize("name", all_schemas())
def test_every_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(all_schemas()[name])


def test_there_is_one_for_each_verb() -> None:
    assert {f"{verb}.json" for verb in VERBS} <= all_schemas().keys()


def test_they_are_written_into_a_folder_that_need_not_exist(tmp_path: Path) -> None:
    files = write_schemas(tmp_path / "a" / "b")
    assert all(file.read_text(encoding="utf-8").startswith("{") for file in files)


async def test_what_a_complaint_answers_holds_to_its_schema(office: Office) -> None:
    opening = office.opening()
    valid(opening, "opening.json")
    await office.complaints.open(opening)
    handle = office.complaints._handle(opening["reference"])
    command = {"command_id": "c-1", "actor": HANDLER.model_dump(mode="json")}
    valid(command, "acknowledge.json")
    valid(await handle.execute_update("acknowledge", command), "answer.json")
    valid(await handle.query("status"), "status.json")


def test_a_wrong_opening_does_not_hold_to_it(office: Office) -> None:
    with pytest.raises(jsonschema.ValidationError, match="fax"):
        valid(office.opening(channel="fax"), "opening.json")
