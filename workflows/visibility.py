"""What a complaint shows of itself on Temporal's own pages: search attributes and a summary.

Nothing here is about the customer: all of it is stored in the clear.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

from domain.complaint.state import Complaint
from domain.complaint.views.read_model import next_due
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


class Shown(NamedTuple):
    """What a complaint shows: its attributes, and its latest events as lines."""

    attributes: dict[Any, Any]
    events: int
    lines: tuple[str, ...]


NOTHING: Final = Shown({}, 0, ())


def show(complaint: Complaint, events: tuple[Any, ...], before: Shown) -> Shown:
    """Show how the complaint stands, upserting only what differs from before; returns what is."""
    attributes = attributes_of(complaint)
    updates: list[SearchAttributeUpdate[Any]] = [
        key.value_unset() if value is None else key.value_set(value)
        for key, value in attributes.items()
        if value != before.attributes.get(key)
    ]
    if updates:
        workflow.upsert_search_attributes(updates)
    local = complaint.rules.calendar.in_local_time
    new = events[before.events :][-LATEST:]
    lines = (
        *before.lines,
        *(f"{each.number}. {local(each.at):%d %B %Y} {public(each)}" for each in new),
    )
    shown = Shown(attributes, len(events), lines[-LATEST:])
    workflow.set_current_details("\n".join((*_summary(complaint), "", *shown.lines)))
    return shown


def _summary(complaint: Complaint) -> Iterator[str]:
    rules, due, owed = complaint.rules, next_due(complaint), len(complaint.remedies_owed)
    stage = rules.stage(complaint.stage).title
    yield f"**{rules.charter.charter.title}**, at *{stage}*: {complaint.state}"
    yield (
        f"Next due: {rules.calendar.in_local_time(due):%d %B %Y %H:%M}" if due else "Nothing is due"
    )
    yield f"Promises missed: {complaint.missed}"
    if owed:
        yield f"Remedies owed: {owed}"
