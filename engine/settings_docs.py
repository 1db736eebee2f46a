"""Owns the words about settings: what is wrong with them, what is allowed, the table of them all.

Knows fields, not the settings themselves. Must not import `temporalio`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

Fields = Mapping[str, FieldInfo]


_KINDS = {str: "text", int: "whole number", float: "number", Path: "path", SecretStr: "secret"}


def table(fields: Fields, prefix: str) -> str:
    """Every setting as a Markdown table: name in the file, variable, allowed, default, meaning."""
    rows = ["| setting | variable | allowed | default | meaning |", "|---|---|---|---|---|"]
    for name, field in fields.items():
        found = field.default is None or field.default_factory
        default = "none" if found else f"`{field.default}`"
        meaning = field.description or ""
        cells = (f"`{name}`", f"`{prefix}{name.upper()}`", allowed(field), default, meaning)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def unknown(name: str, known: Iterable[str]) -> str:
    """Says that there is no setting of that name, which one is nearest, and which there are."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"{name}: no such setting.{hint} Allowed: {', '.join(names)}."


def fault(detail: ErrorDetails, fields: Fields) -> str:
    """One fault that validation found: setting, value (unless it may be secret), what is wrong, what is allowed."""
    name = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return unknown(name, fields)
    if not name:
        return detail["msg"].removeprefix("Value error, ") + "."
    what = detail["msg"].lower()
    if detail["type"] == "string_pattern_mismatch":
        what = "not of the form that is needed"
    field = fields[name]
    secret = not field.repr or _kind(field.annotation) == _KINDS[SecretStr]
    value = "(hidden)" if secret else repr(detail["input"])
    return f"{name} = {value}: {what}. Allowed: {allowed(field)}."


def allowed(field: FieldInfo) -> str:
    """What a setting may be, in words: its kind and its limits."""
    limits = [
        f"{sign} {bound}"
        for limit in field.metadata
        for sign, attribute in (("≥", "ge"), (">", "gt"), ("≤", "le"))
        if (bound := getattr(limit, attribute, None)) is not None
    ]
    examples = ", ".join(f"`{example}`" for example in field.examples or ())
    hint = [f"such as {examples}"] if examples else []
    return ", ".join([_kind(field.annotation), *limits, *hint])


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(annotation))
    for part in (annotation, *get_args(annotation)):
        if part in _KINDS:
            return _KINDS[part]
    raise TypeError(f"no words for the type {annotation!r}")
