"""Parsing: how what comes in on the wire becomes a command.

Owns the refusal of what is no command, and which verbs may be signalled.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from domain.complaint.commands import Command, Proof
from domain.complaint.decider.registry import VERBS
from domain.errors import InvalidCommand
from domain.faults import SHOWN, cut, describe_faults

SIGNALS = ("escalate", "record_contact", "withdraw", "apply_closure")
"""The verbs that may also be signalled, by senders that do not wait."""

MOST_BYTES = 120_000
"""Of one message as UTF-8. What it says goes to a dozen people at most, and all of that in one: the server takes two
million bytes, and ends a complaint that hands it more."""


def parse_command(verb: str, fields: Any, proof: Proof | None = None) -> Command:
    """Return the command that `fields` (JSON text, or decoded JSON) ask for, with what proves who acts.

    Raises `InvalidCommand` naming each field at fault, what is allowed and, where that can say
    nothing about anybody, the value.
    """
    if isinstance(fields, bytes):
        command = _parsed(verb, fields, proof)
        if len(fields) > MOST_BYTES:
            _require_short(verb, command)
        return command
    return _command(verb, lambda model: model.model_validate(fields)).proven(proof)


def _require_short(verb: str, command: Command) -> None:
    """Whatever way the JSON was written, what it says has to be short enough. Raises `InvalidCommand`."""
    size = len(command.model_dump_json().encode())
    if size > MOST_BYTES:
        raise InvalidCommand(
            f"{verb}: it is too long in all ({size:,} bytes of {MOST_BYTES:,} at most).",
            "Say it in fewer words, or send part of it apart.",
        )


@lru_cache(maxsize=32)
def _parsed(verb: str, text: bytes, proof: Proof | None) -> Command:
    """The same text is the same command: who checks one first and does it then parses it once."""
    return _command(verb, lambda model: model.model_validate_json(text)).proven(proof)


def _command(verb: str, made: Callable[[type[Command]], Command]) -> Command:
    if verb not in VERBS:
        shown = cut(repr(verb), SHOWN)
        raise InvalidCommand(f"There is no verb {shown}.", f"Verbs: {', '.join(VERBS)}.")
    model = VERBS[verb]
    try:
        return made(model)
    except ValidationError as error:
        raise InvalidCommand(f"{verb}: {describe_faults(error)}", fields_of(model)) from None


def read_signal(name: str, arguments: list[bytes]) -> dict[str, Any]:
    """The fields of a signal from its raw arguments. Raises `InvalidCommand` for all but one object."""
    if name not in SIGNALS:
        raise InvalidCommand(
            f"{name[:SHOWN]!r} cannot be signalled.", f"Signals: {', '.join(SIGNALS)}."
        )
    try:
        (argument,) = arguments
        # Not the standard library's parser: it fails on deep nesting, and lets half a character through.
        fields = from_json(argument)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise InvalidCommand(f"{name}: it takes one JSON object.", fields_of(VERBS[name]))
    return fields


def fields_of(model: type[Command]) -> str:
    """The fields that a verb takes, for a person."""
    names = [
        name if info.is_required() else f"{name} (optional)"
        for name, info in model.model_fields.items()
        if name != "pinned"
    ]
    return f"It takes: {', '.join(names)}."
