"""What falls due on a remedy: the moments at which it has to wake, and what happens then.

Owns `next_wake` and `fallen_due`. Whatever the worker slept through is told once: the next date is
counted from the day on which somebody noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from domain.calendar.counting import BeyondCalendar, day_before, day_zero, due_day
from domain.complaint.feature import Moment
from domain.complaint.features.remedies import remedy_events as rev
from domain.complaint.features.remedies.remedy import Remedy, RemedyStep, evolve

APOLOGIES = 3
"""How many dates may pass before no further one is named to the customer."""
_NINE = timedelta(hours=9)


def moments(remedy: Remedy) -> Iterator[Moment]:
    """Every moment that the remedy waits for, in no order."""
    if remedy.settled:
        return
    calendar, day = remedy.rules.calendar, remedy.waits_for
    if day:
        due = calendar.close_of_business(day)
        yield Moment(due, f"due {day}", partial(_missed, remedy, day))
        warn = _warn_at(remedy, day)
        if warn:
            yield Moment(
                warn, "warning before the date", _at(rev.RemedyWarned, due=day), lapses=due
            )
    if remedy.overdue and remedy.remind_on:
        # Whoever hears that a further date has passed needs no reminder in the same breath.
        lapses = calendar.close_of_business(day) if day and remedy.opened.told_once else None
        at = _opening(remedy, remedy.remind_on)
        yield Moment(at, "reminder", partial(_reminded, remedy), lapses=lapses)


def next_wake(remedy: Remedy) -> datetime | None:
    """The earliest instant (UTC) at which time alone changes something, or none."""
    return min((moment.at for moment in moments(remedy)), default=None)


def wakes_for(remedy: Remedy) -> str:
    """What the next wake-up is for, in a few words without personal data."""
    first = min(moments(remedy), key=lambda moment: moment.at, default=None)
    return first.why if first else "nothing"


def fallen_due(remedy: Remedy, now: datetime) -> tuple[RemedyStep, ...]:
    """Everything that was due by `now`, in the order in which it fell due."""
    steps: list[RemedyStep] = []
    while True:
        due = [
            moment
            for moment in moments(remedy)
            if moment.at <= now and (moment.lapses is None or now < moment.lapses)
        ]
        if not due:
            return tuple(steps)
        event = min(due, key=lambda moment: moment.at).event(remedy.events + 1, now)
        remedy = evolve(remedy, event)
        steps.append(RemedyStep(event, remedy))


def _at(kind: type[Any], **fields: Any) -> Callable[[int, datetime], Any]:
    return lambda number, now: kind(number=number, at=now, **fields)


def _warn_at(remedy: Remedy, day: date) -> datetime | None:
    """When the owner is warned, or none where the date was set later than that."""
    if remedy.warned:
        return None
    calendar, before = remedy.rules.calendar, remedy.terms.remind_before.budget
    with suppress(BeyondCalendar):
        at = calendar.opening_time(day_before(calendar, day, before))
        return at if remedy.dated_at is None or at > remedy.dated_at else None
    return None


def _missed(remedy: Remedy, day: date, number: int, now: datetime) -> Any:
    calendar, new_due = remedy.rules.calendar, None
    if remedy.missed + 1 < APOLOGIES:
        with suppress(BeyondCalendar):
            budget = remedy.terms.after_missed.budget
            new_due = due_day(calendar, day_zero(calendar, now, budget), budget)
    kept = None if remedy.opened.told_once else remedy.remind_on
    remind_on = kept or _reminder_after(remedy, now)
    return rev.RemedyMissed(number=number, at=now, due=day, new_due=new_due, remind_on=remind_on)


def _reminded(remedy: Remedy, number: int, now: datetime) -> Any:
    due = remedy.due or now.date()
    return rev.RemedyReminded(
        number=number, at=now, due=due, remind_on=_reminder_after(remedy, now)
    )


def _reminder_after(remedy: Remedy, now: datetime) -> date:
    every = remedy.terms.remind_every
    try:
        calendar = remedy.rules.calendar
        return calendar.add_working_days(calendar.local_day(now), every)
    except BeyondCalendar:  # a reminder is no promise: plain days will do
        return now.date() + timedelta(days=every + 2)


def _opening(remedy: Remedy, day: date) -> datetime:
    try:
        return remedy.rules.calendar.opening_time(day)
    except BeyondCalendar:
        return _plainly(remedy, day)


def _plainly(remedy: Remedy, day: date) -> datetime:
    """Nine o'clock of a day that the calendar does not reach."""
    last = remedy.rules.calendar.end_of_day(remedy.rules.calendar.last_day)
    return last + (day - remedy.rules.calendar.last_day - timedelta(days=1)) + _NINE
