"""Counting: when a budget is used up, and the proof of how it was counted.

Owns the due day of a budget and its explanation; the elementary questions to a calendar are in `pinned`.
The day of receipt is day 0, or day 1 where a promise says that it counts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from functools import lru_cache

from domain import value
from domain.calendar.budget import IN_WORKING_DAYS, Budget, Unit
from domain.calendar.pinned import DAYS, MONTHS, BeyondCalendar, Calendar, in_words

WEEKEND = "weekend"
"""How the Saturdays and Sundays of a count are named together."""
_WEEKEND = ("Saturday", "Sunday")
_DAY = timedelta(days=1)
FIRST_REMINDER, FURTHEST_REMINDER = 5, 20
"""Working days to the first reminder to staff, as a rule, and from one to the next at most."""


def day_zero(
    calendar: Calendar, instant: datetime, budget: Budget, *, arrived: bool = True,
    first_counts: bool = False,
) -> date:  # fmt: skip
    """The local day 0 of a budget that starts at an instant: the days after it are counted.

    "The end of the next working day" is said of the day on which something happened, so the
    receipt rule does not move it, nor what nobody sent in (`arrived`). Where the first day counts
    day 0 is the day before. ValueError if the instant is naive; BeyondCalendar.
    """
    if arrived and budget.unit is not Unit.END_OF_NEXT_WORKING_DAY:
        day = calendar.day_of_receipt(instant)
    else:
        day = calendar.local_day(instant)
    return day - timedelta(days=1) if first_counts else day


def due_day(calendar: Calendar, start_day: date, budget: Budget) -> date:
    """The last day of a budget whose day 0 is `start_day`. BeyondCalendar.

    Working days end on a working day; calendar days and months that end on a closed day are
    moved by the calendar's rule. A budget of nothing ends on the day it starts from.
    """
    if budget.unit in IN_WORKING_DAYS or budget.amount == 0:
        return calendar.add_working_days(start_day, budget.amount)
    return calendar.settle(_unsettled(calendar, start_day, budget), start_day)


def day_before(calendar: Calendar, day: date, budget: Budget) -> date:
    """The working day that lies a budget before a day: when to warn of it. BeyondCalendar."""
    unit, amount = budget.unit, budget.amount
    if unit in IN_WORKING_DAYS or amount == 0:
        return calendar.add_working_days(day, -amount)
    back = (
        calendar.add_months(day, -amount) if unit is Unit.MONTHS else day - timedelta(days=amount)
    )
    return back if calendar.is_working(back) else calendar.previous_working_day(back)


def working_days_later(calendar: Calendar, now: datetime, count: int) -> date:
    """The local day so many working days after now; plain days, seven to five, past the calendar's end.

    For reminders, which are no promises: they need not be exact, but must not fail.
    """
    try:
        return calendar.add_working_days(calendar.local_day(now), count)
    except BeyondCalendar:
        return now.date() + timedelta(days=count * 7 // 5)


def until_reminded(first: int, asked: int) -> int:
    """The working days to the next reminder to staff, after they were asked so many times.

    Each time twice as many as before, from `first` on, up to four weeks (or `first`, if that is more).
    """
    return min(first << min(asked, FURTHEST_REMINDER), max(first, FURTHEST_REMINDER))


def reminder_day(
    calendar: Calendar, now: datetime, asked: int, first: int = FIRST_REMINDER
) -> date:
    """The local day of the next reminder to staff, after they were asked so many times, the last time now."""
    return working_days_later(calendar, now, until_reminded(first, asked))


def _unsettled(calendar: Calendar, start_day: date, budget: Budget) -> date:
    if budget.unit is Unit.MONTHS:
        return calendar.add_months(start_day, budget.amount)
    return start_day + timedelta(days=budget.amount)


@value(frozen=True, slots=True)
class Skipped:
    """A day that was not counted, and why."""

    day: date
    reason: str


@value(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How a due day was counted: the part of a proof that the calendar answers for."""

    budget: Budget
    start_day: date
    """Day 0, or the first that counts where that is `included`."""
    included: bool
    due_day: date
    counted: int
    """The days up to and including the due day that were counted."""
    skipped: tuple[Skipped, ...]
    """The days between that were not; always empty for calendar days and months."""
    moved_from: Skipped | None
    """The closed day from which the due day was moved, and why it is closed."""
    calendar_version: str

    def sentence(self) -> str:
        """The count in plain English, without a full stop, so that a letter can go on."""
        start, due = in_words(self.start_day), in_words(self.due_day)
        if self.budget.unit is Unit.END_OF_NEXT_WORKING_DAY:
            said = f"{self.budget} after {start}, which is {due}"
        elif not self.budget.amount:
            said = f"the last day of our time, {due}"
        else:
            said = f"{self.budget} from {start}{', that day included' * self.included}, to {due}"
        if self.skipped:
            said += f"; not counted: {', '.join(map(str, groups(self.skipped)))}"
        if self.moved_from:
            way = "earlier" if self.due_day < self.moved_from.day else "later"
            closed = in_words(self.moved_from.day)
            why = self.moved_from.reason
            named = "" if why in DAYS else f": {why}"
            said += f"; moved {way} from {closed}, when we are closed{named}"
        return said


def explain(
    calendar: Calendar, start_day: date, due: date, budget: Budget, *, first_counts: bool = False
) -> DayCount:
    """The proof that a budget counted from the day 0 `start_day` ends on `due`. BeyondCalendar.

    `due` is taken as it is: a day that was agreed (an extension) is explained by the days up
    to it, and is not said to have been moved. Where the first day counts that one is named.
    """
    by_working_days = budget.unit in IN_WORKING_DAYS
    first = start_day + timedelta(days=1)
    if first_counts and by_working_days:
        first = calendar.next_working_day(start_day)
    included = first_counts and first <= due
    begin = first if included else start_day + timedelta(days=1)
    skipped = _skipped(calendar, begin, due) if by_working_days else ()
    moved_from = None
    if not by_working_days and due == due_day(calendar, start_day, budget):
        target = _unsettled(calendar, start_day, budget)
        why = calendar.why_closed(target)
        moved_from = Skipped(target, why) if why and target != due else None
    return DayCount(
        budget=budget,
        start_day=first if included else start_day,
        included=included,
        due_day=due,
        counted=max(0, (due - begin).days + 1) - len(skipped),
        skipped=skipped,
        moved_from=moved_from,
        calendar_version=calendar.version,
    )


def _skipped(calendar: Calendar, first: date, last: date) -> tuple[Skipped, ...]:
    """The closed days from the one to the other, both included. BeyondCalendar."""
    if last < first:
        return ()
    for day in (first, min(last, calendar.last_day + _DAY)):
        calendar.is_working(day)  # raises for a day that nobody knows
    days, closed = _closed(calendar)
    return closed[bisect_left(days, first) : bisect_right(days, last)]


@lru_cache(maxsize=256)
def _closed(calendar: Calendar) -> tuple[tuple[date, ...], tuple[Skipped, ...]]:
    """Every closed day of a calendar in order, and the same with why it is closed."""
    every = range(calendar.first_day.toordinal(), calendar.last_day.toordinal() + 1)
    days = map(date.fromordinal, every)
    closed = tuple(Skipped(day, why) for day in days if (why := calendar.why_closed(day)))
    return tuple(each.day for each in closed), closed


@value(frozen=True, slots=True)
class Group:
    """The days that were not counted for one reason: how many, the first and the last of them."""

    reason: str
    count: int
    first: date
    last: date

    @property
    def weekly(self) -> bool:
        """Whether they are days on which nobody works in any week."""
        return self.reason == WEEKEND or self.reason in DAYS

    def __str__(self) -> str:
        if self.weekly:
            return _times(self.count, self.reason)
        return f"{self.reason} on {_dates(self)}"


def groups(skipped: tuple[Skipped, ...]) -> tuple[Group, ...]:
    """`2 weekends`, `Christmas Day on 25 December` …: a line stays short over a long count."""
    days: dict[str, list[date]] = {}
    for one in skipped:
        days.setdefault(one.reason, []).append(one.day)
    found: list[Group] = []
    if all(name in days for name in _WEEKEND):
        off = sorted(day for name in _WEEKEND for day in days.pop(name))
        weeks = {day.isocalendar()[:2] for day in off}
        found.append(Group(WEEKEND, len(weeks), off[0], off[-1]))
    weekly = [name for name in DAYS if name in days]
    for reason in (*weekly, *(name for name in days if name not in DAYS)):
        closed = days[reason]
        found.append(Group(reason, len(closed), closed[0], closed[-1]))
    return tuple(found)


def _times(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


def _dates(group: Group) -> str:
    first, last = (f"{day.day} {MONTHS[day.month - 1]}" for day in (group.first, group.last))
    return first if group.count == 1 else f"{group.count} days from {first} to {last}"
