"""The reading of a verb's options without the models that Typer loads to read any option.

Those cost more than all else that a verb waits for at its start. Where a version of Typer keeps its readers
elsewhere, its own are used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args, get_origin

import typer
from typer.core import TyperCommand


@dataclass(frozen=True, slots=True)
class PlainReader:
    """Reads the words given for one option."""

    read: Callable[[str], Any]

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """What the words mean; none for none. Raises a usage error that names the option."""
        try:
            if isinstance(value, (list, tuple)):
                return [self.read(each) for each in value]
            return value if value is None or isinstance(value, bool) else self.read(value)
        except typer.BadParameter as error:
            raise typer.BadParameter(error.message, ctx=ctx, param=param) from None


def read_plainly(params: list[Any]) -> list[Any]:
    """The options of a command, read by these readers."""
    for param in params:
        described = getattr(param, "type_descriptor", None)
        if described is not None and hasattr(param, "_runtime_param"):
            param._runtime_param = PlainReader(_reader(described))
    return params


class PlainCommand(TyperCommand):
    """A command whose options are read so."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its options, and that for help."""
        return read_plainly(super().get_params(ctx))


def _reader(described: Any) -> Callable[[str], Any]:
    kind, info = described.annotation, described.parameter_info
    if get_origin(kind) is list:
        (kind,) = get_args(kind)
    if parser := getattr(info, "parser", None):
        found: Callable[[str], Any] = parser
        return found
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda text: _choice(kind, text)
    return (lambda text: _whole(text, info.min)) if kind is int else str


def _choice(kind: type[Enum], text: str) -> Enum:
    try:
        return kind(text)
    except ValueError:
        words = ", ".join(repr(each.value) for each in kind)
        raise typer.BadParameter(f"{text!r} is not one of {words}.") from None


def _whole(text: str, least: float | None) -> int:
    try:
        found = int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a whole number.") from None
    if least is not None and found < least:
        raise typer.BadParameter(f"{found} is less than {least:g}.")
    return found
