"""Appointments in time: the reminder, the question what became of one, and the end of the complaint.

Owns when each falls due, and which are off because of their officer. An appointment does not outlive its complaint in silence: one that lies ahead
when the complaint is closed is called off, and of one that has begun staff are still asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from domain.calendar.counting import BeyondCalendar
from domain.complaint.commands import Command
from domain.complaint.feature import Moment
from domain.complaint.features.contact.appointments import events as ev
from domain.complaint.features.contact.appointments.events import Appointment, AppointmentState

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

ASK_EVERY = 5
"""Working days after which staff are asked again what became of an appointment."""
ASK_FOR = timedelta(days=30)
"""How long after the complaint's end they are."""


def moments(complaint: Complaint) -> Iterator[Moment]:
    """The reminder on the working day before, and the question to staff what became of it."""
    calendar = complaint.rules.calendar
    for one in complaint.appointments:
        if one.state is not AppointmentState.ARRANGED or one.at is None or one.ask_on is None:
            continue
        name, before = f"appointment {one.number}", calendar.local_day(one.at)
        remind_at = calendar.opening_time(calendar.previous_working_day(before))
        if not one.reminded and one.arranged_at and remind_at > one.arranged_at:
            yield Moment(remind_at, f"reminder of {name}", partial(_remind, one))
        ask_at = calendar.opening_time(one.ask_on)
        yield Moment(ask_at, f"outcome of {name}", partial(_ask_outcome, complaint, one.number))


def afterwards(complaint: Complaint) -> Iterator[Moment]:
    """Once the complaint is closed: what lies ahead is off at once, what has begun is asked about."""
    closed, calendar = complaint.closed, complaint.rules.calendar
    if closed is None:
        return
    for one in complaint.appointments:
        ahead = one.state is AppointmentState.ARRANGED and one.at and one.at > closed.at
        if one.state is AppointmentState.REQUESTED or ahead:
            yield Moment(closed.at, f"appointment {one.number} lapses", partial(_lapse, one.number))
        elif one.state is AppointmentState.ARRANGED and one.ask_on:
            with suppress(BeyondCalendar):
                if one.ask_on <= calendar.local_day(closed.at + ASK_FOR):
                    at, why = (
                        calendar.opening_time(one.ask_on),
                        f"outcome of appointment {one.number}",
                    )
                    yield Moment(at, why, partial(_ask_outcome, complaint, one.number))


def without_barred(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """What lies ahead with an officer who has a conflict by now is arranged anew, with somebody else."""
    theirs = (
        one.number
        for one in complaint.appointments
        if one.state is AppointmentState.ARRANGED and one.at and now < one.at
        and one.officer and one.officer.identity in complaint.conflicted
    )  # fmt: skip
    return tuple(
        ev.AppointmentPutOff(number=number, at=now, appointment=appointment, reason="")
        for number, appointment in enumerate(theirs, complaint.events + 1)
    )


def _lapse(appointment: int, number: int, now: datetime) -> Any:
    return ev.AppointmentLapsed(number=number, at=now, appointment=appointment)


def _remind(one: Appointment, number: int, now: datetime) -> Any:
    begun = one.at is not None and now >= one.at
    return ev.AppointmentReminded(number=number, at=now, appointment=one.number, too_late=begun)


def _ask_outcome(complaint: Complaint, appointment: int, number: int, now: datetime) -> Any:
    following = _days_after(complaint, now)
    return ev.AppointmentOutcomeDue(
        number=number, at=now, appointment=appointment, next_ask=following
    )


def _days_after(complaint: Complaint, now: datetime) -> date:
    calendar = complaint.rules.calendar
    try:
        return calendar.add_working_days(calendar.local_day(now), ASK_EVERY)
    except BeyondCalendar:  # a question to staff is no promise: a plain week will do
        return now.date() + timedelta(days=7)
