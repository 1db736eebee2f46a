"""Rescheduling: dates that move although nobody asked for more time.

Owns what follows when a complaint goes on under other rules (a closure, a refreshed calendar, a new
charter) or is counted from another receipt: which dates are superseded, of clocks and of remedies, how
they are kept. How they are told is in `notify.moved_dates`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from domain import value
from domain.calendar.counting import due_day as last_day_of
from domain.calendar.pinned import BeyondCalendar
from domain.charter.feature_tables import RemedyTerms
from domain.charter.rules import Rules
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of, limit_of
from domain.clocks.transitions import no_sooner
from domain.complaint.state import Complaint
from domain.complaint.values import Remedy, with_changes


@value(frozen=True, slots=True)
class Moved:
    """One clock's due day before and after; `late` if it has passed by now and had not before."""

    clock: str
    promise: str
    old_due: date
    new_due: date
    late: bool = False


@value(frozen=True, slots=True)
class MovedRemedy:
    """One remedy's day before and after."""

    remedy: int
    old_due: date
    new_due: date


# --- clocks -----------------------------------------------------------------------------------------


def moved(
    before: Iterable[Clock], old: Rules, after: Iterable[Clock], new: Rules, now: datetime
) -> tuple[Moved, ...]:
    """The clocks that tick in `after` and have another due day than before, in the order of their start.

    What lies beyond either calendar is left out: it shows as such in the status.
    """
    changed = {clock.id: clock for clock in after if clock.ticking}
    return tuple(
        found
        for clock in before
        if clock.id in changed
        for found in _difference(clock, old, changed[clock.id], new, now)
    )


def _difference(
    clock: Clock, old: Rules, changed: Clock, new: Rules, now: datetime
) -> Iterator[Moved]:
    if clock.live and not clock.ticking:
        return  # it was paused, and has no date until it runs on
    was, is_now = due_of(clock, old), due_of(changed, new)
    if not was.beyond and not is_now.beyond and was.day != is_now.day:
        late = is_now.at <= now < was.at
        yield Moved(clock.id, clock.promise, was.day, is_now.day, late)


def superseding(clocks: tuple[Clock, ...], event: Any) -> tuple[Clock, ...]:
    """The clocks with each old date that the event names kept; whoever was warned is warned anew."""
    dates = {each.clock: each.old_due for each in event.moved}
    return tuple(
        clock.changed(moved=(*clock.moved, dates[clock.id]), warned=False)
        if clock.id in dates
        else clock
        for clock in clocks
    )


def limited_anew(
    complaint: Complaint, rules: Rules, received_at: datetime | None = None
) -> tuple[Clock, ...]:
    """The clocks with the limits that they have under these rules, or from that receipt (UTC).

    No other rules make a date that runs an earlier one. The right receipt does: what was promised counts
    from it, also where a wrong one would hide that it was missed.
    """
    first = received_at or complaint.opened.received_at
    limited = [_limited(complaint, clock, rules, first) for clock in complaint.clocks]
    if received_at:
        return tuple(limited)
    each = zip(complaint.clocks, limited, strict=True)
    return tuple(never_sooner(before, complaint.rules, after, rules) for before, after in each)


def never_sooner(before: Clock, old: Rules, after: Clock, new: Rules) -> Clock:
    """The clock as it is after, but due no earlier than before: a date that was told is not shortened.

    So nothing is missed in the past either by a change of rules.
    """
    if not (before.live and after.live and after.promise in new.promises):
        return after
    told = due_of(before.changed(state=ClockState.RUNNING), old)
    return after if told.beyond else no_sooner(after, told.day, new)


def _limited(complaint: Complaint, clock: Clock, rules: Rules, received_at: datetime) -> Clock:
    old, new = complaint.rules.promises.get(clock.promise), rules.promises.get(clock.promise)
    if not clock.live or clock.renewal or old is None or new is None:
        return clock
    calendar, first = complaint.rules.calendar, complaint.opened.received_at
    customers = complaint.customers_days
    try:
        # It was started before or after the days that were the customer's own.
        if clock.limit_day and limit_of(old, calendar, first, customers) != clock.limit_day:
            customers = 0
        limit = limit_of(new, rules.calendar, received_at, customers)
    except BeyondCalendar:
        return clock
    return clock if limit == clock.limit_day else clock.changed(limit_day=limit)


# --- remedies ---------------------------------------------------------------------------------------


def moved_remedies(complaint: Complaint, rules: Rules) -> tuple[MovedRemedy, ...]:
    """The remedies whose day is a later one under these rules; a day that was told never comes nearer."""
    return tuple(
        MovedRemedy(remedy.number, day, later)
        for remedy in complaint.remedies_owed
        if (day := remedy.waits_for) and (later := _later(remedy, day, rules)) > day
    )


def _later(remedy: Remedy, day: date, rules: Rules) -> date:
    calendar, terms = rules.calendar, rules.charter.remedies or RemedyTerms()
    with suppress(BeyondCalendar):
        if remedy.counted_from and not remedy.missed:
            return last_day_of(calendar, remedy.counted_from, terms.within_for(remedy.kind).budget)
        return calendar.next_working_day(day) if calendar.why_closed(day) else day
    return day


def _with_moved(remedies: tuple[Remedy, ...], event: Any) -> tuple[Remedy, ...]:
    for each in event.remedies:
        remedy = remedies[each.remedy - 1]
        changes = dated(remedy, each.new_due, event.at) | {"counted_from": remedy.counted_from}
        remedies = with_changes(remedies, each.remedy, **changes)
    return remedies


def dated(remedy: Remedy, new_due: date, at: datetime) -> dict[str, Any]:
    """The changes of a remedy for which somebody named a day: what was missed waits for that day."""
    return {
        "dated_at": at,
        "warned": False,
        "counted_from": None,
        "new_due" if remedy.missed else "due": new_due,
    }


# --- other rules ------------------------------------------------------------------------------------


def under(
    complaint: Complaint, rules: Rules, clocks: tuple[Clock, ...], event: Any
) -> dict[str, Any]:
    """The fields of a complaint that goes on under other rules, with its clocks counted by them."""
    return {
        "rules": rules,
        "former": (*complaint.former, (event.at, complaint.rules)),
        "clocks": superseding(clocks, event),
        "remedies": _with_moved(complaint.remedies, event),
    }
