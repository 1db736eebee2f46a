"""Counting from the right receipt: what a corrected date of receipt does to the clocks.

Owns the event and its arithmetic. Clocks that run are counted anew; those that have ended are judged
anew by what was done and when, and a miss that was none goes on as the new date after it went on: it
runs, is paused, or was stopped. A promise that repeats and has come round keeps the dates that were
told. Who may correct is in `matters`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from domain.calendar.counting import BeyondCalendar, Unit, day_zero
from domain.charter.rules import Rules
from domain.clocks.clock import Clock, ClockState, Pausing
from domain.clocks.due import budget_of, due_at, due_day
from domain.clocks.transitions import end
from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import stamp
from domain.complaint.policies.rescheduling import limited_anew, moved, superseding
from domain.complaint.remembered import Moved
from domain.errors import UnknownContact

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


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
    counted = _recounted(complaint, event)
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


def corrected_fields(complaint: Complaint, event: ReceiptCorrected) -> dict[str, Any]:
    """The fields of the complaint that the correction changes, its clocks among them."""
    counted = _recounted(complaint, event)
    changed: dict[str, Any] = {"clocks": superseding(counted, event)}
    changed["missed"] = sum(c.state is ClockState.MISSED and not c.renewal for c in counted)
    if event.contact is None:
        opening = complaint.opened.model_copy(update={"received_at": event.new})
        return changed | {"opening": opening}
    contacts = tuple(
        replace(contact, received_at=event.new) if contact.number == event.contact else contact
        for contact in complaint.contacts
    )
    return changed | {"contacts": contacts}


def _recounted(complaint: Complaint, event: ReceiptCorrected) -> tuple[Clock, ...]:
    limited = complaint.clocks
    if event.contact is None:
        limited = limited_anew(complaint, complaint.rules, event.new)
    counted = {clock.id: clock for clock in limited}
    for clock in limited:
        if not _from_that_receipt(clock, event, complaint.rules):
            continue
        changed = _counted_anew(clock, event, complaint.rules)
        if clock.live:
            counted[clock.id] = changed
        else:
            _judge_anew(counted, clock, changed, event, complaint.rules)
    return tuple(counted.values())


def _from_that_receipt(clock: Clock, event: ReceiptCorrected, rules: Rules) -> bool:
    """Whether the receipt itself started it; what the same instant started otherwise is left alone."""
    if clock.promise not in rules.promises or clock.renewal or clock.appointment:
        return False
    by_opening = clock.id.endswith("#1")
    started = by_opening if event.contact is None else clock.contact == event.contact
    return started and clock.started_at == event.old


def _counted_anew(clock: Clock, event: ReceiptCorrected, rules: Rules) -> Clock:
    calendar, budget = rules.calendar, budget_of(clock, rules)
    day = day_zero(calendar, event.new, budget)
    changed = replace(clock, started_at=event.new, day_zero=day)
    if not clock.pauses or budget.unit is Unit.MONTHS:
        return replace(changed, start_day=day)
    if budget.unit is Unit.CALENDAR_DAYS:
        more = (clock.day_zero - day).days
    else:
        more = calendar.working_days_between(day, clock.day_zero)
    return replace(changed, spent=max(0, clock.spent + more))


def _judge_anew(
    counted: dict[str, Clock], old: Clock, new: Clock, event: ReceiptCorrected, rules: Rules
) -> None:
    """Put the clock into `counted` as it would have ended, had it been counted from the right day."""
    if old.state is ClockState.STOPPED or rules.promises[old.promise].repeats:
        return
    done = old.ended_at if old.state is ClockState.MET else old.fulfilled_late_at
    at_limit = bool(old.pauses) and old.pauses[-1].to is None
    going = replace(
        new, state=ClockState.PAUSED if at_limit else ClockState.RUNNING,
        ended_at=None, due_when_ended=None, fulfilled_late_at=None,
    )  # fmt: skip
    try:
        due, day = due_at(going, rules), due_day(going, rules)
    except BeyondCalendar:
        return
    ended = replace(going, due_when_ended=day)
    if done and done < due:
        counted[old.id] = replace(ended, state=ClockState.MET, ended_at=done)
    elif done or due <= event.at:
        late = replace(ended, state=ClockState.MISSED, ended_at=min(due, event.at))
        counted[old.id] = replace(late, fulfilled_late_at=done)
    else:
        _go_on(counted, replace(going, warned=False), event, rules)


def _go_on(counted: dict[str, Clock], clock: Clock, event: ReceiptCorrected, rules: Rules) -> None:
    """The clock goes on as the new date that was given after the miss, which that makes pointless."""
    ours = (clock.promise, clock.contact, clock.appointment)
    after = [c for c in counted.values() if (c.promise, c.contact, c.appointment) == ours]
    following = next((c for c in reversed(after) if c.renewal), None)
    if any(other.live and not other.renewal and other.id != clock.id for other in after):
        # The promise was made again since then, by a reopening for example: that one counts.
        counted[clock.id] = end(clock, ClockState.STOPPED, event.at, rules)
        return
    if following is None:
        counted[clock.id] = clock
        return
    if not following.live:
        at = following.ended_at or event.at
        counted[clock.id] = end(
            _paused_like(clock, following, rules), ClockState.STOPPED, at, rules
        )
        return
    counted[clock.id] = _paused_like(clock, following, rules)
    counted[following.id] = end(following, ClockState.STOPPED, event.at, rules)


def _paused_like(clock: Clock, other: Clock, rules: Rules) -> Clock:
    """The clock with the pauses of the one that ran in its place."""
    budget = budget_of(clock, rules)
    for pausing in other.pauses:
        since = max(pausing.since, clock.start_day)
        if budget.unit is Unit.CALENDAR_DAYS:
            clock = replace(clock, spent=clock.spent + (since - clock.start_day).days)
        elif budget.unit is not Unit.MONTHS:
            days = rules.calendar.working_days_between(clock.start_day, since)
            clock = replace(clock, spent=clock.spent + days)
        clock = replace(clock, pauses=(*clock.pauses, Pausing(since, pausing.to)))
        if pausing.to is None:
            return replace(clock, state=ClockState.PAUSED)
        if budget.unit is Unit.MONTHS:
            clock = replace(clock, extra=clock.extra + (pausing.to - since).days)
        else:
            clock = replace(clock, start_day=max(pausing.to, since))
    return clock
