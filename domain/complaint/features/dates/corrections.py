"""Corrections of record: a complaint, or a contact, was received on another day than was written down.

Owns `correct` and what the customer is told; what it does to the clocks is in `policies.receipt_recount`.
The old dates stay on record.
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
from domain.complaint.commands import (
    IN_WELSH,
    Command,
    Number,
    Reason,
    check_not_before,
    check_reason,
)
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.notify.compose import as_fact, ask, in_charge, tell
from domain.complaint.notify.facts import day_of
from domain.complaint.notify.moved_dates import moved_facts
from domain.complaint.notify.reasons import reason_due, unexplained
from domain.complaint.policies.receipt_recount import of_requests, received_at, recounted
from domain.complaint.policies.rescheduling import Moved, moved, superseding
from domain.complaint.policies.service_times import time_of_its_own
from domain.complaint.state import Complaint
from domain.complaint.values import with_changes
from domain.errors import InvalidCommand
from domain.notices import Notice, NoticeKind
from domain.vocabulary import OPEN, STAFF, Trigger
from domain.wire import Instant, Line


class Correct(Command):
    """Put right when the complaint or, with `contact`, one inbound contact was received."""

    verb = "correct"
    received_at: Instant = Field(description="When it really was received.")
    reason: Reason = Field(description="How that is known; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)
    contact: Number | None = Field(
        default=None, description="A contact's receipt, by the contact's number."
    )
    stage: Line | None = Field(
        default=None, description="When a later stage was asked for, by the stage's id."
    )


@value(frozen=True, slots=True, kw_only=True)
class ReceiptCorrected(Happened):
    """It was received at another instant; `moved` holds every due date that this superseded."""

    kind: Literal["receipt-corrected"] = "receipt-corrected"
    old: datetime
    new: datetime
    contact: int | None
    reason: str
    moved: tuple[Moved, ...]
    stage: str | None = None
    """The stage whose request it was, if it was one."""
    broken: tuple[str, ...] = ()
    """The clocks that were met by the wrong date only."""
    duplicate: str | None = None
    """The duplicate that had come earlier: the letter about that tells of the dates as well."""


def _correct(complaint: Complaint, command: Correct, now: datetime) -> tuple[Any, ...]:
    if command.contact and command.stage:
        raise InvalidCommand(
            "stage: a contact is corrected, or a request, not both.", "One of them."
        )
    old = received_at(complaint, command.contact, command.stage)
    check_reason(command.reason, "Say how it is known; it goes on record.")
    if command.received_at == old:
        raise InvalidCommand(
            f"received_at: {old.isoformat()} is on record already.", "Give the right instant."
        )
    _check_between(complaint, command)
    (event,) = made(
        ReceiptCorrected, complaint, command, now, old=old, new=command.received_at, moved=()
    )
    return (with_moved(complaint, event),)


def _check_between(complaint: Complaint, command: Correct) -> None:
    """Raise `InvalidCommand` for an instant after it was noted, or before what it answers."""
    noted = [c.noted_at for c in complaint.clocks if c.contact == command.contact]
    requests = of_requests(complaint, command)
    for request in complaint.stage_requests:
        if request.number in requests:
            noted = [request.noted_at]
            what = f"what the request for {request.stage} answers"
            check_not_before("received_at", command.received_at, request.earliest, what)
    if noted and command.received_at > min(noted):
        raise InvalidCommand(
            f"received_at: {command.received_at.isoformat()} lies after it was put on record.",
            f"It may be at most {min(noted).isoformat()}.",
        )


def with_moved(complaint: Complaint, event: ReceiptCorrected) -> ReceiptCorrected:
    """The correction with every due date that it supersedes, and every promise that was kept by the wrong one only."""
    rules, counted = complaint.rules, recounted(complaint, event)
    met = {clock.id for clock in complaint.clocks if clock.state is ClockState.MET}
    broken = tuple(c.id for c in counted if c.id in met and c.state is ClockState.MISSED)
    return replace(
        event, moved=moved(complaint.clocks, rules, counted, rules, event.at), broken=broken
    )


def _fold(complaint: Complaint, event: ReceiptCorrected) -> dict[str, Any]:
    counted = recounted(complaint, event)
    changed: dict[str, Any] = {"clocks": superseding(counted, event)}
    changed["missed"] = sum(c.state is ClockState.MISSED and not c.renewal for c in counted)
    requests = of_requests(complaint, event)
    changed["stage_requests"] = tuple(
        replace(each, received_at=event.new) if each.number in requests else each
        for each in complaint.stage_requests
    )
    if event.stage:
        return changed
    if event.contact is None:
        opening = complaint.opened.model_copy(update={"received_at": event.new})
        return changed | {"opening": opening}
    contacts = with_changes(complaint.contacts, event.contact, received_at=event.new)
    return changed | {"contacts": contacts}


def _react(complaint: Complaint, event: ReceiptCorrected) -> Iterator[Notice]:
    yield from _ask_why(complaint, event)
    if event.duplicate:
        return
    yield from tell(
        complaint, event, NoticeKind.RECEIPT_CORRECTED, reason=event.reason,
        old_received=day_of(complaint, event.old).isoformat(),
        new_received=day_of(complaint, event.new).isoformat(),
        moved=moved_facts(complaint, event), **broken_facts(complaint, event),
    )  # fmt: skip


def _ask_why(complaint: Complaint, event: ReceiptCorrected) -> Iterator[Notice]:
    """Word to the role responsible, and the next, of the first promise that was kept too late after all."""
    for name in event.broken[:1]:
        clock = complaint.clock(name)
        yield from ask(
            complaint, event, NoticeKind.PROMISE_MISSED, in_charge(complaint), promise=clock.promise,
            promise_text=complaint.rules.promises[clock.promise].promise.text, apology=True,
            own_time=time_of_its_own(complaint, clock), new_due=None, why=None, says_why=False,
            missed_due=as_fact(clock.due_when_ended), reason_by=as_fact(reason_due(complaint)),
        )  # fmt: skip


def broken_facts(complaint: Complaint, event: Any) -> dict[str, Any]:
    """What was kept by the wrong date only, as facts of a letter: by when it was due, and when it was done."""
    broken = [complaint.clock(name) for name in event.broken]
    return {
        "broken": [
            {
                "promise_text": complaint.rules.promises[clock.promise].promise.text,
                "due": as_fact(clock.due_when_ended),
                "done": day_of(complaint, clock.fulfilled_late_at).isoformat(),
            }
            for clock in broken
            if clock.fulfilled_late_at
        ],
        "reason_by": as_fact(reason_due(complaint)) if broken else None,
    }


def _triggered(_: Complaint, event: ReceiptCorrected) -> tuple[Trigger, ...]:
    return (Trigger.PROMISE_MISSED,) if event.broken else ()


def _still_unexplained(complaint: Complaint, event: ReceiptCorrected) -> bool:
    """Whether the customer has not heard why what was kept too late after all was late."""
    return not set(event.broken).isdisjoint(unexplained(complaint))


def _line(event: ReceiptCorrected) -> str:
    what = f"Contact {event.contact} was" if event.contact else "Was"
    what = f"The request for {event.stage} was" if event.stage else what
    new, old = in_words(event.new.date()), in_words(event.old.date())
    return f"{what} received on {new}, not {old}: {event.reason}"


FEATURE = Feature(
    commands={
        Correct: CommandSpec(STAFF, OPEN, (ReceiptCorrected,), _correct),
    },
    events={
        ReceiptCorrected: EventSpec(
            _line, _fold, _react, owed=(NoticeKind.RECEIPT_CORRECTED, NoticeKind.PROMISE_MISSED),
            triggers=(Trigger.PROMISE_MISSED,), triggered=_triggered, judges_anew=True, stands=_still_unexplained,
            recounts="Every clock that was counted from the wrong day is counted anew; one that has ended is judged anew, as met, missed or running again.",
        ),
    },
)  # fmt: skip
