"""Measures what is left in a workflow's history: events and bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle

from benchmarks.sides import ComplaintSide, Side, settled

SKIPPING = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    }
)
"""What a server writes only because time is skipped."""


@dataclass(frozen=True, slots=True)
class Size:
    """How long a history is: events, and bytes as the server counts them."""

    events: int
    bytes: int


async def story_size(side: Side, reference: str) -> Size:
    """The history of one story told alone, each message sent when the workflow waits."""
    await side.start(reference)
    for step in range(3):
        await settled(side, reference)
        await side.act(reference, step)
    await side.handle(reference).result()
    found = await side.handle(reference).describe()
    return Size(found.history_length, found.raw_info.history_size_bytes)


async def update_size(side: ComplaintSide, reference: str) -> Size:
    """What one further staff update adds to an open complaint: its record and one notice."""
    await side.start(reference)
    await settled(side, reference)
    await side.act(reference, 0)
    before = await settled(side, reference)
    await side.send("update", reference, {"message": "We have asked the bank for its papers."})
    after = await settled(side, reference)
    return Size(
        after.history_length - before.history_length,
        after.raw_info.history_size_bytes - before.raw_info.history_size_bytes,
    )


async def season_size(handle: WorkflowHandle[Any, Any]) -> tuple[Size, int]:
    """A history without what skipping time has added to it, and how many events that was."""
    found = await handle.describe()
    history = await handle.fetch_history()
    skipping = [event for event in history.events if event.event_type in SKIPPING]
    told = found.raw_info.history_size_bytes - sum(event.ByteSize() for event in skipping)
    return Size(len(history.events) - len(skipping), told), len(skipping)
