"""How events change the appointments that a complaint keeps.

Owns the folds. What leads to the events is in `appointments`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from domain.complaint.feature import Fold
from domain.complaint.features.contact.appointments import events as ev
from domain.complaint.features.contact.appointments.events import Appointment, AppointmentState

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def requested(complaint: Complaint, event: ev.AppointmentRequested) -> dict[str, Any]:
    """One more appointment."""
    one = Appointment(event.appointment, event.about, event.requested_at, event.with_whom)
    return {"appointments": (*complaint.appointments, one)}


def with_changes(complaint: Complaint, event: Any, **changes: Any) -> dict[str, Any]:
    """The appointment of the event with these changes."""
    return {
        "appointments": tuple(
            replace(each, **changes) if each.number == event.appointment else each
            for each in complaint.appointments
        )
    }


def arranged(complaint: Complaint, event: ev.AppointmentArranged) -> dict[str, Any]:
    """It has a time."""
    return with_changes(
        complaint, event, state=AppointmentState.ARRANGED, at=event.starts_at, place=event.place,
        officer=event.officer, arranged_at=event.at, reminded=False, ask_on=event.ask_on,
    )  # fmt: skip


def put_off(
    complaint: Complaint, event: ev.AppointmentPutOff | ev.AppointmentNotHeld
) -> dict[str, Any]:
    """It has none any more, and waits for another; once the complaint is closed, for none."""
    if complaint.closed:
        return with_changes(complaint, event, state=AppointmentState.CANCELLED)
    return with_changes(
        complaint, event, state=AppointmentState.REQUESTED, at=None, officer=None, place=None,
        ask_on=None,
    )  # fmt: skip


def into(state: AppointmentState) -> Fold:
    """The appointment of the event is in that state from now on."""
    return lambda complaint, event: with_changes(complaint, event, state=state)
