"""When a clock is due, warned of and limited: derived from the clock and the rules, never stored apart.

Owns the derivation and its memory: thousands of complaints share the same counts. How a clock comes to
be what it is, is in `clocks`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from domain.calendar.budget import IN_WORKING_DAYS
from domain.calendar.counting import BeyondCalendar, Budget, Calendar, Unit, day_before
from domain.calendar.counting import due_day as last_day_of
from domain.charter.rules import PromiseRule, Rules

if TYPE_CHECKING:
    from domain.clocks.clock import Clock


def budget_of(clock: Clock, rules: Rules) -> Budget:
    """The budget that the clock runs on: its own, the promise's, or the one given after a miss."""
    rule = rules.promises[clock.promise]
    return rule.after_missed if clock.renewal else clock.budget or rule.budget


def due_day(clock: Clock, rules: Rules) -> date:
    """The local day on which the clock runs out if it runs on from now; raises `BeyondCalendar`.

    A paused clock with a limit runs out at its limit: no pause moves that.
    """
    if clock.limit_day and not clock.running:
        return clock.limit_day
    return _times(clock, rules)[0]


def due_at(clock: Clock, rules: Rules) -> datetime:
    """The instant (UTC) at which the clock runs out: close of business on its due day."""
    if clock.limit_day and not clock.running:
        return rules.calendar.close_of_business(clock.limit_day)
    return _times(clock, rules)[1]


def warn_at(clock: Clock, rules: Rules) -> datetime | None:
    """The instant (UTC) at which staff are warned; none where nobody is, or only in hindsight."""
    at = _times(clock, rules)[2] if clock.running and not clock.warned else None
    return at if at and at > clock.noted_at else None


def first_instant(clock: Clock, rules: Rules) -> datetime | None:
    """When (UTC) something has to be done about a ticking clock: it is warned of, or runs out.

    None for what lies beyond the calendar: it waits until that is refreshed.
    """
    try:
        if not clock.running:
            return due_at(clock, rules)
        _, due, warn = _times(clock, rules)
    except BeyondCalendar:
        return None
    return warn if warn and not clock.warned and clock.noted_at < warn < due else due


def limit_of(
    rule: PromiseRule, calendar: Calendar, received_at: datetime, customers_days: int
) -> date | None:
    """The last day of the promise's overall limit, or none where it has no limit."""
    if not rule.limit:
        return None
    first = calendar.day_of_receipt(received_at)
    if rule.promise.limit and rule.promise.limit.waits_for_customer:
        first += timedelta(days=customers_days)
    return last_day_of(calendar, first, rule.limit)


def _times(clock: Clock, rules: Rules) -> tuple[date, datetime, datetime | None]:
    return _counted(
        rules, clock.promise, clock.renewal, clock.budget, clock.start_day, clock.extra, clock.spent,
        clock.limit_day,
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def _counted(
    rules: Rules, promise: str, renewal: bool, own: Budget | None, start_day: date, extra: int,
    spent: int, limit_day: date | None,
) -> tuple[date, datetime, datetime | None]:  # fmt: skip
    """Due day, due instant and warning instant: thousands of complaints share the same counts."""
    rule, calendar = rules.promises[promise], rules.calendar
    budget = rule.after_missed if renewal else own or rule.budget
    if budget.unit in IN_WORKING_DAYS:
        left = budget.amount + extra - spent
        day = calendar.add_working_days(start_day, left) if left > 0 else start_day
    else:
        last = unsettled(start_day, extra, spent, budget, calendar)
        day = calendar.settle(last, not_before=start_day)
    day = min(day, limit_day) if limit_day else day
    warn = day_before(calendar, day, rule.warn_before) if rule.warn_before else None
    # A time of its own can be shorter than the warning: then that comes on the last morning.
    warn = day if own and not renewal and warn and warn <= start_day else warn
    return day, calendar.close_of_business(day), calendar.opening_time(warn) if warn else None


def unsettled(start_day: date, extra: int, spent: int, budget: Budget, calendar: Calendar) -> date:
    """The last day of so much time before it is settled on a working day."""
    if budget.unit is Unit.MONTHS:
        return calendar.add_months(start_day, budget.amount) + timedelta(days=extra)
    return start_day + timedelta(days=max(0, budget.amount + extra - spent))
