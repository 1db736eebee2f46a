"""What each kind of event triggers, and what of: the words by which a charter starts and meets clocks.

Owns the table of triggers, and from when and for which contact or appointment they hold. What clocks
make of it is in `clockwork`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from domain.complaint import events as ev
from domain.complaint.features.registry import MATTERS
from domain.vocabulary import Trigger

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

TRIGGERS: dict[type, tuple[Trigger, ...]] = {
    ev.Opened: (Trigger.RECEIVED, Trigger.STAGE_ENTERED),
    ev.Allocated: (Trigger.ALLOCATED,),
    ev.Reassigned: (Trigger.ALLOCATED,),
    ev.Introduced: (Trigger.INTRODUCED,),
    ev.Acknowledged: (Trigger.ACKNOWLEDGED,),
    ev.Updated: (Trigger.UPDATED,),
    ev.ContactReceived: (Trigger.CONTACT_RECEIVED,),
    ev.ContactAcknowledged: (Trigger.CONTACT_ACKNOWLEDGED,),
    ev.ContactAnswered: (Trigger.CONTACT_ANSWERED,),
    ev.Escalated: (Trigger.ESCALATED, Trigger.STAGE_ENTERED),
    ev.Replied: (Trigger.REPLIED,),
    ev.PassedToDecision: (Trigger.PASSED_TO_DECISION,),
    ev.CaseConcluded: (Trigger.CASE_CONCLUDED,),
    ev.Reopened: (Trigger.REOPENED, Trigger.STAGE_ENTERED),
    ev.Closed: (Trigger.CLOSED,),
    **{kind: told.triggers for matter in MATTERS for kind, told in matter.events.items()},
}
"""What each kind of event triggers; the last reply triggers `procedure-ended` as well."""

BREAKS: dict[type, tuple[Trigger, ...]] = {
    kind: told.breaks for matter in MATTERS for kind, told in matter.events.items() if told.breaks
}
"""What each kind of event makes impossible: a clock that only this would meet is missed by it."""

_SINCE: dict[type, Callable[[Any], datetime]] = {
    kind: told.since for matter in MATTERS for kind, told in matter.events.items() if told.since
}

ARRIVALS = frozenset(
    {
        Trigger.RECEIVED,
        Trigger.STAGE_ENTERED,
        Trigger.ESCALATED,
        Trigger.CONTACT_RECEIVED,
        Trigger.REOPENED,
        Trigger.APPOINTMENT_REQUESTED,
    }
)
"""Triggers by which something comes in, so that the receipt rule gives day 0."""


def triggers_of(complaint: Complaint, event: Any) -> tuple[Trigger, ...]:
    """What the event triggers in the complaint that it has already been folded into."""
    triggers = TRIGGERS.get(type(event), ())
    if isinstance(event, ev.Replied) and complaint.rules.next_stage(event.stage) is None:
        return (*triggers, Trigger.PROCEDURE_ENDED)
    if isinstance(event, ev.Reopened) and complaint.reply:
        return ()  # only the window is open again: nobody takes anything up
    if Trigger.ALLOCATED in triggers and getattr(event, "handler", None) is None:
        return ()  # handed back, and nobody has it yet
    return triggers


def anchor_of(event: Any) -> datetime:
    """The instant (UTC) from which clocks that the event starts are counted."""
    if isinstance(event, ev.Opened):
        return event.opening.received_at
    if isinstance(event, ev.ContactReceived):
        return event.received_at
    since = _SINCE.get(type(event))
    return since(event) if since else event.at


def subject_of(event: Any) -> tuple[int | None, int | None]:
    """The contact and the appointment that the event is about, by their numbers."""
    return getattr(event, "contact", None), getattr(event, "appointment", None)
