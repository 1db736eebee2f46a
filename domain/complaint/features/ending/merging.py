"""Duplicates: two complaints that are one are dealt with as one, and neither is lost.

Owns `take_in`, by which the complaint that goes on takes the other in. Then the duplicate is closed into it
by `merge`, which is one of the ways of `closing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.calendar.pinned import in_words
from domain.clocks.clock import ClockState
from domain.complaint.commands import Command, Reason
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.features.dates.corrections import ReceiptCorrected, broken_facts, with_moved
from domain.complaint.features.ending.by_people import check_duplicate, check_same_customer
from domain.complaint.notify.compose import tell
from domain.complaint.notify.facts import awaited, day_of
from domain.complaint.notify.moved_dates import moved_facts
from domain.complaint.policies.rescheduling import Moved
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand
from domain.notices import Notice, NoticeKind
from domain.vocabulary import OPEN, STAFF
from domain.wire import Instant, Line, Reference


class TakeIn(Command):
    """Take a duplicate in: from now on this complaint stands for both, from the earlier receipt."""

    verb = "take_in"
    duplicate: Reference = Field(description="The complaint that is the same.")
    received_at: Instant = Field(description="When the duplicate was received.")
    reason: Reason = Field(description="Why; goes on record.")
    customer: Line | None = Field(
        default=None,
        description="`customer_key` of the duplicate's status: without it nothing is merged.",
    )


@value(frozen=True, slots=True, kw_only=True)
class DuplicateTakenIn(Happened):
    """Another complaint was the same one: it is dealt with here."""

    kind: Literal["duplicate-taken-in"] = "duplicate-taken-in"
    duplicate: str
    received_at: datetime
    reason: str
    moved: tuple[Moved, ...] = ()
    """Every due date that its earlier receipt superseded."""
    broken: tuple[str, ...] = ()
    """The clocks that were met by its own receipt only."""
    earlier: bool = False
    """Whether it had come first, so that the complaint counts from its receipt."""


def _take_in(complaint: Complaint, command: TakeIn, now: datetime) -> tuple[Any, ...]:
    check_duplicate(complaint, "duplicate", command.duplicate, command.reason)
    if command.duplicate in complaint.taken_in:
        raise InvalidCommand(
            f"duplicate: {command.duplicate} was taken in already.", "Merge the duplicate now."
        )
    check_same_customer(complaint, "duplicate", command.duplicate, command.customer)
    old, new = complaint.opened.received_at, command.received_at
    if new >= old:
        return made(DuplicateTakenIn, complaint, command, now)
    corrected = with_moved(
        complaint,
        ReceiptCorrected(
            number=complaint.events + 1, at=now, actor=command.actor, proof=command.proof, old=old, new=new, contact=None,
            reason=f"It had come before as {command.duplicate}.", moved=(), duplicate=command.duplicate,
        ),
    )  # fmt: skip
    (taken,) = made(
        DuplicateTakenIn, complaint, command, now, moved=corrected.moved,
        broken=corrected.broken, earlier=True,
    )  # fmt: skip
    return (corrected, replace(taken, number=corrected.number + 1))


def _fold(complaint: Complaint, event: DuplicateTakenIn) -> dict[str, Any]:
    return {"taken_in": (*complaint.taken_in, event.duplicate)}


def _tell(complaint: Complaint, event: DuplicateTakenIn) -> Iterator[Notice]:
    """The customer hears that both are one from now on, and how that one stands."""
    reply, since = complaint.reply, complaint.opened.received_at
    yield from tell(
        complaint, event, NoticeKind.TAKEN_IN, duplicate=event.duplicate,
        came_on=day_of(complaint, event.received_at).isoformat(),
        counted_from=day_of(complaint, since).isoformat() if event.earlier else None,
        moved=moved_facts(complaint, event), **broken_facts(complaint, event),
        replied_on=day_of(complaint, reply.at).isoformat() if reply else None,
        missed_due=_late_since(complaint), **awaited(complaint, event.at),
    )  # fmt: skip


def _late_since(complaint: Complaint) -> str | None:
    """The day by which the full answer of this stage was promised, if it has passed without one."""
    promises = complaint.rules.promises
    of_reply = {key for key, rule in promises.items() if rule.of_the_reply and not rule.estimate}
    missed = [
        clock.due_when_ended
        for clock in complaint.clocks
        if clock.state is ClockState.MISSED and clock.due_when_ended and not clock.renewal
        and clock.stage == complaint.stage and clock.promise in of_reply
    ]  # fmt: skip
    return min(missed).isoformat() if missed and not complaint.reply else None


def _line(event: DuplicateTakenIn) -> str:
    came = in_words(event.received_at.date())
    return f"Took in {event.duplicate}, received on {came}: {event.reason}"


FEATURE = Feature(
    commands={
        TakeIn: CommandSpec(STAFF, OPEN, (ReceiptCorrected, DuplicateTakenIn), _take_in),
    },
    events={
        DuplicateTakenIn: EventSpec(_line, _fold, _tell, owed=(NoticeKind.TAKEN_IN,)),
    },
)  # fmt: skip
