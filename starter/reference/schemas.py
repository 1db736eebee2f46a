"""The JSON Schemas of the wire contract, made from the models that check it.

The committed ones in `json_schemas` are for apps in other languages, and the script reads the options of
its verbs from them; a test holds them to this.
Must not import `temporalio`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from domain.complaint.commands import Command
from domain.complaint.decider.parsing import SIGNALS
from domain.complaint.decider.registry import VERBS
from domain.complaint.opening import Opening
from reporting.model import json_schema
from starter.desk.export.model import CaseExport
from starter.wire.status import Status, Summary

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_FILLED_IN_BY_THE_WORKFLOW: Final = "pinned"


def all_schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its file name: `opening.json`, `status.json`, `answer.json`, `case-file.json`, `report.json`, one a verb."""
    made = {
        "opening.json": _schema(Opening),
        "status.json": _schema(Status),
        "answer.json": _schema(Summary),
        "case-file.json": _schema(CaseExport),
        "report.json": {"$schema": DIALECT, **json_schema()},
    }
    return made | {f"{name}.json": schema_of(model) for name, model in VERBS.items()}


def schema_of(model: type[Command]) -> dict[str, Any]:
    """The schema of a verb; `x-signal` says that it may also be signalled."""
    schema = _schema(model)
    schema["properties"].pop(_FILLED_IN_BY_THE_WORKFLOW, None)
    return schema | ({"x-signal": True} if model.verb in SIGNALS else {})


def as_text(schema: dict[str, Any]) -> str:
    """The schema as it is written into a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into the folder, which is made if need be; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, schema in all_schemas().items():
        files.append(folder / name)
        files[-1].write_text(as_text(schema), encoding="utf-8")
    return files


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema()}
