"""Remedies whose start is lost or disturbed: they run all the same, each once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from temporalio import workflow
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from activities.channels.memory import MemoryChannel
from activities.ledger.memory import MemoryLedger
from engine.settings import Settings
from tests.workflows.laws import check_laws
from tests.workflows.player import Case, Office, eventually
from tests.workflows.remedy_player import PAYMENT, check_remedy, owed, replied
from worker.build import build_worker
from workflows.complaint import ComplaintWorkflow
from workflows.remedy import RemedyWorkflow


@workflow.defn(name="RemediesStart")
class NothingStarts:
    """It runs, and starts nothing."""

    @workflow.run
    async def run(self, openings: list[Any], pinned: bytes) -> None:
        await workflow.wait_condition(lambda: len(openings) == len(pinned))


def start_of(case: Case, event: int = 2) -> WorkflowHandle[Any, Any]:
    """The workflow that starts the remedies of the reply that is this event."""
    return case.office.client.get_workflow_handle(f"remedies:{case.reference}/{event}")


async def runs(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether that workflow runs by now."""
    try:
        return (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False


async def test_is_9_remedies_whose_start_was_terminated_are_started_one_by_one(
    office: Office,
) -> None:
    ledger, channel, queue = MemoryLedger(), MemoryChannel(), f"office-{uuid4().hex[:8]}"
    settings = Settings(task_queue=f"{queue}-unused", ledger_url="memory://")
    built = build_worker(office.client, settings, ledger, channel).config()
    built["task_queue"] = queue
    built["workflows"] = [ComplaintWorkflow, NothingStarts, RemedyWorkflow]
    async with Worker(**built):
        case = await replied(Office(office.env, ledger, channel, queue), PAYMENT, "A letter")
        start = start_of(case)
        await eventually(lambda: runs(start))
        await start.terminate("by mistake")
        remedies = [await owed(case), await owed(case, 2)]
        assert (await case.settled())["ledger_fault"] is None
        for one in remedies:
            assert await one.kinds() == ["promised"]
            await check_remedy(one)
        await check_laws(case)


async def test_is_9_remedies_whose_start_was_cancelled_are_started(office: Office) -> None:
    case = await office.open(stage="manager")
    started = start_of(case)
    await case.do("reply", remedies=[f"Letter {n}" for n in range(1, 9)])
    await eventually(lambda: known(started))
    await started.cancel()
    for number in range(1, 9):
        assert await (await owed(case, number)).kinds() == ["promised"]
    assert (await case.settled())["ledger_fault"] is None


async def known(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether that workflow was started by now."""
    try:
        await handle.describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True


async def test_is_9_a_start_that_was_made_before_and_started_nothing_is_made_good(
    office: Office,
) -> None:
    case = await office.open(stage="manager")
    with office.env.with_time_skipping_disabled():
        await office.client.execute_workflow(
            "RemediesStart", args=[[], b""], id=start_of(case).id, task_queue=office.task_queue
        )
    await case.do("reply", remedies=[PAYMENT])
    remedy = await owed(case)
    assert await remedy.kinds() == ["promised"]
    await check_remedy(remedy)
