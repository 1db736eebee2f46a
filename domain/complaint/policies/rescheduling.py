"""Due dates that move although nobody asked for more time: a closure, a new charter, a corrected receipt.

Owns which dates are superseded, how a clock keeps them, and the limits that are counted anew. Imports no matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.calendar.counting import BeyondCalendar
from domain.charter.rules import Rules
from domain.clocks.clock import Clock
from domain.clocks.due import due_day, limit_of
from domain.complaint.remembered import Moved

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def moved(
    before: Iterable[Clock], old: Rules, after: Iterable[Clock], new: Rules, now: datetime
) -> tuple[Moved, ...]:
    """The clocks that tick in `after` and have another due day than before, in the order of their start.

    What lies beyond either calendar is left out: it shows as such in the standing.
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
    try:
        was, is_now = clock.due_when_ended or due_day(clock, old), due_day(changed, new)
        late = new.calendar.close_of_business(is_now) <= now
        late = late and old.calendar.close_of_business(was) > now
    except BeyondCalendar:
        return
    if was != is_now:
        yield Moved(clock.id, clock.promise, was, is_now, late)


def superseding(clocks: tuple[Clock, ...], event: Any) -> tuple[Clock, ...]:
    """The clocks with each old date that the event names kept; whoever was warned is warned anew."""
    dates = {each.clock: each.old_due for each in event.moved}
    return tuple(
        replace(clock, moved=(*clock.moved, dates[clock.id]), warned=False)
        if clock.id in dates
        else clock
        for clock in clocks
    )


def limited_anew(
    complaint: Complaint, rules: Rules, received_at: datetime | None = None
) -> tuple[Clock, ...]:
    """The clocks with the limits that they have under these rules, from that receipt (UTC)."""
    return tuple(
        _limited(complaint, clock, rules, received_at or complaint.opened.received_at)
        for clock in complaint.clocks
    )


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
    return clock if limit == clock.limit_day else replace(clock, limit_day=limit)


def moved_facts(complaint: Complaint, event: Any) -> list[dict[str, str]]:
    """Each moved date with the words of its promise, as facts of a letter."""
    promises = complaint.rules.promises
    return [
        {
            "promise_text": promises[each.promise].promise.text,
            "old_due": each.old_due.isoformat(),
            "new_due": each.new_due.isoformat(),
        }
        for each in event.moved
        if each.promise in promises
    ]
