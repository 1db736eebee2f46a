"""Many complaints have something to do at once: each is taken up, and no letter holds up a record."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from uuid import uuid4

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.testing import WorkflowEnvironment

from ledger.memory import MemoryLedger
from letters.channels.memory import MemoryChannel
from letters.channels.port import Mail, TemporaryFailure
from tests.workflows.laws import check_laws
from tests.workflows.player import Case, Office, an_office, eventually
from tests.workflows.season import monday

COMPLAINTS, UPDATES = 24, 15
"""Each is some 150 events of history, which a cold worker has to replay before it can do anything."""
PATIENT = timedelta(seconds=60)


async def long_complaint(office: Office) -> Case:
    """A complaint of many events, with nothing owed."""
    case = await office.open(stage="manager")
    for number in range(UPDATES):
        await case.do("update", message=f"Step {number}.")
    await case.settled()
    return case


async def test_a_cold_worker_takes_up_every_complaint_that_was_woken_meanwhile(
    env: WorkflowEnvironment,
) -> None:
    queue, ledger = f"woken-{uuid4().hex[:8]}", MemoryLedger()
    async with an_office(env, ledger=ledger, task_queue=queue) as office:
        cases = await asyncio.gather(*(long_complaint(office) for _ in range(COMPLAINTS)))
        before = await asyncio.gather(*(case.status() for case in cases))
    for case in cases:  # nobody is there who could take it
        said = case.argument("record_contact", "upstream-app", received_at=monday())
        await case.handle.signal("record_contact", said)
    async with an_office(env, ledger=ledger, task_queue=queue):
        for case, status in zip(cases, before, strict=True):
            await eventually(partial(heard, case, status["events"]), PATIENT)
        runs = [run for case in cases for run in await case.runs()]
        assert max(len(run.events) for run in runs) > UPDATES * 9
        assert [event for run in runs for event in run.events if failed(event)] == []
        for case in cases:
            await case.settled()
            await check_laws(case)


def failed(event: HistoryEvent) -> bool:
    """Whether a workflow task failed for what the complaint did.

    Tasks that a machine which stood still lets pass their time are given out again, and are no fault.
    """
    if event.event_type != EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
        return False
    failure = event.workflow_task_failed_event_attributes.failure
    return failure.application_failure_info.type != "_DeadlockError"


async def heard(case: Case, before: int) -> bool:
    """Whether the complaint has another event than it had."""
    events: int = (await case.status())["events"]
    return events > before


class HangingPost(MemoryChannel):
    """A mail server that takes nothing quickly, and nothing at all until it is mended."""

    def __init__(self) -> None:
        super().__init__()
        self.mended, self.hanging = asyncio.Event(), 0

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        """Refuse whoever is in a hurry; let the others wait."""
        if patience_seconds is not None and not self.mended.is_set():
            raise TemporaryFailure("it is slow")
        self.hanging += 1
        await self.mended.wait()
        await super().send(mail, patience_seconds=patience_seconds)


async def test_letters_that_hang_hold_up_no_record(env: WorkflowEnvironment) -> None:
    post = HangingPost()
    async with an_office(
        env, channel=post, max_concurrent_activities=2, max_concurrent_letters=3
    ) as office:
        cases = [await office.open(stage="manager") for _ in range(6)]
        for case in cases:
            await case.do("acknowledge")
        await eventually(lambda: hangs(post, 3))
        late = await office.open(stage="manager")
        await late.do("acknowledge")
        await eventually(lambda: recorded(late, 2))
        assert post.hanging == 3
        post.mended.set()
        for case in (*cases, late):
            await case.settled()
            await check_laws(case)


async def hangs(post: HangingPost, count: int) -> bool:
    """Whether so many letters wait for the post."""
    return post.hanging >= count


async def recorded(case: Case, count: int) -> bool:
    """Whether so many events are in the ledger."""
    return len(await case.office.ledger.events(case.reference)) == count
