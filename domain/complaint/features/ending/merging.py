"""Duplicates: two complaints that are one are dealt with as one, and neither is lost.

Owns the two verbs: `take_in`, by which the complaint that goes on takes the other in, and `merge`, by
which the duplicate closes into it. Whoever merges sends them in that order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from domain.calendar.counting import in_words
from domain.complaint import events as ev
from domain.complaint.commands import Command, Reason
from domain.complaint.events import Happened
from domain.complaint.feature import HELD, OPEN, STAFF, Asked, Matter, Permission, Told, stamp
from domain.complaint.policies.receipt_recount import ReceiptCorrected, corrected
from domain.errors import InvalidCommand
from domain.vocabulary import ClosedHow
from domain.wire import Instant, Reference

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


class TakeIn(Command):
    """Take a duplicate in: from now on this complaint stands for both, from the earlier receipt."""

    verb = "take_in"
    duplicate: Reference
    received_at: Instant
    reason: Reason


class Merge(Command):
    """Close this complaint as a duplicate of the one that took it in."""

    verb = "merge"
    into: Reference
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateTakenIn(Happened):
    """Another complaint was the same one: it is dealt with here."""

    kind: Literal["duplicate-taken-in"] = "duplicate-taken-in"
    duplicate: str
    received_at: datetime
    reason: str


def _take_in(complaint: Complaint, command: TakeIn, now: datetime) -> tuple[Any, ...]:
    _check(complaint, command.duplicate, command.reason, "duplicate")
    if command.duplicate in complaint.taken_in:
        raise InvalidCommand(
            f"duplicate: {command.duplicate} was taken in already.", "Merge the duplicate now."
        )
    taken = DuplicateTakenIn(
        **stamp(complaint, command, now), duplicate=command.duplicate,
        received_at=command.received_at, reason=command.reason,
    )  # fmt: skip
    if command.received_at >= complaint.opened.received_at:
        return (taken,)
    why = f"It had come before as {command.duplicate}."
    return (taken, corrected(complaint, command, now, command.received_at, why, after=1))


def _merge(complaint: Complaint, command: Merge, now: datetime) -> tuple[Any, ...]:
    _check(complaint, command.into, command.reason, "into")
    stamped = stamp(complaint, command, now)
    return (ev.Closed(**stamped, how=ClosedHow.MERGED, reason=command.reason, into=command.into),)


def _check(complaint: Complaint, other: str, reason: str, field: str) -> None:
    if other == complaint.reference:
        raise InvalidCommand(f"{field}: {other} is this complaint.", "Name the other one.")
    if not reason:
        raise InvalidCommand("reason: it is empty.", "Say how it is known; it goes on record.")


def _fold(complaint: Complaint, event: DuplicateTakenIn) -> dict[str, Any]:
    return {"taken_in": (*complaint.taken_in, event.duplicate)}


def _line(event: DuplicateTakenIn) -> str:
    came = in_words(event.received_at.date())
    return f"Took in {event.duplicate}, received on {came}: {event.reason}"


MATTER = Matter(
    verbs={
        TakeIn: Asked(Permission(STAFF, OPEN, (DuplicateTakenIn, ReceiptCorrected)), _take_in),
        Merge: Asked(Permission(STAFF, HELD, (ev.Closed,)), _merge),
    },
    events={DuplicateTakenIn: Told(_fold, _line)},
)
