"""When a clock is due, and when staff are warned: derived from the clock and the rules, never stored apart.

Owns `due_of` and its memory. A clock keeps its answer, and thousands of complaints share the same
counts. How a clock comes to be what it is, is in `transitions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NoReturn

from domain.calendar.budget import IN_WORKING_DAYS, Budget, Unit
from domain.calendar.counting import day_before, day_zero, due_day
from domain.calendar.pinned import BeyondCalendar, Calendar
from domain.charter.rules import PromiseRule, Rules
from domain.clocks.clock import Clock, ClockState


class Due:
    """When a clock runs out; where that lies beyond the calendar, it is `DueBeyond`."""

    __slots__ = ("at", "day", "wakes_at", "warn_at")
    beyond: BeyondCalendar | None = None
    """Why nothing can be counted, where the calendar does not reach that far."""

    def __init__(self, day: date, at: datetime, warn_at: datetime | None = None) -> None:
        """It runs out on that local day, at that instant (UTC): close of business."""
        self.day, self.at = day, at
        self.warn_at = warn_at
        """When (UTC) staff are warned; none where nobody is, somebody was, or only in hindsight."""
        self.wakes_at: datetime | None = warn_at or at
        """The first instant (UTC) at which something has to be done: a warning, or the end."""

    @property
    def known(self) -> date | None:
        """The day, or none where nobody can say."""
        return None if self.beyond else self.day

    def lies_ahead(self, now: datetime | None) -> bool:
        """Whether anybody can say, and it lies after that instant (UTC); without one nothing has passed."""
        return not self.beyond and (now is None or self.at > now)


class DueBeyond(Due):
    """Nobody can say when a clock runs out: whoever asks for `day` or `at` gets the error."""

    __slots__ = ("beyond",)

    def __init__(self, why: BeyondCalendar) -> None:
        """It wakes nobody."""
        self.beyond = why
        self.warn_at = self.wakes_at = None

    @property
    def day(self) -> NoReturn:  # type: ignore[override]
        """Raises `BeyondCalendar`."""
        raise self.beyond.again()  # type: ignore[union-attr]

    @property
    def at(self) -> NoReturn:  # type: ignore[override]
        """Raises `BeyondCalendar`."""
        raise self.beyond.again()  # type: ignore[union-attr]


def due_of(clock: Clock, rules: Rules) -> Due:
    """When the clock runs out if it runs on from now; for one that has ended, when it was due.

    A paused clock with a limit runs out at its limit: no pause moves that.
    """
    counted = clock.counted
    if counted is None or counted[0] is not rules:
        counted = rules, _due(clock, rules)
        clock.counted = counted  # type: ignore[misc]
    due: Due = counted[1]
    return due


def wakes_of(clocks: Iterable[Clock], rules: Rules) -> list[datetime]:
    """When each that ticks has to be looked at next (UTC): warned of, or over."""
    return [at for clock in clocks if clock.ticking and (at := due_of(clock, rules).wakes_at)]


def _due(clock: Clock, rules: Rules) -> Due:
    fixed = clock.due_when_ended
    if clock.state is ClockState.PAUSED:
        fixed = clock.limit_day
    if fixed:
        return _on(rules.calendar, fixed)
    warned, silent = _counted(
        rules, clock.promise, clock.renewal, clock.budget, clock.start_day, clock.extra, clock.spent,
        clock.limit_day,
    )  # fmt: skip
    warns = clock.running and not clock.warned and warned.warn_at
    return warned if warns and warns > clock.noted_at else silent


@lru_cache(maxsize=4096)
def _on(calendar: Calendar, day: date) -> Due:
    try:
        return Due(day, calendar.close_of_business(day))
    except BeyondCalendar as error:
        return DueBeyond(error.again())


@lru_cache(maxsize=16_384)
def _counted(
    rules: Rules, promise: str, renewal: bool, own: Budget | None, start_day: date, extra: int,
    spent: int, limit_day: date | None,
) -> tuple[Due, Due]:  # fmt: skip
    """The same with the warning and without: thousands of complaints share the same counts."""
    rule, calendar = rules.promises[promise], rules.calendar
    budget = rule.after_missed if renewal else own or rule.budget
    try:
        day = _last_day(calendar, budget, start_day, extra, spent)
        day = min(day, limit_day) if limit_day else day
        warn = day_before(calendar, day, rule.warn_before) if rule.warn_before else None
        # A time of its own can be shorter than the warning: then that comes on the last morning.
        warn = day if own and not renewal and warn and warn <= start_day else warn
        at, warn_at = calendar.close_of_business(day), calendar.opening_time(warn) if warn else None
    except BeyondCalendar as error:
        beyond = DueBeyond(error.again())
        return beyond, beyond
    silent = Due(day, at)
    return Due(day, at, warn_at) if warn_at and warn_at < at else silent, silent


def _last_day(calendar: Calendar, budget: Budget, start_day: date, extra: int, spent: int) -> date:
    if budget.unit in IN_WORKING_DAYS:
        left = budget.amount + extra - spent
        return calendar.add_working_days(start_day, left) if left > 0 else start_day
    last = unsettled(start_day, extra, spent, budget, calendar)
    return calendar.settle(last, not_before=start_day)


def unsettled(start_day: date, extra: int, spent: int, budget: Budget, calendar: Calendar) -> date:
    """The last day of so much time before it is settled on a working day."""
    if budget.unit is Unit.MONTHS:
        return calendar.add_months(start_day, budget.amount) + timedelta(days=extra)
    return start_day + timedelta(days=max(0, budget.amount + extra - spent))


def budget_of(clock: Clock, rules: Rules) -> Budget:
    """The budget that the clock runs on: its own, the promise's, or the one given after a miss."""
    rule = rules.promises[clock.promise]
    return rule.after_missed if clock.renewal else clock.budget or rule.budget


def limit_of(
    rule: PromiseRule, calendar: Calendar, received_at: datetime, customers_days: int
) -> date | None:
    """The last day of the promise's overall limit, or none where it has no limit."""
    if not rule.limit:
        return None
    counts = rule.promise.first_day_counts
    first = day_zero(calendar, received_at, rule.limit, first_counts=counts)
    if rule.promise.limit and rule.promise.limit.waits_for_customer:
        first += timedelta(days=customers_days)
    return due_day(calendar, first, rule.limit)
