"""What a complaint takes along into its next history is taken of nobody else: it would be opened by nobody, as anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from domain.complaint.views.packing import carry
from domain.complaint.views.record import Record
from tests.domain.playing.stories import Story, rules_of
from tests.identity.guarded import Guarded
from tests.ledger.evidence.on_record import CHARTER
from tests.workflows.player import an_office, eventually

A_SECOND = timedelta(seconds=1)


def made_up(reference: str) -> bytes:
    """A complaint that nobody opened, to which somebody replied."""
    story = Story(CHARTER, reference=reference)
    story.do("allocate").do("acknowledge").do("reply")
    rules = rules_of(CHARTER)
    events = (replace(story.events[0], digest=rules.digest), *story.events[1:])
    return carry(rules.packed, Record(events, 0))


async def test_a_complaint_that_a_timetable_begins_again_is_none(guarded: Guarded) -> None:
    """The second history begins behind a first, as one does that a complaint has left."""
    office, reference = guarded.office, guarded.office.reference()
    first = await office.client.start_workflow(
        "Complaint",
        args=[None, made_up(reference)],
        id=f"complaint:{reference}",
        task_queue=office.task_queue,
        cron_schedule="@every 1s",
    )

    async def ended_twice() -> int | None:
        handle = office.client.get_workflow_handle(f"complaint:{reference}")
        second = (await handle.describe()).run_id
        if second == first.first_execution_run_id:
            return None
        history = await office.client.get_workflow_handle(handle.id, run_id=second).fetch_history()
        done = {event.event_type for event in history.events}
        return (
            EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED in done and history.events[-1].event_type
        )

    last = await eventually(ended_twice)
    await office.client.get_workflow_handle(f"complaint:{reference}").terminate()
    assert last == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED
    assert await office.ledger.standing(reference) is None


async def test_a_complaint_that_is_tried_again_is_none(env: WorkflowEnvironment) -> None:
    """While no worker was there a first try ended, and the next begins behind it."""
    queue, reference = "tried-again", "TRIED-1"
    handle = await env.client.start_workflow(
        "Complaint",
        args=[None, made_up(reference)],
        id=f"complaint:{reference}",
        task_queue=queue,
        run_timeout=2 * A_SECOND,
        retry_policy=RetryPolicy(initial_interval=A_SECOND, maximum_attempts=5),
    )

    async def another() -> bool:
        described = await env.client.get_workflow_handle(handle.id).describe()
        return described.run_id != handle.first_execution_run_id

    await eventually(another)
    async with an_office(env, task_queue=queue) as office:
        with pytest.raises(WorkflowFailureError) as failed:
            await handle.result()
        assert await office.ledger.standing(reference) is None
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == "InvalidOpening"
