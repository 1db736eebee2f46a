"""Duplicates: two complaints that are one are dealt with as one, and neither is lost.

Owns `take_in`, by which the complaint that goes on takes the other in. Then the duplicate is closed into it
by `merge`, which is one of the ways of `closing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain.calendar.pinned import in_words
from domain.complaint.commands import Command, Reason
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.features.dates.corrections import ReceiptCorrected, with_moved
from domain.complaint.features.ending.by_people import check_duplicate
from domain.complaint.opening import customer_key
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand
from domain.vocabulary import OPEN, STAFF
from domain.wire import Instant, Line, Reference


class TakeIn(Command):
    """Take a duplicate in: from now on this complaint stands for both, from the earlier receipt."""

    verb = "take_in"
    duplicate: Reference = Field(description="The complaint that is the same.")
    received_at: Instant = Field(description="When the duplicate was received.")
    reason: Reason = Field(description="Why; goes on record.")
    customer: Line | None = Field(
        default=None, description="`customer_key` of the duplicate's status: it has to be the same."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateTakenIn(Happened):
    """Another complaint was the same one: it is dealt with here."""

    kind: Literal["duplicate-taken-in"] = "duplicate-taken-in"
    duplicate: str
    received_at: datetime
    reason: str


def _take_in(complaint: Complaint, command: TakeIn, now: datetime) -> tuple[Any, ...]:
    check_duplicate(complaint, "duplicate", command.duplicate, command.reason)
    if command.duplicate in complaint.taken_in:
        raise InvalidCommand(
            f"duplicate: {command.duplicate} was taken in already.", "Merge the duplicate now."
        )
    if command.customer not in (None, customer_key(complaint.customer)):
        raise InvalidCommand(
            f"duplicate: {command.duplicate} is another customer's complaint.",
            "Each customer has an answer of their own: let both go on, each by itself.",
        )
    (taken,) = made(DuplicateTakenIn, complaint, command, now)
    old, new = complaint.opened.received_at, command.received_at
    if new >= old:
        return (taken,)
    earlier = ReceiptCorrected(
        number=taken.number + 1, at=now, actor=command.actor, old=old, new=new, contact=None,
        reason=f"It had come before as {command.duplicate}.", moved=(),
        in_welsh={"reason": f"Roedd wedi dod i law cyn hynny fel {command.duplicate}."},
    )  # fmt: skip
    return (taken, with_moved(complaint, earlier))


def _fold(complaint: Complaint, event: DuplicateTakenIn) -> dict[str, Any]:
    return {"taken_in": (*complaint.taken_in, event.duplicate)}


def _line(event: DuplicateTakenIn) -> str:
    came = in_words(event.received_at.date())
    return f"Took in {event.duplicate}, received on {came}: {event.reason}"


FEATURE = Feature(
    commands={
        TakeIn: CommandSpec(STAFF, OPEN, (DuplicateTakenIn, ReceiptCorrected), _take_in),
    },
    events={
        DuplicateTakenIn: EventSpec(_line, _fold),
    },
)  # fmt: skip
