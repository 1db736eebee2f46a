"""What is wrong with a charter file, told so that a person can mend it.

Owns the wording of faults in the shape of a file: unknown and missing keys, values of the wrong
kind. What well-formed values must add up to is in `domain.charter.checks.charter`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from enum import EnumType
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.charter.tables import Charter
from domain.charter.terms import Within
from domain.errors import CharterError, UpholdError
from domain.faults import allowed_words

LONGEST_VALUE = 60
"""Characters of a faulty value that a message shows."""

_PLAIN: dict[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    date: "a date such as 2026-12-24",
    time: "a time such as 09:00",
}
_PATTERNS = {
    "met:": "a word such as stage-entered, or met:FO-8/acknowledge",
    "[A-Z]": "two to four capitals, a hyphen and a number, such as FO-8",
    "[a-z]{2}": "a language in two lower-case letters, such as cy",
    "[a-z0-9]": "lower-case words and numbers joined by hyphens, such as case-handler",
}


class CharterFaults(UpholdError):
    """A charter file is wrong in one way or more; `faults` holds them all."""

    def __init__(self, faults: Iterable[CharterError]) -> None:
        """`faults` are in the order of the checks."""
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def faults_of(error: ValidationError, content: Mapping[str, Any], file: str) -> list[CharterError]:
    """Each fault of the file's shape, with file and table, key, what is wrong and allowed."""
    found: dict[tuple[str, str], CharterError] = {}
    for fault in error.errors(include_url=False):
        table, key = _place(fault["loc"], content)
        where = f"{file}: {table}" if table else file
        what, allowed = _words(fault)
        # A value that fits neither kind of a union is one fault, not one for each kind.
        found.setdefault((where, key), CharterError(where, key, what, allowed))
    return list(found.values())


def _place(loc: tuple[str | int, ...], content: Mapping[str, Any]) -> tuple[str, str]:
    """Table and key of a place in the file; entries of lists are counted from 1."""
    if len(loc) == 1:
        return "", str(loc[0])
    table, rest = str(loc[0]), loc[1:]
    if isinstance(rest[0], int):
        table += f"[{rest[0] + 1}]{_label(content.get(table), rest[0])}"
        rest = rest[1:]
    key = ""
    for part in rest:
        if part == "[key]":
            break
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return table, key.lstrip(".") or "(the table itself)"


def _label(entries: Any, at: int) -> str:
    entry = entries[at] if isinstance(entries, list) else None
    if not isinstance(entry, dict):
        return ""
    name = entry.get("id") or entry.get("topic") or entry.get("name")
    part = entry.get("part")
    return f" ({name}/{part})" if name and part else f" ({name})" if name else ""


def _words(fault: ErrorDetails) -> tuple[str, str]:
    """What is wrong, and what is allowed."""
    kind, loc, given = fault["type"], fault["loc"], fault["input"]
    if kind == "extra_forbidden":
        table = _annotation_at(loc[:-1])
        return "is not a key of this table", allowed_words(str(loc[-1]), _keys(table))
    expected = _expected(_annotation_at(loc))
    if kind == "missing":
        return "is missing", expected
    if kind == "value_error":
        return fault["msg"].removeprefix("Value error, "), expected
    if kind == "string_pattern_mismatch":
        pattern = fault["ctx"]["pattern"]
        allowed = next(text for mark, text in _PATTERNS.items() if mark in pattern)
        return f"{_shown(given)} is not well formed", allowed
    words = _choices(_annotation_at(loc))
    if words:
        return f"{_shown(given)} is not allowed", allowed_words(str(given), words)
    return f"{fault['msg'][0].lower()}{fault['msg'][1:]} (given: {_shown(given)})", expected


def _annotation_at(loc: tuple[str | int, ...]) -> Any:
    """What may stand at a place of the file, or None where nothing is known of."""
    here: Any = Charter
    for part in loc:
        here = _bare(here)
        if isinstance(part, int):
            here = get_args(here)[0] if get_args(here) else None
        elif get_origin(here) is dict:
            here = get_args(here)[0 if loc[-1] == "[key]" or "[key]" in loc else 1]
        elif isinstance(here, type) and issubclass(here, BaseModel):
            fields = here.model_fields.values()
            here = next((field.annotation for field in fields if field.alias == part), None)
    return _bare(here)


def _bare(annotation: Any) -> Any:
    """The annotation without its constraints and without "or nothing"."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {Union, UnionType}:
        kinds = [each for each in get_args(annotation) if each is not NoneType]
        return _bare(kinds[0]) if len(kinds) == 1 else annotation
    return annotation


def _choices(annotation: Any) -> list[str]:
    """The words of a closed list, or none."""
    if isinstance(annotation, EnumType):
        return [str(each.value) for each in annotation]  # type: ignore[var-annotated]
    if get_origin(annotation) is Literal:
        return [str(each).lower() if each is True else str(each) for each in get_args(annotation)]
    if get_origin(annotation) in {Union, UnionType}:
        return [word for each in get_args(annotation) for word in _choices(_bare(each))]
    return []


def _keys(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [str(field.alias) for field in annotation.model_fields.values()]
    return []


def _expected(annotation: Any) -> str:
    annotation = _bare(annotation)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Within):
        return "a time such as { working-days = 10 }"
    if get_origin(annotation) is tuple:
        return f"a list, each entry {_expected(get_args(annotation)[0])}"
    if get_origin(annotation) is dict:
        return f"a table of {', '.join(_choices(_bare(get_args(annotation)[0])))}"
    words = _choices(annotation) or _keys(annotation)
    return (
        f"{'one of' if _choices(annotation) else 'a table of'} {', '.join(words)}" if words else ""
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
