"""Due dates that move although nobody asked for more time: a closure, a new charter, a corrected receipt.

Owns `Moved`, the record of each date that is superseded, and how a clock keeps it. Imports no matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain.clocks import Clock, due_at, due_day
from domain.rules import Rules
from domain.working_days import BeyondCalendar

if TYPE_CHECKING:
    from domain.complaint import Complaint


@dataclass(frozen=True, slots=True)
class Moved:
    """One clock's due day before and after; `late` if it has passed by now and had not before."""

    clock: str
    promise: str
    old_due: date
    new_due: date
    late: bool = False


def moved(
    before: Iterable[Clock], old: Rules, after: Iterable[Clock], new: Rules, now: datetime
) -> tuple[Moved, ...]:
    """The running clocks that have another due day in `after`, in the order of their start.

    What lies beyond either calendar is left out: it shows as such in the standing.
    """
    changed = {clock.id: clock for clock in after if clock.running}
    return tuple(
        found
        for clock in before
        if clock.running and clock.id in changed
        for found in _difference(clock, old, changed[clock.id], new, now)
    )


def _difference(
    clock: Clock, old: Rules, changed: Clock, new: Rules, now: datetime
) -> Iterator[Moved]:
    try:
        was, is_now = due_day(clock, old), due_day(changed, new)
        late = due_at(changed, new) <= now < due_at(clock, old)
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
