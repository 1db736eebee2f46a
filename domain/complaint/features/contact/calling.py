"""Calling back: a message left by telephone is returned by a call, or by a try that is on record.

Owns `return_call`. No letter returns a call; whoever could not be reached is told that somebody tried. Source:
`004_223f6b270ec16c9f.txt` (phone messages are returned by the end of the next working day).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import Entered, Number, check_said
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.features.contact.limited_answers import waiting_together
from domain.complaint.notify.compose import tell
from domain.complaint.policies.windows import unanswered
from domain.complaint.state import Complaint
from domain.complaint.values import with_changes
from domain.errors import UnknownContact, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import ANY, CASEWORK, Channel, Trigger
from domain.wire import Body


class ReturnCall(Entered):
    """Ring back whoever left a message, and say whether they were reached."""

    verb = "return_call"
    contact: Number | None = Field(
        default=None, description="The contact's number; left out, the complaint itself."
    )
    reached: bool = Field(description="Whether somebody answered; a try counts, and is told.")
    summary: Body = Field(default="", description="What was said, or what was tried.")


@value(frozen=True, slots=True, kw_only=True)
class CallReturned(Happened):
    """Whoever left a message was rung back, or somebody tried."""

    kind: Literal["call-returned"] = "call-returned"
    contact: int | None = None
    reached: bool
    summary: str
    received_at: datetime | None = None
    """When somebody rang, if it was entered later: the message was returned then."""


def _return(complaint: Complaint, command: ReturnCall, now: datetime) -> tuple[Any, ...]:
    if command.contact is None and complaint.opened.channel is not Channel.PHONE:
        raise WrongState(
            f"Complaint {complaint.reference} came by {complaint.opened.channel}: no call is owed for it.",
            "Name the contact that is answered by the call; otherwise send an update.",
        )
    if command.contact is not None:
        _check_owed(complaint, command.contact)
    check_said("summary", command.summary, "Say what was said, or which number was tried.")
    return made(CallReturned, complaint, command, now)


def _answers(complaint: Complaint, command: ReturnCall) -> tuple[datetime, str]:
    """The message that is returned."""
    left = complaint.opened.received_at
    if command.contact and command.contact <= len(complaint.contacts):
        left = complaint.contact(command.contact).received_at
    return left, "the message was left"


def _check_owed(complaint: Complaint, number: int) -> None:
    waiting = [str(each.number) for each in complaint.contacts if not each.called]
    allowed = f"Not rung back yet: {', '.join(waiting)}." if waiting else "Nobody waits for a call."
    if complaint.contact(number, allowed).called:
        raise UnknownContact(f"Whoever left contact {number} was reached already.", allowed)


def _fold(complaint: Complaint, event: CallReturned) -> dict[str, Any]:
    if event.contact is None or not event.reached:
        return {}
    # What may ask for the next stage is answered by a letter as well, which names the last day.
    asks = any(each.number == event.contact for each in unanswered(complaint))
    done = {"called": True, "acknowledged": True, "answered": not asks}
    contacts = with_changes(complaint.contacts, event.contact, **done)
    if not asks and contacts[event.contact - 1].together:
        many = (each.number for each in waiting_together(complaint) if each.number != event.contact)
        contacts = with_changes(contacts, *many, acknowledged=True, answered=True)
    return {"contacts": contacts}


def _triggered(_: Complaint, event: CallReturned) -> tuple[Trigger, ...]:
    """A try returns the message; only who was reached has an answer as well."""
    if event.contact is None or not event.reached:
        return (Trigger.CALLED,)
    return (Trigger.CALLED, Trigger.CONTACT_ACKNOWLEDGED, Trigger.CONTACT_ANSWERED)


def _react(complaint: Complaint, event: CallReturned) -> Iterator[Notice]:
    """Whoever was not reached is told; the others have just heard."""
    if not event.reached:
        left = complaint.contact(event.contact) if event.contact else complaint.opened
        yield from tell(complaint, event, NoticeKind.CALL_ATTEMPTED, channel=str(left.channel))


def _line(event: CallReturned) -> str:
    about = f" about contact {event.contact}" if event.contact else ""
    said = (
        f"Rang back{about}" if event.reached else f"Tried to ring back{about}, and nobody answered"
    )
    return f"{said}: {event.summary}"


FEATURE = Feature(
    commands={
        ReturnCall: CommandSpec(
            CASEWORK, ANY, (CallReturned,), _return, answers=_answers,
        ),
    },
    events={
        CallReturned: EventSpec(
            _line, _fold, _react, owed=(NoticeKind.CALL_ATTEMPTED,),
            triggers=(Trigger.CALLED, Trigger.CONTACT_ACKNOWLEDGED, Trigger.CONTACT_ANSWERED),
            triggered=_triggered,
        ),
    },
)  # fmt: skip
