"""What people are told of appointments.

Owns the notices of each event. The rules are in `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from domain.clocks.clock import ClockState
from domain.clocks.due import due_of
from domain.complaint.features.contact.appointments import events as ev
from domain.complaint.notify.compose import (
    as_fact,
    ask,
    ask_reviewer,
    in_charge,
    tell,
    with_fields,
    write_to,
)
from domain.complaint.notify.facts import day_of
from domain.complaint.notify.recipients import everyone
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import FromWhom, Trigger


def offered(complaint: Complaint, event: ev.AppointmentOffered) -> Iterator[Notice]:
    """Whoever came is offered an appointment, with what the charter promises about arranging it."""
    came, theirs = complaint.opened.received_at, complaint.opened.representative is None
    if event.contact:
        contact = complaint.contact(event.contact)
        came, theirs = contact.received_at, contact.from_whom is FromWhom.CUSTOMER
    who = RecipientKind.CUSTOMER if theirs else RecipientKind.REPRESENTATIVE
    visitors = tuple(each for each in everyone(complaint) if each.kind is who)
    texts = [
        rule.promise.text
        for rule in complaint.rules.starting.get(Trigger.APPOINTMENT_REQUESTED, ())
        if Trigger.APPOINTMENT_ARRANGED in rule.meets
    ]
    yield from write_to(
        visitors, complaint, event, NoticeKind.APPOINTMENT_OFFER,
        came_on=day_of(complaint, came).isoformat(), promise_text=texts[0] if texts else None,
    )  # fmt: skip


def requested(complaint: Complaint, event: ev.AppointmentRequested) -> Iterator[Notice]:
    """The customer hears by when; the reviewer hears what is wanted."""
    facts = {"purpose": event.about, "arrange_by": _arrange_by(complaint, event.appointment)}
    yield from tell(complaint, event, NoticeKind.APPOINTMENT_REQUESTED, **facts)
    yield from _to_arrange(complaint, event, None)


def reminded(complaint: Complaint, event: ev.AppointmentReminded) -> Iterator[Notice]:
    """The same again, unless it has begun already."""
    if not event.too_late:
        facts = _facts(complaint, event)
        yield from tell(complaint, event, NoticeKind.APPOINTMENT_REMINDER, **facts)


def outcome_due(complaint: Complaint, event: ev.AppointmentOutcomeDue) -> Iterator[Notice]:
    """Staff are asked what became of it."""
    facts = _facts(complaint, event) | {"next_ask": event.next_ask.isoformat()}
    yield from ask_reviewer(complaint, event, NoticeKind.APPOINTMENT_OUTCOME_DUE, **facts)


def held_late(complaint: Complaint, event: ev.AppointmentHeldLate) -> Iterator[Notice]:
    """An apology to the customer; staff hear of the promise that was broken."""
    yield from tell(
        complaint, event, NoticeKind.APPOINTMENT_FAILED, note=event.note, held=True, arrange_by=None
    )
    yield from _broken(complaint, event)


def not_held(complaint: Complaint, event: ev.AppointmentNotHeld) -> Iterator[Notice]:
    """An apology with the day by which another is arranged; staff are asked to arrange it."""
    yield from tell(
        complaint, event, NoticeKind.APPOINTMENT_FAILED, note=event.note, held=False,
        arrange_by=_arrange_by(complaint, event.appointment),
    )  # fmt: skip
    if complaint.closed is None:
        yield from _to_arrange(complaint, event, event.note)
    yield from _broken(complaint, event)


def put_off(complaint: Complaint, event: ev.AppointmentPutOff) -> Iterator[Notice]:
    """The customer hears why, and by when another is arranged; staff are asked to arrange it."""
    yield from tell(
        complaint, event, NoticeKind.APPOINTMENT_CANCELLED, reason=event.reason, anew=True,
        arrange_by=_arrange_by(complaint, event.appointment),
    )  # fmt: skip
    yield from _to_arrange(complaint, event, event.reason)


def cancelled(complaint: Complaint, event: ev.AppointmentCancelled) -> Iterator[Notice]:
    """Both sides hear that nobody comes."""
    yield from tell(
        complaint, event, NoticeKind.APPOINTMENT_CANCELLED, reason=event.reason, anew=False,
        arrange_by=None,
    )  # fmt: skip
    yield from ask_reviewer(complaint, event, NoticeKind.APPOINTMENT_OFF, number=event.appointment,
        reason=event.reason,
    )  # fmt: skip


def lapsed(complaint: Complaint, event: ev.AppointmentLapsed) -> Iterator[Notice]:
    """Both sides hear that it is off, because the complaint is closed."""
    one = complaint.appointments[event.appointment - 1]
    day = day_of(complaint, one.at).isoformat() if one.at else None
    yield from tell(
        complaint, event, NoticeKind.APPOINTMENT_LAPSED, appointment_day=day, purpose=one.about
    )
    yield from ask_reviewer(complaint, event, NoticeKind.APPOINTMENT_OFF, number=one.number,
        reason=None, ended=True,
    )  # fmt: skip


def _broken(complaint: Complaint, event: Any) -> Iterator[Notice]:
    """The role responsible and the next hear once that a promise was missed."""
    for clock in complaint.clocks:
        broken = clock.state is ClockState.MISSED and clock.ended_at == event.at
        if broken and clock.appointment == event.appointment and not clock.renewal:
            yield from ask(
                complaint, event, NoticeKind.PROMISE_MISSED, in_charge(complaint), promise=clock.promise,
                promise_text=complaint.rules.promises[clock.promise].promise.text,
                missed_due=day_of(complaint, event.at).isoformat(), new_due=None, apology=True,
                # What happened is told with it: nobody owes the customer a reason after that.
                why=None, says_why=False, reason_by=None,
            )  # fmt: skip
            return


def _to_arrange(complaint: Complaint, event: Any, reason: str | None) -> Iterator[Notice]:
    wanted = complaint.appointments[event.appointment - 1]
    yield from ask_reviewer(complaint, event, NoticeKind.APPOINTMENT_TO_ARRANGE, number=wanted.number, purpose=wanted.about, with_whom=wanted.with_whom, reason=reason,
        arrange_by=_arrange_by(complaint, wanted.number),
    )  # fmt: skip


def _facts(complaint: Complaint, event: Any) -> dict[str, Any]:
    """When it is, by the local clock, with whom, where, and what about."""
    one = complaint.appointments[event.appointment - 1]
    at = one.at or one.requested_at
    local = complaint.rules.calendar.local_time(at)
    return {
        "number": one.number,
        "appointment_day": local.date().isoformat(),
        "appointment_time": f"{local:%H:%M}",
        "officer": one.officer.name if one.officer else "",
        "place": one.place,
        "purpose": one.about,
    }


arranged = with_fields(NoticeKind.APPOINTMENT_ARRANGED, facts=_facts)
"""When, with whom and where."""
not_attended = with_fields(NoticeKind.APPOINTMENT_NOT_ATTENDED, facts=_facts)
"""The customer hears that they can ask again."""


def _arrange_by(complaint: Complaint, number: int) -> str | None:
    """By when it has to be arranged; none where the charter does not say."""
    promises = complaint.rules.promises
    for clock in complaint.clocks:
        waits = clock.running and clock.appointment == number
        if waits and Trigger.APPOINTMENT_ARRANGED in promises[clock.promise].meets:
            day: str | None = as_fact(due_of(clock, complaint.rules).known)
            return day
    return None
