"""Every field of everything that may be sent has an end, and all of them together fit where they must."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from domain.complaint.decider.registry import VERBS
from domain.complaint.opening import Opening

MOST_CHARACTERS = 250_000
"""Of one message, at its longest: the server takes two million bytes, and what it owes has it several times."""


def bounds(schema: dict[str, Any], defs: dict[str, Any], where: str) -> Iterator[tuple[str, float]]:
    """Each text and list at the leaves of a schema, and how many characters it has at most."""
    if "$ref" in schema:
        yield from bounds(defs[schema["$ref"].rsplit("/", 1)[-1]], defs, where)
    for each in schema.get("anyOf", schema.get("oneOf", ())):
        yield from bounds(each, defs, where)
    for name, each in schema.get("properties", {}).items():
        yield from bounds(each, defs, f"{where}.{name}")
    if schema.get("type") == "array":
        many = schema.get("maxItems", float("inf"))
        for inner, most in bounds(schema["items"], defs, f"{where}[]"):
            yield inner, most * many
        if "enum" in schema["items"] or "$ref" in schema["items"]:
            yield f"{where}[]", many
    if schema.get("type") == "string" and not schema.keys() & {"enum", "const", "format"}:
        repeated = schema.get("pattern", "").endswith(("{0,79}$", "{2}$"))
        yield where, schema.get("maxLength", 80 if repeated else float("inf"))


def all_bounds(model: type[BaseModel]) -> dict[str, float]:
    schema = model.model_json_schema()
    return dict(bounds(schema, schema.get("$defs", {}), ""))


@pytest.mark.parametrize("name", [*VERBS, "open"])
def test_every_field_has_an_end_and_all_of_them_together_fit(name: str) -> None:
    found = all_bounds(Opening if name == "open" else VERBS[name])
    assert [field for field, most in found.items() if most == float("inf")] == []
    assert sum(found.values()) < MOST_CHARACTERS
