"""Clocks: one promise running on one complaint.

Owns how a clock starts, pauses, resumes, is extended, met, missed or stopped; when it is due is in
`dues`: always derived from the clock and the rules, never stored apart. Time spent is
counted in the unit of the budget: working days against working days; a budget of months, which
have no fixed size, is moved by the calendar days of a pause.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.calendar.budget import IN_WORKING_DAYS
from domain.calendar.counting import BeyondCalendar, Budget, Calendar, Unit
from domain.calendar.counting import day_zero as first_day_of
from domain.charter.rules import PromiseRule, Rules
from domain.clocks.changing import changer
from domain.clocks.clock import Clock, ClockState, Pausing
from domain.clocks.due import budget_of, due_at, due_day, limit_of, unsettled

_changed = changer(Clock)


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


def renew(
    clock: Clock, rules: Rules, *, number: int, noted_at: datetime, budget: Budget | None = None
) -> Clock:
    """The clock that follows a miss: the next period, or the new date that the apology gives.

    `budget` is what holds in place of the promise's own by now; only a next period has one.
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
        budget=budget if repeats else None, appointment=clock.appointment,
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
    return budget_of(clock, rules).unit in IN_WORKING_DAYS


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
    last = unsettled(clock.start_day, clock.extra, clock.spent, budget, calendar)
    return replace(clock, extra=clock.extra + (following - last).days)


def recount(
    clock: Clock, rules: Rules, *, number: int, at: datetime, budget: Budget | None, later: bool
) -> Clock:
    """The clock of the same period on another budget, counted from where the period began.

    Where that day has passed it is the next working day. It is due no later than it was, unless
    `later` says that just this was asked for: else the period keeps its date.
    """
    same = replace(clock, id=f"{clock.promise}#{number}", noted_at=at)
    anew = replace(
        same, budget=budget, start_day=clock.day_zero, spent=0, extra=0, warned=False,
        renewal=False, superseded=(), service=None,
    )  # fmt: skip
    anew = _with_pauses(anew, rules)
    try:
        was, due, over = _on_resuming(same, at, rules), _on_resuming(anew, at, rules), False
        over = anew.running and due_at(anew, rules) <= at
    except BeyondCalendar:  # what cannot be counted cannot be compared either
        return anew
    if over:
        today = rules.calendar.local_day(at)
        due = rules.calendar.next_working_day(today)
        anew = replace(anew, start_day=today, spent=0, extra=0, budget=Budget(Unit.WORKING_DAYS, 1))
    return anew if due <= was or (later and not over) else same


def _with_pauses(clock: Clock, rules: Rules) -> Clock:
    """The clock that has counted nothing yet, after the pauses that it had."""
    for pause in clock.pauses:
        clock = replace(clock, spent=clock.spent + _days(clock, pause.since, rules))
        if pause.to and budget_of(clock, rules).unit is Unit.MONTHS:
            clock = replace(clock, extra=clock.extra + (pause.to - pause.since).days)
        elif pause.to:
            clock = replace(clock, start_day=pause.to)
    return clock


def _on_resuming(clock: Clock, at: datetime, rules: Rules) -> date:
    """The due day of the clock, as if it ran on from now where it is paused."""
    return due_day(clock if clock.running else resume(clock, at, rules), rules)


def extend(clock: Clock, new_due: date, rules: Rules) -> Clock:
    """The clock due on `new_due` instead; the old due date is kept as superseded."""
    old_due, budget = due_day(clock, rules), budget_of(clock, rules)
    if budget.unit in IN_WORKING_DAYS:
        more = rules.calendar.working_days_between(old_due, new_due)
    else:
        more = (
            new_due - unsettled(clock.start_day, clock.extra, clock.spent, budget, rules.calendar)
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


def _days(clock: Clock, day: date, rules: Rules) -> int:
    unit = budget_of(clock, rules).unit
    if unit in IN_WORKING_DAYS:
        return rules.calendar.working_days_between(clock.start_day, day)
    return 0 if unit is Unit.MONTHS else (day - clock.start_day).days
