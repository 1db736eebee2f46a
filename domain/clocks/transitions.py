"""What happens to a clock: it starts, pauses, resumes, is extended, counted anew, and ends.

Owns these changes; when a clock is due is in `due`. Time spent is counted in the unit of the budget:
working days against working days. A budget of months, which have no fixed size, is moved by the
calendar days of a pause.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.calendar.budget import IN_WORKING_DAYS, Budget, Unit
from domain.calendar.counting import day_zero as day_zero_of
from domain.calendar.pinned import BeyondCalendar, Calendar
from domain.charter.rules import PromiseRule, Rules
from domain.clocks.clock import Clock, ClockState, Pausing
from domain.clocks.due import budget_of, due_of, limit_of, unsettled

_DAY = timedelta(days=1)
FURTHEST = {Unit.WORKING_DAYS: 20, Unit.END_OF_NEXT_WORKING_DAY: 20, Unit.CALENDAR_DAYS: 28}
"""How far ahead, by unit, a new date may come to lie because earlier ones were missed: some four weeks."""


def start(
    rule: PromiseRule, rules: Rules, *, number: int, at: datetime, noted_at: datetime,
    arrived: bool, stage: str, contact: int | None, received_at: datetime,
    customers_days: int = 0, budget: Budget | None = None, appointment: int | None = None,
    service: str | None = None,
) -> Clock:  # fmt: skip
    """A clock for the promise, started by event `number` from the instant `at`.

    `arrived` says that something came in, so that the charter's receipt rule gives the day.
    `customers_days` were the customer's own; a limit may leave them out.
    """
    calendar, counts = rules.calendar, rule.promise.first_day_counts
    try:
        day = day_zero_of(calendar, at, budget or rule.budget, arrived=arrived, first_counts=counts)
    except BeyondCalendar:
        if noted_at.date() <= calendar.last_day:
            raise
        day = calendar.last_day  # once that is over it waits until it is refreshed
    return Clock(
        id=f"{rule.key}#{number}", promise=rule.key, stage=stage, contact=contact,
        started_at=at, noted_at=noted_at, day_zero=day, start_day=day,
        limit_day=limit_of(rule, calendar, received_at, customers_days),
        budget=budget, appointment=appointment, service=service, first_counts=counts,
    )  # fmt: skip


def renew(
    clock: Clock, rules: Rules, *, number: int, noted_at: datetime, budget: Budget | None = None,
    given: int = 0,
) -> Clock:  # fmt: skip
    """The clock that follows a miss: the next period, or the new date that the apology gives.

    `budget` is what holds in place of the promise's own by now; only a next period has one.
    Periods follow each other without a gap; a new date counts from the day on which it is given, and
    the more were `given` and missed before, the further it lies ahead.
    """
    rule = rules.promises[clock.promise]
    repeats = rule.repeats
    due = due_of(clock, rules)
    day, at = due.day, due.at
    if not repeats and noted_at > at:
        day, at = max(day, _today(noted_at, rules.calendar)), noted_at
    return Clock(
        id=f"{clock.promise}#{number}", promise=clock.promise, stage=clock.stage,
        contact=clock.contact, started_at=at, noted_at=noted_at,
        day_zero=day, start_day=day, renewal=not repeats,
        extra=0 if repeats else further(rule.after_missed, given).amount - rule.after_missed.amount,
        budget=budget if repeats else None, appointment=clock.appointment,
        together=clock.together,
    )  # fmt: skip


def further(budget: Budget, given: int) -> Budget:
    """The time to a new date, after so many were given and missed: twice as long each time, to a limit."""
    amount = budget.amount
    while given and 2 * amount <= FURTHEST.get(budget.unit, 0):
        amount, given = 2 * amount, given - 1
    several = Unit.WORKING_DAYS if budget.unit in IN_WORKING_DAYS else budget.unit
    return budget if amount == budget.amount else Budget(several, amount)


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
    return with_pauses(clock, (Pausing(day),), rules)


def with_pauses(clock: Clock, pauses: tuple[Pausing, ...], rules: Rules) -> Clock:
    """The running clock after these pauses as well; paused, if the last of them lasts."""
    for each in pauses:
        since = max(each.since, clock.start_day)
        clock = clock.changed(
            state=ClockState.PAUSED,
            spent=clock.spent + _days(clock, since, rules),
            pauses=(*clock.pauses, Pausing(since)),
        )
        if each.to:
            clock = _going_on(clock, max(each.to, since), rules)
    return clock


def _going_on(clock: Clock, day: date, rules: Rules) -> Clock:
    """The paused clock running again after that day, the last that does not count."""
    *before, last = clock.pauses
    months = budget_of(clock, rules).unit is Unit.MONTHS
    return clock.changed(
        state=ClockState.RUNNING,
        pauses=(*before, Pausing(last.since, day)),
        extra=clock.extra + (day - last.since).days if months else clock.extra,
        start_day=clock.start_day if months else day,
    )


def resume(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The clock running again at that instant; the day counts, unless business was over."""
    calendar = rules.calendar
    day = calendar.local_day(at)
    if not _by_working_days(clock, rules) or at < calendar.close_of_business(day):
        day -= timedelta(days=1)
    running = _going_on(clock, max(day, clock.pauses[-1].since), rules)
    return _with_time_left(running, at, rules)


def _by_working_days(clock: Clock, rules: Rules) -> bool:
    return budget_of(clock, rules).unit in IN_WORKING_DAYS


def _with_time_left(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The same clock or, where its last day is over or closed, one due when business next ends.

    It was not overdue when it was paused; the pause must not make it so.
    """
    calendar, due = rules.calendar, due_of(clock.changed(limit_day=None), rules)
    if due.beyond or (due.at > at and calendar.is_working(due.day)):
        return clock
    today = calendar.local_day(at)
    left_today = calendar.is_working(today) and at < calendar.close_of_business(today)
    following = today if left_today else calendar.next_working_day(today)
    budget = budget_of(clock, rules)
    if budget.unit is not Unit.MONTHS:
        return clock.changed(start_day=following)
    last = unsettled(clock.start_day, clock.extra, clock.spent, budget, calendar)
    return clock.changed(extra=clock.extra + (following - last).days)


def recount(
    clock: Clock, rules: Rules, *, number: int, at: datetime, budget: Budget | None, later: bool
) -> Clock:
    """The clock of the same period on another budget, counted from where the period began.

    Where that day has passed it is the next working day. It is due no later than it was, unless
    `later` says that just this was asked for: else the period keeps its date.
    """
    same = clock.changed(id=f"{clock.promise}#{number}", noted_at=at)
    anew = same.changed(
        state=ClockState.RUNNING, budget=budget, start_day=clock.day_zero, spent=0, extra=0,
        pauses=(), warned=False, renewal=False, superseded=(), service=None,
    )  # fmt: skip
    anew = with_pauses(anew, clock.pauses, rules)
    try:
        was, due = _on_resuming(same, at, rules), _on_resuming(anew, at, rules)
    except BeyondCalendar:  # what cannot be counted cannot be compared either
        return anew
    over = anew.running and due_of(anew, rules).at <= at
    if over:
        today = rules.calendar.local_day(at)
        due = rules.calendar.next_working_day(today)
        anew = anew.changed(start_day=today, spent=0, extra=0, budget=Budget(Unit.WORKING_DAYS, 1))
    return anew if due <= was or (later and not over) else same


def _on_resuming(clock: Clock, at: datetime, rules: Rules) -> date:
    """The due day of the clock, as if it ran on from now where it is paused."""
    return due_of(clock if clock.running else resume(clock, at, rules), rules).day


def extend(clock: Clock, new_due: date, rules: Rules) -> Clock:
    """The clock due on `new_due` instead; the old due date is kept as superseded."""
    old_due, budget = due_of(clock, rules).day, budget_of(clock, rules)
    if budget.unit in IN_WORKING_DAYS:
        more = rules.calendar.working_days_between(old_due, new_due)
    else:
        more = (
            new_due - unsettled(clock.start_day, clock.extra, clock.spent, budget, rules.calendar)
        ).days
    return clock.changed(
        extra=clock.extra + more,
        superseded=(*clock.superseded, old_due),
        warned=False,
        kept_day=None,
    )


def no_sooner(clock: Clock, day: date, rules: Rules) -> Clock:
    """The clock due on `day`, which was told, where it would be due before; else as it is.

    It gets the time that is missing, so that a pause or an extension moves the day as any other.
    """
    due = due_of(clock.changed(state=ClockState.RUNNING), rules)
    if not clock.live or due.beyond or due.day >= day:
        return clock
    calendar, budget = rules.calendar, budget_of(clock, rules)
    if budget.unit in IN_WORKING_DAYS:
        days = calendar.working_days_between(clock.start_day, day)
        extra = days - budget.amount + clock.spent
    elif budget.unit is Unit.MONTHS:
        extra = (day - calendar.add_months(clock.start_day, budget.amount)).days
    else:
        extra = (day - clock.start_day).days - budget.amount + clock.spent
    limit = max(clock.limit_day, day) if clock.limit_day else None
    kept = clock.changed(extra=extra, limit_day=limit, kept_day=day)
    # Where that day is closed by now, the last working day before it would be too soon.
    while due_of(kept.changed(state=ClockState.RUNNING), rules).day < day:
        kept = kept.changed(extra=kept.extra + 1)
        if limit:
            kept = kept.changed(limit_day=limit + (kept.extra - extra) * _DAY)
    return kept


def run_out(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The clock whose time is up: missed, or passed where nothing was promised."""
    binding = rules.promises[clock.promise].binding
    return end(clock, ClockState.MISSED if binding else ClockState.PASSED, at, rules)


def end(clock: Clock, state: ClockState, at: datetime, rules: Rules) -> Clock:
    """The clock ended for good at that instant: met, missed, passed or stopped."""
    # What cannot be counted can end all the same.
    day = due_of(clock, rules).known if clock.ticking else None
    return clock.changed(state=state, ended_at=at, due_when_ended=day)


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
