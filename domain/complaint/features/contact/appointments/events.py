"""Appointments with an officer: what can be asked for, what happened, and how one stands.

Owns the shapes: verbs, events and the value that a complaint keeps. What follows from a verb is in
`appointments`, what people are told in `appointment_letters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from domain.complaint.commands import Command, Reason
from domain.complaint.events import Happened
from domain.vocabulary import Held
from domain.wire import Body, Instant, Line, Person

Number = Annotated[int, Field(ge=1)]


class AppointmentState(StrEnum):
    """Where an appointment stands; the last three are final."""

    REQUESTED = "requested"
    ARRANGED = "arranged"
    HELD = "held"
    NOT_ATTENDED = "not-attended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment, by its number. Instants are UTC, days local."""

    number: int
    about: str
    requested_at: datetime
    with_whom: str | None = None
    state: AppointmentState = AppointmentState.REQUESTED
    at: datetime | None = None
    officer: Person | None = None
    place: str | None = None
    arranged_at: datetime | None = None
    reminded: bool = False
    ask_on: date | None = None
    """When staff are asked what became of it, if that is not on record by then."""


class RequestAppointment(Command):
    """Ask for an appointment with an officer."""

    verb = "request_appointment"
    about: Body
    requested_at: Instant
    with_whom: Line | None = Field(default=None, description="the officer, or what they deal with")


class ArrangeAppointment(Command):
    """Give the customer a time with a named officer."""

    verb = "arrange_appointment"
    at: Instant
    officer: Person
    place: Line | None = None
    appointment: Number | None = Field(default=None, description="which, where several wait")


class CancelAppointment(Command):
    """Call an appointment off; unless nobody wants one any more, it is arranged anew."""

    verb = "cancel_appointment"
    reason: Reason
    arrange_anew: bool = True
    appointment: Number | None = Field(default=None, description="which, where there are several")


class RecordAppointment(Command):
    """Put on record what became of an appointment."""

    verb = "record_appointment"
    held: Held
    note: Body = ""
    appointment: Number | None = Field(default=None, description="which, where there are several")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentOffered(Happened):
    """Somebody came unbooked, with this contact or the complaint itself, and was offered a time."""

    kind: Literal["appointment-offered"] = "appointment-offered"
    contact: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRequested(Happened):
    """An appointment was asked for; `appointment` is its number within the complaint."""

    kind: Literal["appointment-requested"] = "appointment-requested"
    appointment: int
    about: str
    with_whom: str | None
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentArranged(Happened):
    """A time was given; staff are asked on `ask_on` what became of it."""

    kind: Literal["appointment-arranged"] = "appointment-arranged"
    appointment: int
    starts_at: datetime
    officer: Person
    place: str | None
    ask_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentReminded(Happened):
    """The customer was reminded of the appointment on the working day before, if it lay ahead still."""

    kind: Literal["appointment-reminded"] = "appointment-reminded"
    appointment: int
    too_late: bool = False
    """Whether nobody was there to remind them until it had begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentOutcomeDue(Happened):
    """Nobody has said what became of it; `next_ask` is when staff are asked again."""

    kind: Literal["appointment-outcome-due"] = "appointment-outcome-due"
    appointment: int
    next_ask: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentHeld(Happened):
    """It was held, and began on time."""

    kind: Literal["appointment-held"] = "appointment-held"
    appointment: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentHeldLate(Happened):
    """It was held, and began late."""

    kind: Literal["appointment-held-late"] = "appointment-held-late"
    appointment: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentNotHeld(Happened):
    """We did not keep it; it is to be arranged anew."""

    kind: Literal["appointment-not-held"] = "appointment-not-held"
    appointment: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentNotAttended(Happened):
    """The customer did not come."""

    kind: Literal["appointment-not-attended"] = "appointment-not-attended"
    appointment: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCancelled(Happened):
    """It was called off, and none is wanted in its place."""

    kind: Literal["appointment-cancelled"] = "appointment-cancelled"
    appointment: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentLapsed(Happened):
    """The complaint was closed before it took place, and it is off."""

    kind: Literal["appointment-lapsed"] = "appointment-lapsed"
    appointment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentPutOff(Happened):
    """It was called off, and is to be arranged anew."""

    kind: Literal["appointment-put-off"] = "appointment-put-off"
    appointment: int
    reason: str
