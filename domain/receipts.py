"""Counting from the right receipt: what a corrected date of receipt does to the clocks.

Owns the event and its arithmetic. Clocks that run are counted anew; those that have ended are judged
anew by what was done and when. Who may correct is in `matters`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from domain.clocks import Clock, ClockState, due_at, due_day, end
from domain.commands import Command
from domain.errors import UnknownContact
from domain.events import Happened
from domain.matter import stamp
from domain.moving import Moved, moved, superseding
from domain.rules import Rules
from domain.working_days import BeyondCalendar, Unit, day_zero
from domain.working_days import due_day as last_day_of

if TYPE_CHECKING:
    from domain.complaint import Complaint


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCorrected(Happened):
    """It was received at another instant; `moved` holds every due date that this superseded."""

    kind: Literal["receipt-corrected"] = "receipt-corrected"
    old: datetime
    new: datetime
    contact: int | None
    reason: str
    moved: tuple[Moved, ...]


def corrected(
    complaint: Complaint, command: Command, now: datetime, new: datetime, reason: str,
    contact: int | None = None, *, after: int = 0,
) -> ReceiptCorrected:  # fmt: skip
    """The correction as an event, `after` so many others of the same command."""
    old, rules = received_at(complaint, contact), complaint.rules
    stamped = stamp(complaint, command, now)
    event = ReceiptCorrected(
        number=stamped["number"] + after, at=now, actor=command.actor,
        command_id=None if after else command.command_id,
        old=old, new=new, contact=contact, reason=reason, moved=(),
    )  # fmt: skip
    counted = _recounted(complaint.clocks, event, rules)
    return replace(event, moved=moved(complaint.clocks, rules, counted, rules, now))


def received_at(complaint: Complaint, contact: int | None) -> datetime:
    """When (UTC) the complaint or that contact was received. Raises `UnknownContact`."""
    if contact is None:
        return complaint.opened.received_at
    if contact > len(complaint.contacts):
        raise UnknownContact(
            f"There is no contact {contact}.", f"There are {len(complaint.contacts)}."
        )
    return complaint.contacts[contact - 1].received_at


def _recounted(
    clocks: tuple[Clock, ...], event: ReceiptCorrected, rules: Rules
) -> tuple[Clock, ...]:
    counted = tuple(
        _judged_anew(clock, _counted_anew(clock, event, rules), event, rules)
        if _from_that_receipt(clock, event) and clock.promise in rules.promises
        else clock
        for clock in clocks
    )
    again = {(c.promise, c.contact) for c in counted if c.live and not c.renewal}
    return tuple(
        end(clock, ClockState.STOPPED, event.at, rules)
        if clock.renewal and clock.live and (clock.promise, clock.contact) in again
        else clock
        for clock in counted
    )


def _from_that_receipt(clock: Clock, event: ReceiptCorrected) -> bool:
    return (clock.contact, clock.started_at, clock.renewal) == (event.contact, event.old, False)


def _counted_anew(clock: Clock, event: ReceiptCorrected, rules: Rules) -> Clock:
    rule, calendar = rules.promises[clock.promise], rules.calendar
    day = day_zero(calendar, event.new, rule.budget)
    limit = clock.limit_day
    if rule.limit and limit:
        limit = last_day_of(calendar, calendar.day_of_receipt(event.new), rule.limit)
    changed = replace(clock, started_at=event.new, day_zero=day, limit_day=limit)
    if not clock.pauses or rule.budget.unit is Unit.MONTHS:
        return replace(changed, start_day=day)
    if rule.budget.unit is Unit.CALENDAR_DAYS:
        more = (clock.day_zero - day).days
    else:
        more = calendar.working_days_between(day, clock.day_zero)
    return replace(changed, spent=max(0, clock.spent + more))


def _judged_anew(old: Clock, new: Clock, event: ReceiptCorrected, rules: Rules) -> Clock:
    """The clock as it would have ended, had it been counted from the right day."""
    if old.live or old.state is ClockState.STOPPED:
        return new
    done = old.ended_at if old.state is ClockState.MET else old.fulfilled_late_at
    running = replace(new, state=ClockState.RUNNING, ended_at=None, due_when_ended=None)
    try:
        due, day = due_at(running, rules), due_day(running, rules)
    except BeyondCalendar:
        return old
    if done and done < due:
        return replace(
            new, state=ClockState.MET, ended_at=done, fulfilled_late_at=None, due_when_ended=day
        )
    if done or due <= event.at or rules.promises[old.promise].repeats:
        return replace(
            new, state=ClockState.MISSED, ended_at=due, fulfilled_late_at=done, due_when_ended=day
        )
    return replace(running, warned=False)


def corrected_fields(complaint: Complaint, event: ReceiptCorrected) -> dict[str, Any]:
    """The fields of the complaint that the correction changes."""
    counted = _recounted(complaint.clocks, event, complaint.rules)
    missed = sum(c.state is ClockState.MISSED and not c.renewal for c in counted)
    if event.contact is None:
        opening = complaint.opened.model_copy(update={"received_at": event.new})
        return {"opening": opening, "missed": missed}
    contacts = tuple(
        replace(contact, received_at=event.new) if contact.number == event.contact else contact
        for contact in complaint.contacts
    )
    return {"contacts": contacts, "missed": missed}


def corrected_clocks(complaint: Complaint, event: ReceiptCorrected) -> tuple[Clock, ...]:
    """The clocks after the correction, with every superseded date kept."""
    counted = _recounted(complaint.clocks, event, complaint.rules)
    return superseding(counted, event)
