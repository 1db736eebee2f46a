"""What somebody can ask of a remedy: one frozen model per verb, as it stands on the wire.

Owns the verbs, their fields and how what comes in becomes a command. What follows is in
`remedy_decisions`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import ValidationError

from domain.complaint.commands import Actor, CommandId, Reason, ReportUndeliverable, Tick
from domain.complaint.features.remedies.remedy_opening import People, RemedyOpening
from domain.errors import InvalidCommand
from domain.faults import SHOWN, cut, describe_faults
from domain.wire import Body, Day, Person, Wire


class RemedyCommand(Wire):
    """A verb with its actor and an id under which it is done once."""

    verb: ClassVar[str]
    command_id: CommandId
    actor: Actor


class AcceptRemedy(RemedyCommand):
    """The organisation will do what was recommended."""

    verb = "accept_remedy"


class DoRemedy(RemedyCommand):
    """It is done; the customer is told how."""

    verb = "do_remedy"
    how: Body


class RefuseRemedy(RemedyCommand):
    """It will not be done; the customer is told why."""

    verb = "refuse_remedy"
    reason: Reason


class ReassignRemedy(RemedyCommand):
    """Somebody else sees to it from now on."""

    verb = "reassign_remedy"
    owner: Person


class PostponeRemedy(RemedyCommand):
    """Move its date, with a reason, before it passes."""

    verb = "postpone_remedy"
    new_due: Day
    reason: Reason


REMEDY_VERBS: dict[str, type[RemedyCommand]] = {
    kind.verb: kind
    for kind in (AcceptRemedy, DoRemedy, RefuseRemedy, ReassignRemedy, PostponeRemedy)
}
"""Every verb that can be sent to a remedy that is still open."""


def settled_by(command: RemedyCommand) -> dict[str, str]:
    """What tells the repeat of a command that settled a remedy from any other command."""
    return {
        "command_id": command.command_id,
        "verb": command.verb,
        "by": command.actor.identity,
    }


class Undertake(Wire):
    """Start the remedy: made by the workflow from its argument."""

    verb: ClassVar[Literal["undertake"]] = "undertake"
    opening: RemedyOpening


class FollowComplaint(Wire):
    """The complaint knows other people now: sent by the complaint, so that nobody else is written to."""

    verb: ClassVar[Literal["follow_complaint"]] = "follow_complaint"
    people: People


AnyRemedyCommand = RemedyCommand | Undertake | FollowComplaint | Tick | ReportUndeliverable


def parse_remedy_command(verb: str, fields: Any) -> RemedyCommand:
    """The command that `fields` (decoded JSON) ask for.

    Raises `InvalidCommand` naming each field at fault and what is allowed.
    """
    if verb not in REMEDY_VERBS:
        raise InvalidCommand(
            f"There is no verb {cut(repr(verb), SHOWN)}.", f"Verbs: {', '.join(REMEDY_VERBS)}."
        )
    model = REMEDY_VERBS[verb]
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        takes = f"It takes: {', '.join(model.model_fields)}."
        raise InvalidCommand(f"{verb}: {describe_faults(error)}", takes) from None
