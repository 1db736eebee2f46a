"""How the fields of a verb become options of the script, read from the verb's JSON Schema.

A field's name is its option, its description the help. What is made of parts (a handler, an officer) has
an option for each part; of a list each item is given with the option again. Must not import the models:
they would make every command wait.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from inspect import Parameter
from typing import Annotated, Any, Final

import typer

from starter.terminal.options import day, instant

Schema = Mapping[str, Any]
_SENT_BESIDE: Final = frozenset({"command_id", "actor"})
_SAMPLES: Final = {
    "DATE": "2026-10-30", "INSTANT": "2026-11-20T16:45+00:00", "N": "1", "ID": "h.jones",
    "NAME": "'H Jones'",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a verb: which field it fills, and how it is written."""

    path: tuple[str, ...]
    parameter: Parameter
    sample: str
    """How an example gives it."""
    empties: bool = False
    """Whether it says that nothing is on the list any more."""

    @property
    def needed(self) -> bool:
        """Whether the verb cannot be sent without it."""
        return self.parameter.default is Parameter.empty


def options_of(schema: Schema, by_default_now: str = "") -> Iterator[Option]:
    """The options of a verb, in the order of its fields; `by_default_now` names an instant."""
    for name, field in schema["properties"].items():
        if name in _SENT_BESIDE:
            continue
        needed = name in schema.get("required", ()) and name != by_default_now
        kinds = _kinds(schema, field)
        hint = _sentence(field.get("description", ""))
        parts = kinds[0].get("properties") if len(kinds) == 1 else None
        if parts:
            for part, inner in parts.items():
                said = f"{hint.rstrip('.:')}: {inner.get('description', '').lower()}"
                must = needed and part in kinds[0].get("required", ())
                yield _option((name, part), _kinds(schema, inner), inner, said, needed=must)
        else:
            hint += " Default: now." if name == by_default_now else ""
            yield _option((name,), kinds, field, hint, needed=needed)
            if kinds[0].get("type") == "array" and field.get("default", ()) is None:
                yield _none_of(name)


def fields_of(options: list[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """The verb's fields as JSON, of what was given; what was left out is not among them.

    Raises a usage error for a list that is given and said to be empty.
    """
    fields: dict[str, Any] = {}
    for option in options:
        value = given[option.parameter.name]
        if value is None or value == [] or (option.empties and not value):
            continue
        *outer, last = option.path
        inner = fields
        for name in outer:
            inner = inner.setdefault(name, {})
        if option.empties and last in inner:
            raise typer.BadParameter(f"{option.sample} says none, and others are given.")
        inner[last] = [] if option.empties else _plain(value)
    return fields


def _kinds(schema: Schema, field: Schema) -> list[Schema]:
    """What a value of the field can be, null left out."""
    if "$ref" in field:
        field = schema["$defs"][field["$ref"].rpartition("/")[2]]
    choices = field.get("anyOf") or field.get("oneOf")
    if choices is None and "items" in field:
        inner = _kinds(schema, field["items"])
        return [{**field, "items": inner[0] if len(inner) == 1 else {}}]
    if choices is None:
        return [field]
    return [kind for each in choices for kind in _kinds(schema, each) if kind.get("type") != "null"]


def _option(
    path: tuple[str, ...], kinds: list[Schema], field: Schema, hint: str, *, needed: bool
) -> Option:
    kind, repeated = kinds[0], False
    flag, parser = "-".join(path).replace("_", "-"), None
    metavar = path[-1].upper() if path[-1] in {"id", "name"} else "TEXT"
    default: Any = Parameter.empty if needed else None
    kind_of: Any = str
    if kind.get("type") == "array":
        flag, repeated, kind = _singular(flag), True, kind["items"]
        hint += " May be given again."
        parser = None if "type" in kind else _text_or_object
    if len(kinds) == 1 and "enum" in kind:
        kind_of, metavar = _one_of(kind["enum"]), path[-1].upper().replace("_", "-")
        hint += f" One of: {', '.join(kind['enum'])}."
    elif kind.get("type") == "integer":
        kind_of, metavar = int, "N"
    elif kind.get("type") == "boolean":
        return _switch(path, flag, hint, field)
    elif kind.get("format") == "date":
        kind_of, parser, metavar = date, day, "DATE"
    elif kind.get("format") == "date-time":
        kind_of, parser, metavar = datetime, instant, "INSTANT"
    if isinstance(field.get("default"), str) and field["default"]:
        hint += f" Default: {field['default']}."
    least = {"min": kind["minimum"]} if "minimum" in kind else {}
    option = typer.Option(
        f"--{flag}", help=hint, metavar=metavar, parser=parser, show_default=False, **least
    )
    kind_of = list[kind_of] if repeated else kind_of
    return Option(
        path,
        _parameter(path, Annotated[kind_of if needed else kind_of | None, option], default),
        f"--{flag} {_SAMPLES.get(metavar) or next(iter(kind.get('enum', ())), repr('…'))}",
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', ':')) or not text else '.'}"


def _one_of(words: list[str]) -> type[StrEnum]:
    found: type[StrEnum] = StrEnum("Word", {word: word for word in words})  # type: ignore[misc]
    return found


def _switch(path: tuple[str, ...], flag: str, hint: str, field: Schema) -> Option:
    """Yes or no: what is false unless it is said needs no word for no."""
    default = field.get("default", Parameter.empty)
    words = f"--{flag}" if default is False else f"--{flag}/--no-{flag}"
    option = typer.Option(words, help=hint, show_default=default is True)
    kind: Any = bool | None if default is None else bool
    return Option(path, _parameter(path, Annotated[kind, option], default), f"--{flag}")


def _none_of(name: str) -> Option:
    """The option by which a list that may also be left as it is becomes empty."""
    flag = f"--no-{name.replace('_', '-')}"
    option = typer.Option(flag, help="None of these any more.", show_default=False)
    parameter = _parameter(("no", name), Annotated[bool, option], False)
    return Option((name,), parameter, flag, empties=True)


def _parameter(path: tuple[str, ...], annotation: Any, default: Any) -> Parameter:
    return Parameter("_".join(path), Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _singular(flag: str) -> str:
    return f"{flag[:-3]}y" if flag.endswith("ies") else flag.removesuffix("s")


def _text_or_object(text: str) -> Any:
    """An item of a list: a text or, in braces, the JSON object that it spells. Raises a usage error."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text[:60]!r} is no JSON object: {error}.") from None


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    as_text: Callable[[], str] | None = getattr(value, "isoformat", None)
    return as_text() if as_text else value
