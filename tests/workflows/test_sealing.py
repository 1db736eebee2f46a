"""The Schedule of seals on the real server: the root of each night is in the ledger, and with the engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.client import ScheduleActionExecutionStartWorkflow, WorkflowFailureError
from temporalio.testing import WorkflowEnvironment

from engine.provision import SEALS, ensure_schedule
from ledger.evidence.keys import make_key
from ledger.evidence.seals import every_seal
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from tests.workflows.player import Office, an_office, eventually

LONDON = "Europe/London"


async def sealed(office: Office) -> str:
    """The root that the Schedule's workflow answers, started now."""
    for became in ("created", "there"):
        assert await ensure_schedule(office.client, SEALS, office.task_queue, 3, LONDON) == became
    schedule = office.client.get_schedule_handle(SEALS.id_for(office.task_queue))
    await schedule.trigger()

    async def started() -> str | None:
        ran = [each.action for each in (await schedule.describe()).info.recent_actions]
        ids = [e.workflow_id for e in ran if isinstance(e, ScheduleActionExecutionStartWorkflow)]
        return ids[-1] if ids else None

    workflow_id = await eventually(started)
    root: str = await office.client.get_workflow_handle(workflow_id).result()
    await schedule.delete()
    return root


async def test_the_ledger_is_sealed_every_night_by_a_worker_that_has_a_key(
    env: WorkflowEnvironment, tmp_path: Path
) -> None:
    url, file = f"sqlite:///{tmp_path}/ledger", tmp_path / "key"
    make_key(file)
    await upgrade(url)
    async with (
        open_sql_ledger(url) as ledger,
        an_office(env, ledger=ledger, seal_key_file=file) as office,
    ):
        case = await office.open(stage="manager")
        await case.settled()
        root = await sealed(office)
        assert [seal.root for seal in await ledger.reading(every_seal)] == [root]


async def test_a_worker_without_a_key_says_so_and_does_not_try_again(
    env: WorkflowEnvironment,
) -> None:
    async with an_office(env) as office:
        with pytest.raises(WorkflowFailureError) as failed:
            await sealed(office)
    assert "no key to seal with" in str(failed.value.cause.__cause__)
