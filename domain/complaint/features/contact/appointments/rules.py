"""Appointments: asked for, arranged in time, kept or missed on record; visits by appointment only.

Owns the rules. Sources: `002_b4e25913c9de5f70.txt` (an appointment is arranged within a time, and we are
on time for it), `004_223f6b270ec16c9f.txt` (visitors need an appointment). An appointment that was called
off, or that we did not hold, is arranged anew, and the time for that begins anew.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.calendar.pinned import in_words
from domain.complaint.commands import check_not_before, check_reason, check_room, check_said
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Policy, following, made
from domain.complaint.features.contact.appointments import events as ev
from domain.complaint.features.contact.appointments import letters
from domain.complaint.features.contact.appointments.timers import (
    tell_again,
    timers,
    timers_after_end,
    without_barred,
)
from domain.complaint.features.contact.contacts import RecordContact
from domain.complaint.policies.eligibility import check_conflict, is_theirs
from domain.complaint.state import Complaint
from domain.complaint.values import Appointment, AppointmentState
from domain.errors import InvalidCommand, WrongState
from domain.notices import NoticeKind
from domain.vocabulary import ALL_SIDES, ANY, CASEWORK, OPEN, WAYS, Channel, Held, Role, Trigger

_OUTCOMES: dict[Held, type[Any]] = {
    Held.ON_TIME: ev.AppointmentHeld,
    Held.LATE: ev.AppointmentHeldLate,
    Held.NOT_HELD_BY_US: ev.AppointmentNotHeld,
    Held.NOT_ATTENDED: ev.AppointmentNotAttended,
}
_LIVE = (AppointmentState.REQUESTED, AppointmentState.ARRANGED)
_STAFF = (*CASEWORK, Role.MANAGER)


def _the(complaint: Complaint, number: int | None, *states: AppointmentState) -> Appointment:
    """The appointment of that number, or the only one there is in these states."""
    able = [each for each in complaint.appointments if each.state in states]
    waiting = ", ".join(str(each.number) for each in able)
    words = " or ".join(states)
    allowed = f"{words.capitalize()}: {waiting}." if able else f"None is {words}."
    if number is None:
        if len(able) == 1:
            return able[0]
        what = "Which appointment is meant?" if able else "There is no such appointment."
        raise (InvalidCommand if able else WrongState)(f"appointment: {what}", allowed)
    for each in complaint.appointments:
        if each.number == number:
            if each in able:
                return each
            raise WrongState(f"Appointment {number} is {each.state}.", allowed)
    raise InvalidCommand(f"appointment: there is no appointment {number}.", allowed)


def _request(
    complaint: Complaint, command: ev.RequestAppointment, now: datetime
) -> tuple[Any, ...]:
    check_said("about", command.about, "Say what the appointment is for.")
    received = complaint.opened.received_at
    what = "the complaint was received"
    check_not_before("requested_at", command.requested_at, received, what)
    check_room(len(complaint.appointments), "appointments")
    number = len(complaint.appointments) + 1
    return made(ev.AppointmentRequested, complaint, command, now, appointment=number)


def _arrange(
    complaint: Complaint, command: ev.ArrangeAppointment, now: datetime
) -> tuple[Any, ...]:
    one = _the(complaint, command.appointment, AppointmentState.REQUESTED)
    check_conflict(complaint, command.officer)
    calendar = complaint.rules.calendar
    if command.at <= now:
        raise InvalidCommand(f"at: {command.at.isoformat()} is not ahead.", "A time to come.")
    day = calendar.local_day(command.at)
    closed = calendar.why_closed(day)
    if closed:
        raise InvalidCommand(
            f"at: {in_words(day)} is a closed day ({closed}).",
            f"A working day, such as {in_words(calendar.next_working_day(day))}.",
        )
    return made(
        ev.AppointmentArranged, complaint, command, now, appointment=one.number,
        starts_at=command.at, ask_on=calendar.next_working_day(day),
    )  # fmt: skip


def _cancel(complaint: Complaint, command: ev.CancelAppointment, now: datetime) -> tuple[Any, ...]:
    check_reason(command.reason)
    one = _the(complaint, command.appointment, *_LIVE)
    if command.arrange_anew and one.state is AppointmentState.REQUESTED:
        raise WrongState(
            f"Appointment {one.number} has no time yet that could be called off.",
            "To drop it altogether, say that it is not to be arranged anew.",
        )
    kind = ev.AppointmentPutOff if command.arrange_anew else ev.AppointmentCancelled
    return made(kind, complaint, command, now, appointment=one.number)


def _answers(complaint: Complaint, command: ev.CancelAppointment) -> tuple[datetime, str]:
    """The appointment that is called off, where it is known which."""
    for each in complaint.appointments:
        if each.number == command.appointment or len(complaint.appointments) == 1:
            return each.requested_at, "the appointment was asked for"
    return complaint.opened.received_at, "the complaint was received"


def _record(complaint: Complaint, command: ev.RecordAppointment, now: datetime) -> tuple[Any, ...]:
    one = _the(complaint, command.appointment, AppointmentState.ARRANGED)
    if one.at and now < one.at:
        raise WrongState(
            f"Appointment {one.number} only begins at {one.at.isoformat()}.",
            "Until then it can be cancelled.",
        )
    if command.held is Held.NOT_ATTENDED and not one.named_by:
        raise WrongState(
            f"No letter that named appointment {one.number} has reached the customer.",
            "Nobody misses what they were not told. Put right how they are reached (prefer), then call it "
            "off and arrange it anew (cancel_appointment, arrange_appointment).",
        )
    return made(_OUTCOMES[command.held], complaint, command, now, appointment=one.number)


def _offer(complaint: Complaint, command: RecordContact, now: datetime) -> tuple[Any, ...]:
    """An unbooked visit is answered by an offer, at once; a booked one needs none."""
    if (
        complaint.closed
        or not _by_appointment(complaint, command.channel)
        or _booked(complaint, command.received_at)
    ):
        return ()
    # Nobody is thanked for a visit that somebody else made, nor asked in who is limited to writing:
    # the reviewer hears of every contact, and that it came by a way that is closed.
    limited = complaint.contacts[-1].limited
    if limited or not is_theirs(complaint, command.from_whom, command.actor, command.who):
        return ()
    return following(ev.AppointmentOffered, complaint, now, contact=len(complaint.contacts))


def _offer_at_opening(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    helper = complaint.opened.representative
    came = helper is None or helper.authorised
    if came and complaint.closed is None and _by_appointment(complaint, complaint.opened.channel):
        return following(ev.AppointmentOffered, complaint, now, contact=None)
    return ()


def _by_appointment(complaint: Complaint, channel: Channel) -> bool:
    visits = complaint.rules.charter.visits
    return channel is Channel.VISIT and visits is not None and visits.by_appointment


def _booked(complaint: Complaint, came_at: datetime) -> bool:
    """Whether somebody who came then came on the day of an appointment that stands."""
    calendar = complaint.rules.calendar
    days = [
        calendar.local_day(each.at)
        for each in complaint.appointments
        if each.at and each.state in (AppointmentState.ARRANGED, AppointmentState.HELD)
    ]
    return calendar.local_day(came_at) in days


def _noted(words: str) -> Any:
    return lambda e: f"Appointment {e.appointment} {words}.{f' {e.note}' if e.note else ''}"


FEATURE = Feature(
    commands={
        ev.RequestAppointment: CommandSpec(
            ALL_SIDES, OPEN, (ev.AppointmentRequested,), _request, passes_on=True,
        ),
        ev.ArrangeAppointment: CommandSpec(_STAFF, OPEN, (ev.AppointmentArranged,), _arrange),
        ev.CancelAppointment: CommandSpec(
            ALL_SIDES, OPEN, (ev.AppointmentCancelled, ev.AppointmentPutOff), _cancel, passes_on=True,
            answers=_answers,
        ),
        ev.RecordAppointment: CommandSpec(
            _STAFF, ANY,
            (ev.AppointmentHeld, ev.AppointmentHeldLate, ev.AppointmentNotHeld, ev.AppointmentNotAttended),
            _record,
        ),
    },
    events={
        ev.AppointmentOffered: EventSpec(
            lambda _: "An appointment was offered: visits are by appointment only.",
            react=letters.offered, owed=(NoticeKind.APPOINTMENT_OFFER,),
            triggers=(Trigger.APPOINTMENT_OFFERED,),
        ),
        ev.AppointmentRequested: EventSpec(
            lambda e: (
                f"Appointment {e.appointment} requested"
                f"{f' with {e.with_whom}' if e.with_whom else ''}: {e.about}"
            ),
            ev.requested, letters.requested,
            owed=(NoticeKind.APPOINTMENT_REQUESTED, NoticeKind.APPOINTMENT_TO_ARRANGE),
            triggers=(Trigger.APPOINTMENT_REQUESTED,), since=lambda event: event.requested_at,
        ),
        ev.AppointmentArranged: EventSpec(
            lambda e: (
                f"Appointment {e.appointment} arranged with {e.officer.name} on "
                f"{in_words(e.starts_at.date())}."
            ),
            ev.arranged, letters.arranged, owed=(NoticeKind.APPOINTMENT_ARRANGED,),
            triggers=(Trigger.APPOINTMENT_ARRANGED,), since=lambda event: event.starts_at,
        ),
        ev.AppointmentReminded: EventSpec(
            lambda e: (
                f"It was too late to remind the customer of appointment {e.appointment}."
                if e.too_late
                else f"The customer was reminded of appointment {e.appointment}."
            ),
            ev.reminded, letters.reminded, owed=(NoticeKind.APPOINTMENT_REMINDER,),
        ),
        ev.AppointmentOutcomeDue: EventSpec(
            lambda e: f"What became of appointment {e.appointment} is not on record yet.",
            ev.asked, letters.outcome_due, owed=(NoticeKind.APPOINTMENT_OUTCOME_DUE,),
            stands=ev.still_asked,
        ),
        ev.AppointmentLapsed: EventSpec(
            lambda e: f"Appointment {e.appointment} is off: the complaint was closed before it.",
            ev.into(AppointmentState.CANCELLED), letters.lapsed,
            owed=(NoticeKind.APPOINTMENT_LAPSED, NoticeKind.APPOINTMENT_OFF),
        ),
        ev.AppointmentHeld: EventSpec(
            _noted("was held and began on time"), ev.into(AppointmentState.HELD),
            triggers=(Trigger.APPOINTMENT_HELD,),
        ),
        ev.AppointmentHeldLate: EventSpec(
            _noted("was held and began late"), ev.into(AppointmentState.HELD), letters.held_late,
            owed=(NoticeKind.APPOINTMENT_FAILED, NoticeKind.PROMISE_MISSED),
            breaks=(Trigger.APPOINTMENT_HELD,),
        ),
        ev.AppointmentNotHeld: EventSpec(
            _noted("was not held by us, and is arranged anew unless the complaint is closed"), ev.put_off, letters.not_held,
            owed=(NoticeKind.APPOINTMENT_FAILED, NoticeKind.APPOINTMENT_TO_ARRANGE, NoticeKind.PROMISE_MISSED),
            triggers=(Trigger.APPOINTMENT_REQUESTED,), breaks=(Trigger.APPOINTMENT_HELD,),
        ),
        ev.AppointmentNotAttended: EventSpec(
            _noted("was not attended by the customer"), ev.into(AppointmentState.NOT_ATTENDED),
            letters.not_attended, owed=(NoticeKind.APPOINTMENT_NOT_ATTENDED,),
            triggers=(Trigger.APPOINTMENT_CANCELLED,),
        ),
        ev.AppointmentCancelled: EventSpec(
            lambda e: f"Appointment {e.appointment} cancelled: {e.reason}",
            ev.into(AppointmentState.CANCELLED), letters.cancelled,
            owed=(NoticeKind.APPOINTMENT_CANCELLED, NoticeKind.APPOINTMENT_OFF),
            triggers=(Trigger.APPOINTMENT_CANCELLED,),
        ),
        ev.AppointmentPutOff: EventSpec(
            lambda e: f"Appointment {e.appointment} is to be arranged anew. {e.reason}".rstrip(),
            ev.put_off, letters.put_off, since=lambda event: event.acted_at,
            owed=(NoticeKind.APPOINTMENT_CANCELLED, NoticeKind.APPOINTMENT_TO_ARRANGE),
            triggers=(Trigger.APPOINTMENT_CANCELLED, Trigger.APPOINTMENT_REQUESTED),
        ),
    },
    policies={
        "record_contact": Policy((ev.AppointmentOffered,), _offer),
        **dict.fromkeys(WAYS, Policy((ev.AppointmentReminded,), tell_again)),
        **dict.fromkeys(
            ("reassign", "declare_conflict", "escalate"),
            Policy((ev.AppointmentPutOff,), without_barred),
        ),
    },
    timers=timers,
    timers_need="appointments",
    timers_after_end=timers_after_end,
    of_ending=(ev.AppointmentLapsed,),
    of_time=(ev.AppointmentReminded, ev.AppointmentOutcomeDue, ev.AppointmentLapsed),
    of_opening=(ev.AppointmentOffered,),
    at_opening=_offer_at_opening,
)  # fmt: skip
