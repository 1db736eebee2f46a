"""Owns the JSON Schemas of the wire contract, made from the models that check it.

The committed ones in `docs/schemas` are for apps in other languages; a test holds them to this.
Must not import `temporalio`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from domain.complaint.decider.verbs import VERBS
from domain.complaint.features.remedies.remedy_commands import REMEDY_VERBS
from domain.complaint.opening import Opening
from reporting.model import json_schema
from starter.remedy_status import RemedyStatus, RemedySummary
from starter.status import Status, Summary

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_FILLED_IN_BY_THE_WORKFLOW: Final = "pinned"


def all_schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its file name: `opening.json`, `status.json`, `answer.json`, `report.json`, one a verb."""
    made = {
        "opening.json": _schema(Opening),
        "status.json": _schema(Status),
        "answer.json": _schema(Summary),
        "report.json": {"$schema": DIALECT, **json_schema()},
    }
    made |= {
        "remedy_status.json": _schema(RemedyStatus),
        "remedy_answer.json": _schema(RemedySummary),
    }
    made |= {f"{name}.json": _schema(model) for name, model in REMEDY_VERBS.items()}
    for name, model in VERBS.items():
        schema = _schema(model)
        schema["properties"].pop(_FILLED_IN_BY_THE_WORKFLOW, None)
        made[f"{name}.json"] = schema
    return made


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
