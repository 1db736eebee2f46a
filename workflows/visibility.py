"""What a complaint shows of itself on Temporal's own pages: search attributes and a summary.

Nothing here is about the customer: all of it is stored in the clear.
"""

from __future__ import annotations

from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from domain.complaint.state import Complaint
from domain.complaint.views.status import next_due
from domain.complaint.views.timeline import public
from engine import search_attributes as keys

LATEST = 10
"""How many events the summary lists."""


def attributes_of(complaint: Complaint) -> dict[Any, Any]:
    """The search attributes of a complaint, by key; none where there is no value."""
    return {
        keys.CHARTER: complaint.rules.charter.id,
        keys.STAGE: complaint.stage,
        keys.STATE: str(complaint.state),
        keys.NEXT_DUE: next_due(complaint),
        keys.MISSED: complaint.missed,
        keys.HANDLER: complaint.handler.id if complaint.handler else None,
    }


def show(complaint: Complaint, events: tuple[Any, ...], shown: dict[Any, Any]) -> dict[Any, Any]:
    """Show how the complaint stands, upserting only what differs from `shown`; returns what is."""
    return publish(attributes_of(complaint), _details(complaint, events), shown)


def publish(attributes: dict[Any, Any], details: str, shown: dict[Any, Any]) -> dict[Any, Any]:
    """Show these search attributes, upserting only what differs from `shown`, and these details."""
    updates: list[SearchAttributeUpdate[Any]] = [
        key.value_unset() if value is None else key.value_set(value)
        for key, value in attributes.items()
        if value != shown.get(key)
    ]
    if updates:
        workflow.upsert_search_attributes(updates)
    workflow.set_current_details(details)
    return attributes


def _details(complaint: Complaint, events: tuple[Any, ...]) -> str:
    stage = complaint.rules.stage(complaint.stage).title
    due = next_due(complaint)
    lines = [
        f"**{complaint.rules.charter.charter.title}**, at *{stage}*: {complaint.state}",
        f"Next due: {due:%d %B %Y %H:%M} UTC" if due else "Nothing is due",
        f"Promises missed: {complaint.missed}",
        "",
        *(f"{event.number}. {event.at:%d %B %Y} {public(event)}" for event in events[-LATEST:]),
    ]
    return "\n".join(lines)
