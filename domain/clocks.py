"""Clocks: one promise running on one complaint.

Owns how a clock starts, pauses, resumes, is extended, met, missed or stopped, and when it is due.
The due date is always derived from the clock and the rules, never stored apart. Time spent is
counted in the unit of the budget: working days against working days; a budget of months, which
have no fixed size, is moved by the calendar days of a pause.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from domain.changing import changer
from domain.rules import PromiseRule, Rules
from domain.working_days import BeyondCalendar, Budget, Calendar, Unit, day_before
from domain.working_days import day_zero as first_day_of
from domain.working_days import due_day as last_day_of

_WORKING = (Unit.WORKING_DAYS, Unit.END_OF_NEXT_WORKING_DAY)


class ClockState(StrEnum):
    """Where a clock stands; the last three are final."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Pausing:
    """One pause of a clock: the days after `since` up to `to` do not count; none while it lasts."""

    since: date
    to: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise running on one complaint.

    `start_day` is day 0 of the present run; `spent` and `extra` are days in the unit of the
    budget (calendar days for months): spent in earlier runs, and granted by extensions.
    """

    id: str
    promise: str
    stage: str
    contact: int | None
    started_at: datetime
    noted_at: datetime
    day_zero: date
    start_day: date
    state: ClockState = ClockState.RUNNING
    spent: int = 0
    extra: int = 0
    limit_day: date | None = None
    warned: bool = False
    renewal: bool = False
    pauses: tuple[Pausing, ...] = ()
    superseded: tuple[date, ...] = ()
    moved: tuple[date, ...] = ()
    """Earlier due days that nobody asked to move: a closure did, a correction, a new charter."""
    due_when_ended: date | None = None
    ended_at: datetime | None = None
    fulfilled_late_at: datetime | None = None
    budget: Budget | None = None
    """A budget of its own, in place of the promise's: a service's, or an agreed one."""
    appointment: int | None = None
    service: str | None = None
    """The service whose timescale its own budget is."""

    @property
    def running(self) -> bool:
        """Whether time is being spent on it."""
        return self.state is ClockState.RUNNING

    @property
    def ticking(self) -> bool:
        """Whether time alone can end it: it runs, or it is paused and a limit holds all the same."""
        return self.running or (self.state is ClockState.PAUSED and self.limit_day is not None)

    @property
    def late(self) -> bool:
        """Whether what it promises came, but too late."""
        return self.fulfilled_late_at is not None

    @property
    def live(self) -> bool:
        """Whether it can still be met, missed or stopped."""
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)


_changed = changer(Clock)


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


def start(
    rule: PromiseRule, rules: Rules, *, number: int, at: datetime, noted_at: datetime,
    arrived: bool, stage: str, contact: int | None, received_at: datetime,
    customers_days: int = 0, budget: Budget | None = None, appointment: int | None = None,
) -> Clock:  # fmt: skip
    """A clock for the promise, started by event `number` from the instant `at`.

    `arrived` says that something came in, so that the charter's receipt rule gives day 0.
    `customers_days` were the customer's own; a limit may leave them out.
    """
    calendar = rules.calendar
    day = first_day_of(calendar, at, budget or rule.budget) if arrived else calendar.local_day(at)
    return Clock(
        id=f"{rule.key}#{number}", promise=rule.key, stage=stage, contact=contact,
        started_at=at, noted_at=noted_at, day_zero=day, start_day=day,
        limit_day=limit_of(rule, calendar, received_at, customers_days),
        budget=budget, appointment=appointment,
    )  # fmt: skip


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


def renew(clock: Clock, rules: Rules, *, number: int, noted_at: datetime) -> Clock:
    """The clock that follows a miss: the next period, or the new date that the apology gives.

    Periods follow each other without a gap; a new date counts from the day on which it is given.
    """
    repeats = rules.promises[clock.promise].repeats
    day, at = due_day(clock, rules), due_at(clock, rules)
    if not repeats and noted_at > at:
        day, at = max(day, _today(noted_at, rules.calendar)), noted_at
    return Clock(
        id=f"{clock.promise}#{number}", promise=clock.promise, stage=clock.stage,
        contact=clock.contact, started_at=at, noted_at=noted_at,
        day_zero=day, start_day=day, renewal=not repeats,
        budget=clock.budget if repeats else None, appointment=clock.appointment,
    )  # fmt: skip


def pause(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The clock stopped at that instant, with what it has spent kept exactly.

    A day is spent unless the clock is paused for the whole of it: of its business hours where
    working days are counted. So the day of the pause counts, if business had begun.
    """
    calendar = rules.calendar
    day = calendar.local_day(at)
    by_hours = _by_working_days(clock, rules)
    if at <= (calendar.opening_time(day) if by_hours else calendar.instant(day, 0)):
        day -= timedelta(days=1)
    since = max(day, clock.start_day)
    return replace(
        clock,
        state=ClockState.PAUSED,
        spent=clock.spent + _days(clock, since, rules),
        pauses=(*clock.pauses, Pausing(since)),
    )


def resume(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The clock running again at that instant; the day counts, unless business was over."""
    last, calendar = clock.pauses[-1], rules.calendar
    day = calendar.local_day(at)
    if not _by_working_days(clock, rules) or at < calendar.close_of_business(day):
        day -= timedelta(days=1)
    day = max(day, last.since)
    changed = replace(
        clock, state=ClockState.RUNNING, pauses=(*clock.pauses[:-1], replace(last, to=day))
    )
    if budget_of(clock, rules).unit is Unit.MONTHS:
        changed = replace(changed, extra=clock.extra + (day - last.since).days)
    else:
        changed = replace(changed, start_day=day)
    return _with_time_left(changed, at, rules)


def _by_working_days(clock: Clock, rules: Rules) -> bool:
    return budget_of(clock, rules).unit in _WORKING


def _with_time_left(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The same clock or, where its last day is over or closed, one due when business next ends.

    It was not overdue when it was paused; the pause must not make it so.
    """
    calendar, unlimited = rules.calendar, replace(clock, limit_day=None)
    try:
        day, last_moment = due_day(unlimited, rules), due_at(unlimited, rules)
    except BeyondCalendar:
        return clock
    if last_moment > at and calendar.is_working(day):
        return clock
    today = calendar.local_day(at)
    left_today = calendar.is_working(today) and at < calendar.close_of_business(today)
    following = today if left_today else calendar.next_working_day(today)
    budget = budget_of(clock, rules)
    if budget.unit is not Unit.MONTHS:
        return replace(clock, start_day=following)
    last = _unsettled(clock.start_day, clock.extra, clock.spent, budget, calendar)
    return replace(clock, extra=clock.extra + (following - last).days)


def extend(clock: Clock, new_due: date, rules: Rules) -> Clock:
    """The clock due on `new_due` instead; the old due date is kept as superseded."""
    old_due, budget = due_day(clock, rules), budget_of(clock, rules)
    if budget.unit in _WORKING:
        more = rules.calendar.working_days_between(old_due, new_due)
    else:
        more = (
            new_due - _unsettled(clock.start_day, clock.extra, clock.spent, budget, rules.calendar)
        ).days
    return replace(
        clock, extra=clock.extra + more, superseded=(*clock.superseded, old_due), warned=False
    )


def end(clock: Clock, state: ClockState, at: datetime, rules: Rules) -> Clock:
    """The clock ended for good at that instant as met, missed or stopped."""
    try:
        due = due_day(clock, rules) if clock.ticking else None
    except BeyondCalendar:  # what cannot be counted can end all the same
        due = None
    return _changed(clock, {"state": state, "ended_at": at, "due_when_ended": due})


def _today(at: datetime, calendar: Calendar) -> date:
    try:
        return calendar.local_day(at)
    except BeyondCalendar:  # from there nothing can be counted: it waits until it is refreshed
        return calendar.last_day


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
    if budget.unit in _WORKING:
        left = budget.amount + extra - spent
        day = calendar.add_working_days(start_day, left) if left > 0 else start_day
    else:
        unsettled = _unsettled(start_day, extra, spent, budget, calendar)
        day = calendar.settle(unsettled, not_before=start_day)
    day = min(day, limit_day) if limit_day else day
    warn = day_before(calendar, day, rule.warn_before) if rule.warn_before else None
    # A time of its own can be shorter than the warning: then that comes on the last morning.
    warn = day if own and not renewal and warn and warn <= start_day else warn
    return day, calendar.close_of_business(day), calendar.opening_time(warn) if warn else None


def _unsettled(start_day: date, extra: int, spent: int, budget: Budget, calendar: Calendar) -> date:
    if budget.unit is Unit.MONTHS:
        return calendar.add_months(start_day, budget.amount) + timedelta(days=extra)
    return start_day + timedelta(days=max(0, budget.amount + extra - spent))


def _days(clock: Clock, day: date, rules: Rules) -> int:
    unit = budget_of(clock, rules).unit
    if unit in _WORKING:
        return rules.calendar.working_days_between(clock.start_day, day)
    return 0 if unit is Unit.MONTHS else (day - clock.start_day).days
