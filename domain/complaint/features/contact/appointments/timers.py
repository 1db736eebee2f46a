"""Appointments in time: the reminder, the question what became of one, and the end of the complaint.

Owns when each falls due, and which are off because of their officer. An appointment does not outlive its
complaint in silence: one that lies ahead at the end is called off, and of one that has begun staff are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from domain.calendar.counting import reminder_day
from domain.calendar.pinned import BeyondCalendar
from domain.complaint.commands import Command
from domain.complaint.feature import Timer, one_each
from domain.complaint.features.contact.appointments import events as ev
from domain.complaint.policies.eligibility import earlier_reviewers
from domain.complaint.state import Complaint
from domain.complaint.values import Appointment, AppointmentState

ASK_FOR = timedelta(days=30)
"""How long after the complaint's end staff are asked what became of an appointment."""


def timers(complaint: Complaint) -> Iterator[Timer]:
    """The reminder on the working day before, and the question to staff what became of it."""
    for one in complaint.appointments:
        if one.state is AppointmentState.ARRANGED and one.at and one.ask_on:
            with suppress(BeyondCalendar):  # it waits until the calendar is refreshed, and it alone
                yield from _of(complaint, one, one.at, one.ask_on)


def timers_after_end(complaint: Complaint) -> Iterator[Timer]:
    """Once the complaint is closed: what lies ahead is off at once, what has begun is asked about."""
    closed, calendar = complaint.closed, complaint.rules.calendar
    if closed is None:
        return
    for one in complaint.appointments:
        ahead = one.state is AppointmentState.ARRANGED and one.at and one.at > closed.at
        if one.state is AppointmentState.REQUESTED or ahead:
            lapse = partial(ev.AppointmentLapsed, appointment=one.number)
            yield Timer(closed.at, f"appointment {one.number} lapses", lapse)
        elif one.state is AppointmentState.ARRANGED and one.ask_on:
            with suppress(BeyondCalendar):
                if one.ask_on <= calendar.local_day(closed.at + ASK_FOR):
                    yield _outcome(complaint, one, one.ask_on)


def without_barred(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """Appointments ahead with an officer who now has a conflict, or no part any more, are arranged anew."""
    barred = complaint.conflicted | {each.identity for each in earlier_reviewers(complaint)}
    theirs = (
        {"appointment": one.number, "reason": ""}
        for one in complaint.appointments
        if one.state is AppointmentState.ARRANGED and one.at and now < one.at
        and one.officer and one.officer.identity in barred
    )  # fmt: skip
    return one_each(ev.AppointmentPutOff, complaint, now, theirs)


def tell_again(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """Where the customer can be reached again, they hear of what lies ahead and no letter has named."""
    untold = (
        {"appointment": one.number}
        for one in complaint.appointments
        if one.state is AppointmentState.ARRANGED and one.at and now < one.at and not one.named_by
    )
    return one_each(ev.AppointmentReminded, complaint, now, untold)


def _of(complaint: Complaint, one: Appointment, at: datetime, ask_on: date) -> Iterator[Timer]:
    calendar = complaint.rules.calendar
    remind_at = calendar.opening_time(calendar.previous_working_day(calendar.local_day(at)))
    if not one.reminded and one.arranged_at and remind_at > one.arranged_at:
        yield Timer(remind_at, f"reminder of appointment {one.number}", partial(_remind, one))
    yield _outcome(complaint, one, ask_on)


def _remind(one: Appointment, *, number: int, at: datetime) -> Any:
    begun = one.at is not None and at >= one.at
    return ev.AppointmentReminded(number=number, at=at, appointment=one.number, too_late=begun)


def _outcome(complaint: Complaint, one: Appointment, day: date) -> Timer:
    calendar = complaint.rules.calendar

    def ask(*, number: int, at: datetime) -> Any:
        again = reminder_day(calendar, at, one.asked)
        return ev.AppointmentOutcomeDue(
            number=number, at=at, appointment=one.number, next_ask=again
        )

    return Timer(calendar.opening_time(day), f"outcome of appointment {one.number}", ask)
