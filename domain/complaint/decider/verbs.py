"""Every verb by its name, and how what comes in on the wire becomes a command.

Owns the registry and the parsing. The fields of each verb are with the verb.
"""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import ValidationError

from domain.complaint import commands as cmd
from domain.complaint.commands import Command
from domain.complaint.features.registry import MATTERS
from domain.errors import InvalidCommand
from domain.faults import SHOWN, cut, describe_faults

CORE: Final[tuple[type[Command], ...]] = (
    cmd.Allocate, cmd.Introduce, cmd.Acknowledge, cmd.Update, cmd.Extend, cmd.Pause, cmd.Resume,
    cmd.RecordContact, cmd.AnswerContact, cmd.Escalate, cmd.Reassign, cmd.Reply, cmd.Accept,
    cmd.Withdraw, cmd.Reopen, cmd.Close, cmd.PassToDecision, cmd.ConcludeCase, cmd.Refresh,
)  # fmt: skip
"""The verbs that every complaint has, in the order of a complaint's life."""

VERBS: dict[str, type[Command]] = {
    kind.verb: kind for kind in (*CORE, *(verb for matter in MATTERS for verb in matter.verbs))
}
"""Every verb that can be sent to a running complaint."""

SIGNALS = ("escalate", "record_contact", "withdraw", "apply_closure")
"""The verbs that may also be signalled, by senders that do not wait."""


def parse_command(verb: str, fields: Any) -> Command:
    """Return the command that `fields` (decoded JSON) ask for.

    Raises `InvalidCommand` naming each field at fault, what is allowed and, where that can say
    nothing about anybody, the value.
    """
    if verb not in VERBS:
        shown = cut(repr(verb), SHOWN)
        raise InvalidCommand(f"There is no verb {shown}.", f"Verbs: {', '.join(VERBS)}.")
    model = VERBS[verb]
    try:
        return (
            model.model_validate_json(fields)
            if isinstance(fields, bytes)
            else model.model_validate(fields)
        )
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
        fields = json.loads(argument)
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
