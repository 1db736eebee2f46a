"""What falls due soon goes before what does not, and one organisation's flood holds up nobody else's complaints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from starter.client import Complaints
from tests.worker.test_build import _opening
from tests.workflows.player import an_office
from workflows.options import SOON, priority_of

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "key"),
    [
        (None, None),
        (NOW + SOON, None),
        (NOW + SOON - timedelta(minutes=1), 2),
        (NOW - timedelta(days=3), 2),
    ],
)
def test_a_clock_near_its_end_goes_first(due: datetime | None, key: int | None) -> None:
    assert priority_of(due, NOW).priority_key == key


async def test_the_server_is_told_whose_complaint_it_is_and_how_urgent_an_effect_is(
    env: WorkflowEnvironment,
) -> None:
    async with an_office(env) as office:
        complaints = Complaints(office.client, office.task_queue)
        opening = _opening("FO-2026-PRIORITY")
        await complaints.open(opening)
        handle = office.client.get_workflow_handle("complaint:FO-2026-PRIORITY")
        status = await complaints.status("FO-2026-PRIORITY")
        history = await handle.fetch_history()
        await handle.terminate()
    started = history.events[0].workflow_execution_started_event_attributes
    assert started.priority.fairness_key == opening["charter"]
    first = next(
        each.activity_task_scheduled_event_attributes
        for each in history.events
        if each.HasField("activity_task_scheduled_event_attributes")
    )
    assert status.next_due is not None
    soon = status.next_due - datetime.now(UTC) < SOON
    assert first.priority.priority_key == (2 if soon else 0)
