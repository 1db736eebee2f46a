"""Corrections of record: a complaint, or a contact, was received on another day than was written down.

Owns the verb and what the customer is told; what it does to the clocks is in `receipts`. The old dates
stay on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from domain.calendar.counting import in_words
from domain.complaint.commands import Command, Reason
from domain.complaint.feature import OPEN, REVIEWER, Asked, Matter, Permission, Told
from domain.complaint.notify.facts import day_of
from domain.complaint.notify.recipients import tell
from domain.complaint.policies.receipt_recount import (
    ReceiptCorrected,
    corrected,
    corrected_fields,
    received_at,
)
from domain.complaint.policies.rescheduling import moved_facts
from domain.errors import InvalidCommand
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Role
from domain.wire import Instant

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


class Correct(Command):
    """Put right when the complaint or, with `contact`, one inbound contact was received."""

    verb = "correct"
    received_at: Instant
    reason: Reason
    contact: Annotated[int, Field(ge=1)] | None = None


def _correct(complaint: Complaint, command: Correct, now: datetime) -> tuple[Any, ...]:
    old = received_at(complaint, command.contact)
    if not command.reason:
        raise InvalidCommand("reason: it is empty.", "Say how it is known; it goes on record.")
    if command.received_at == old:
        raise InvalidCommand(
            f"received_at: {old.isoformat()} is on record already.", "Give the right instant."
        )
    noted = [c.noted_at for c in complaint.clocks if c.contact == command.contact]
    if noted and command.received_at > min(noted):
        raise InvalidCommand(
            f"received_at: {command.received_at.isoformat()} lies after it was put on record.",
            f"It may be at most {min(noted).isoformat()}.",
        )
    return (
        corrected(complaint, command, now, command.received_at, command.reason, command.contact),
    )


def _react(complaint: Complaint, event: ReceiptCorrected) -> Iterator[Notice]:
    yield from tell(
        complaint, event, NoticeKind.RECEIPT_CORRECTED, reason=event.reason,
        old_received=day_of(complaint, event.old).isoformat(),
        new_received=day_of(complaint, event.new).isoformat(),
        moved=moved_facts(complaint, event),
    )  # fmt: skip


def _line(event: ReceiptCorrected) -> str:
    what = f"Contact {event.contact} was" if event.contact else "Was"
    return (
        f"{what} received on {in_words(event.new.date())}, not {in_words(event.old.date())}: "
        f"{event.reason}"
    )


MATTER = Matter(
    verbs={
        Correct: Asked(
            Permission((REVIEWER, Role.MANAGER, Role.ADMINISTRATOR), OPEN, (ReceiptCorrected,)),
            _correct,
        )
    },
    events={
        ReceiptCorrected: Told(
            corrected_fields,
            _line,
            _react,
            owed=(NoticeKind.RECEIPT_CORRECTED,),
        )
    },
)
