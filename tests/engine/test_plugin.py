"""One plugin makes client, worker and replayer agree on dates and on the sandbox."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from domain.errors import UnknownCharter
from engine.connect import connect
from engine.plugin import PASSED_THROUGH, UpholdPlugin
from engine.search_attributes import CHARTER
from engine.settings import Settings
from tests.engine.sandboxed import Sandboxed


async def _run(client: Client) -> tuple[dict[str, object], str]:
    queue = f"sandbox-{uuid4()}"
    async with Worker(client, task_queue=queue, workflows=[Sandboxed]):
        handle = await client.start_workflow(
            Sandboxed.run,
            args=[date(2026, 10, 3), timedelta(days=1)],
            id=queue,
            task_queue=queue,
            run_timeout=timedelta(seconds=30),
        )
        return await handle.result(), queue


async def test_dates_durations_and_the_process_own_modules_reach_a_sandboxed_workflow(
    at_server: pytest.MonkeyPatch,
) -> None:
    client = await connect(Settings())
    result, _ = await _run(client)
    assert str(result["due"]).startswith("2026-10-04T00:00:00")
    assert result["errors"] == id(UnknownCharter)
    assert result["attributes"] == id(CHARTER)


async def test_the_replayer_takes_the_same_plugin(at_server: pytest.MonkeyPatch) -> None:
    client = await connect(Settings())
    _, workflow_id = await _run(client)
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    replayer = Replayer(workflows=[Sandboxed], plugins=[UpholdPlugin()])
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    # The results name addresses of this process; that they differ elsewhere is no matter here.
    assert result.replay_failure is None
    runner = replayer.config(active_config=True)["workflow_runner"]
    assert isinstance(runner, SandboxedWorkflowRunner)
    assert set(PASSED_THROUGH) <= runner.restrictions.passthrough_modules


async def test_a_runner_without_a_sandbox_that_was_chosen_on_purpose_is_kept(
    at_server: pytest.MonkeyPatch,
) -> None:
    client = await connect(Settings())
    chosen = UnsandboxedWorkflowRunner()
    worker = Worker(client, task_queue="any", workflows=[Sandboxed], workflow_runner=chosen)
    assert worker.config(active_config=True)["workflow_runner"] is chosen
