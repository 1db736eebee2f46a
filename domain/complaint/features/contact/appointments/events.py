"""Appointments with an officer: what can be asked for, what happened, and what that changes.

Owns the shapes of verbs and events, and the folds. What follows from a verb is in `rules`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import IN_WELSH, Command, Entered, Number, Reason
from domain.complaint.events import Happened
from domain.complaint.feature import Fold
from domain.complaint.state import Complaint
from domain.complaint.values import Appointment, AppointmentState, with_changes
from domain.vocabulary import Held
from domain.wire import Body, Instant, Line, Person


class RequestAppointment(Command):
    """Ask for an appointment with an officer."""

    verb = "request_appointment"
    about: Body = Field(description="What it is for.")
    requested_at: Instant = Field(
        description="When it was asked for, such as 2026-11-20T16:45+00:00."
    )
    with_whom: Line | None = Field(default=None, description="The officer, or what they deal with.")


class ArrangeAppointment(Command):
    """Give the customer a time with a named officer."""

    verb = "arrange_appointment"
    at: Instant = Field(description="When it begins.")
    officer: Person = Field(description="The officer.")
    place: Line | None = Field(default=None, description="Where, for the customer.")
    appointment: Number | None = Field(default=None, description="Which, where several wait.")


class CancelAppointment(Entered):
    """Call an appointment off; unless nobody wants one any more, it is arranged anew."""

    verb = "cancel_appointment"
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)
    arrange_anew: bool = Field(
        default=True, description="Whether another is arranged in its place."
    )
    appointment: Number | None = Field(default=None, description="Which, where there are several.")


class RecordAppointment(Command):
    """Put on record what became of an appointment."""

    verb = "record_appointment"
    held: Held = Field(description="What became of it.")
    note: Body = Field(default="", description="What happened; an apology says it.")
    note_cy: Body = Field(default="", description=IN_WELSH)
    appointment: Number | None = Field(default=None, description="Which, where there are several.")


@value(frozen=True, slots=True, kw_only=True)
class OfAppointment(Happened):
    """What happened to the appointment of that number within the complaint."""

    appointment: int


@value(frozen=True, slots=True, kw_only=True)
class AppointmentOffered(Happened):
    """Somebody came unbooked, with this contact or the complaint itself, and was offered a time."""

    kind: Literal["appointment-offered"] = "appointment-offered"
    contact: int | None


@value(frozen=True, slots=True, kw_only=True)
class AppointmentRequested(OfAppointment):
    """An appointment was asked for; `appointment` is its number within the complaint."""

    kind: Literal["appointment-requested"] = "appointment-requested"
    about: str
    with_whom: str | None
    requested_at: datetime


@value(frozen=True, slots=True, kw_only=True)
class AppointmentArranged(OfAppointment):
    """A time was given; staff are asked on `ask_on` what became of it."""

    kind: Literal["appointment-arranged"] = "appointment-arranged"
    starts_at: datetime
    officer: Person
    place: str | None
    ask_on: date


@value(frozen=True, slots=True, kw_only=True)
class AppointmentReminded(OfAppointment):
    """The customer was reminded of the appointment on the working day before, if it lay ahead still."""

    kind: Literal["appointment-reminded"] = "appointment-reminded"
    too_late: bool = False
    """Whether nobody was there to remind them until it had begun."""


@value(frozen=True, slots=True, kw_only=True)
class AppointmentOutcomeDue(OfAppointment):
    """Nobody has said what became of it; `next_ask` is when staff are asked again."""

    kind: Literal["appointment-outcome-due"] = "appointment-outcome-due"
    next_ask: date


@value(frozen=True, slots=True, kw_only=True)
class AppointmentHeld(OfAppointment):
    """It was held, and began on time."""

    kind: Literal["appointment-held"] = "appointment-held"
    note: str


@value(frozen=True, slots=True, kw_only=True)
class AppointmentHeldLate(OfAppointment):
    """It was held, and began late."""

    kind: Literal["appointment-held-late"] = "appointment-held-late"
    note: str


@value(frozen=True, slots=True, kw_only=True)
class AppointmentNotHeld(OfAppointment):
    """We did not keep it; it is to be arranged anew."""

    kind: Literal["appointment-not-held"] = "appointment-not-held"
    note: str


@value(frozen=True, slots=True, kw_only=True)
class AppointmentNotAttended(OfAppointment):
    """The customer did not come."""

    kind: Literal["appointment-not-attended"] = "appointment-not-attended"
    note: str


@value(frozen=True, slots=True, kw_only=True)
class AppointmentCancelled(OfAppointment):
    """It was called off, and none is wanted in its place."""

    kind: Literal["appointment-cancelled"] = "appointment-cancelled"
    reason: str
    received_at: datetime | None = None
    """When it was called off, if it was entered later."""


@value(frozen=True, slots=True, kw_only=True)
class AppointmentLapsed(OfAppointment):
    """The complaint was closed before it took place, and it is off."""

    kind: Literal["appointment-lapsed"] = "appointment-lapsed"


@value(frozen=True, slots=True, kw_only=True)
class AppointmentPutOff(OfAppointment):
    """It was called off, and is to be arranged anew."""

    kind: Literal["appointment-put-off"] = "appointment-put-off"
    reason: str
    received_at: datetime | None = None
    """When it was called off, if it was entered later."""


# --- what that changes ------------------------------------------------------------------------------


def requested(complaint: Complaint, event: AppointmentRequested) -> dict[str, Any]:
    """One more appointment."""
    one = Appointment(event.appointment, event.about, event.requested_at, event.with_whom)
    return {"appointments": (*complaint.appointments, one)}


def arranged(complaint: Complaint, event: AppointmentArranged) -> dict[str, Any]:
    """It has a time."""
    return _with(
        complaint, event, state=AppointmentState.ARRANGED, at=event.starts_at, place=event.place,
        officer=event.officer, arranged_at=event.at, reminded=False, ask_on=event.ask_on,
        named_by=(event.number,), asked=0,
    )  # fmt: skip


def reminded(complaint: Complaint, event: AppointmentReminded) -> dict[str, Any]:
    """Nobody is reminded of it again."""
    named_by = complaint.appointments[event.appointment - 1].named_by
    if not event.too_late:
        named_by = (*named_by, event.number)
    return _with(complaint, event, reminded=True, named_by=named_by)


def gone_astray(complaint: Complaint, number: str) -> dict[str, Any]:
    """The letter of that event did not arrive: it has named no appointment to anybody."""
    if not any(number in map(str, each.named_by) for each in complaint.appointments):
        return {}
    return {
        "appointments": tuple(
            replace(each, named_by=tuple(n for n in each.named_by if str(n) != number))
            for each in complaint.appointments
        )
    }


def asked(complaint: Complaint, event: AppointmentOutcomeDue) -> dict[str, Any]:
    """Staff are asked again later."""
    asked = complaint.appointments[event.appointment - 1].asked + 1
    return _with(complaint, event, ask_on=event.next_ask, asked=asked)


def still_asked(complaint: Complaint, event: AppointmentOutcomeDue) -> bool:
    """Whether nobody has said since what became of it, and nobody was asked again."""
    one = complaint.appointments[event.appointment - 1]
    return one.state is AppointmentState.ARRANGED and one.ask_on == event.next_ask


def put_off(complaint: Complaint, event: AppointmentPutOff | AppointmentNotHeld) -> dict[str, Any]:
    """It has no time any more, and waits for another; once the complaint is closed, for none."""
    if complaint.closed:
        return _with(complaint, event, state=AppointmentState.CANCELLED)
    return _with(
        complaint, event, state=AppointmentState.REQUESTED, at=None, officer=None, place=None,
        ask_on=None,
    )  # fmt: skip


def into(state: AppointmentState) -> Fold:
    """The appointment of the event is in that state from now on."""
    return lambda complaint, event: _with(complaint, event, state=state)


def _with(complaint: Complaint, event: Any, **changes: Any) -> dict[str, Any]:
    return {"appointments": with_changes(complaint.appointments, event.appointment, **changes)}
