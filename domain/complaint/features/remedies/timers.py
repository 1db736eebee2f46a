"""Remedies in time: their owners are warned and reminded until they are done; a miss is apologised for.

Owns when each falls due. Whatever the worker slept through is told once: the next date is counted from the
day on which somebody noticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from domain.calendar.counting import day_before, day_zero, due_day, reminder_day
from domain.calendar.pinned import BeyondCalendar
from domain.charter.feature_tables import RemedyTerms
from domain.charter.rules import Rules
from domain.clocks.transitions import further
from domain.complaint.feature import Timer
from domain.complaint.features.remedies import events as ev
from domain.complaint.state import Complaint, while_same
from domain.complaint.values import Remedy

_NINE = timedelta(hours=9)


def terms_of(complaint: Complaint) -> RemedyTerms:
    """The charter's terms for remedies; the usual ones where a new version has dropped them."""
    return complaint.rules.charter.remedies or RemedyTerms()


def timers(complaint: Complaint) -> Iterator[Timer]:
    """The warning, the end and the reminder of each remedy that is owed."""
    for remedy in complaint.remedies:
        if remedy.open:
            yield from _of(complaint, remedy)


@while_same("rules", "remedies")
def wakes(complaint: Complaint) -> list[datetime]:
    """The instants of these (UTC); an event that changes no remedy leaves them as they are."""
    owed = [remedy for remedy in complaint.remedies if remedy.open]
    return [at for remedy in owed for at in _when(complaint.rules, remedy) if at]


def _of(complaint: Complaint, remedy: Remedy) -> Iterator[Timer]:
    name, day = f"remedy {remedy.number}", remedy.waits_for
    due, warn, remind = _when(complaint.rules, remedy)
    if due and day:
        yield Timer(due, f"{name} is due", partial(_missed, complaint, remedy, day))
        if warn:
            warned = partial(ev.RemedyWarned, remedy=remedy.number, due=day)
            yield Timer(warn, f"warning of {name}", warned, lapses=due)
    if remind:
        # Whoever hears that a further date has passed needs no reminder in the same breath.
        event = partial(_reminded, complaint, remedy)
        yield Timer(remind, f"reminder of {name}", event, lapses=due)


def _when(rules: Rules, remedy: Remedy) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When (UTC) its day is over, when staff are warned of that, and when reminded; none of what does not come."""
    due = warn = remind = None
    if day := remedy.waits_for:
        due, warn = _instants(rules, day)
        if (warn and warn <= remedy.dated_at) or remedy.warned:
            warn = None  # nobody is warned of a date that was set later than the warning
    if remedy.overdue and remedy.remind_on:
        remind = _opening(rules, remedy.remind_on)
    return due, warn, remind


@lru_cache(maxsize=4096)
def _instants(rules: Rules, day: date) -> tuple[datetime | None, datetime | None]:
    """When that day's business ends (UTC), and when staff are warned; none beyond the calendar."""
    calendar, terms = rules.calendar, rules.charter.remedies or RemedyTerms()
    try:
        before = day_before(calendar, day, terms.remind_before.budget)
        return calendar.close_of_business(day), calendar.opening_time(before)
    except BeyondCalendar:
        return None, None


def _missed(complaint: Complaint, remedy: Remedy, day: date, *, number: int, at: datetime) -> Any:
    calendar, new_due = complaint.rules.calendar, None
    with suppress(BeyondCalendar):
        budget = further(terms_of(complaint).after_missed.budget, remedy.missed)
        new_due = due_day(calendar, day_zero(calendar, at, budget), budget)
    return ev.RemedyMissed(
        number=number, at=at, remedy=remedy.number, due=day, new_due=new_due,
        remind_on=_remind_on(complaint, remedy, at),
    )  # fmt: skip


def _reminded(complaint: Complaint, remedy: Remedy, *, number: int, at: datetime) -> Any:
    again = _remind_on(complaint, remedy, at)
    return ev.RemedyReminded(
        number=number, at=at, remedy=remedy.number, due=remedy.due, remind_on=again
    )


def _remind_on(complaint: Complaint, remedy: Remedy, now: datetime) -> date:
    """At growing distance: each miss and each reminder doubles it."""
    asked, first = remedy.missed + remedy.reminders, terms_of(complaint).remind_every
    return reminder_day(complaint.rules.calendar, now, asked, first)


def _opening(rules: Rules, day: date) -> datetime:
    """When the day's business begins; nine o'clock of a day that the calendar does not reach."""
    calendar = rules.calendar
    if day <= calendar.last_day:
        return calendar.opening_time(day)
    last = calendar.end_of_day(calendar.last_day)
    return last + (day - calendar.last_day - timedelta(days=1)) + _NINE
