"""The timeline: each event in a line that staff can read.

Owns the words. They hold what staff may see; `public` gives the same without anything personal,
for places that are stored in the clear.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from domain.calendar.pinned import Calendar
from domain.complaint.decider.registry import EVENTS
from domain.notices import Notice


def line(event: Any, calendar: Calendar | None = None) -> str:
    """The event in one line, for staff; its days are by the calendar's own clock, or in UTC without one."""
    return EVENTS[type(event)].line(_as_there(event, calendar) if calendar else event)


def _as_there(event: Any, calendar: Calendar) -> Any:
    """The event with each of its instants by the calendar's clock."""
    there = {
        each.name: calendar.in_local_time(found)
        for each in fields(event)
        if isinstance(found := getattr(event, each.name), datetime)
    }
    if opening := getattr(event, "opening", None):
        received = calendar.in_local_time(opening.received_at)
        there["opening"] = opening.model_copy(update={"received_at": received})
    return replace(event, **there)


def by(event: Any) -> str:
    """Who did it: `H Jones (manager)`, or `Uphold` where nobody did."""
    return f"{event.actor.name} ({event.actor.role})" if event.actor else "Uphold"


def row(event: Any, calendar: Calendar | None = None) -> dict[str, Any]:
    """The event as a row of the timeline: number, at (ISO), kind, by, text.

    `at` is by the calendar's own clock, or in UTC without one.
    """
    at: datetime = calendar.in_local_time(event.at) if calendar else event.at
    return {
        "number": event.number,
        "at": at.isoformat(),
        "kind": event.kind,
        "by": by(event),
        "text": line(event, calendar),
    }


def public(event: Any) -> str:
    """The event's kind in words, without anything personal: `Promise missed: FO-8/reply`."""
    beside = EVENTS[type(event)].public
    words = str(event.kind).replace("-", " ").capitalize()
    return words + (beside(event) if beside else "")


def notice_summary(notice: Notice) -> str:
    """What a notice is, without anything personal: `acknowledgement to customer`."""
    return f"{notice.kind} to {notice.recipient.kind}"
