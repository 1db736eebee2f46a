"""Two versions of Uphold beside each other: what runs where, and the way back.

What docs/operations.md says of bringing in a new version is what is tested here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    SetWorkerDeploymentRampingVersionRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from ledger.port import Ledger
from letters.channels.maildir import MaildirChannel
from tests.faults.breakable import worker_process
from tests.faults.persistent import cases_of
from tests.workflows.player import PATIENCE, Case, Office

OLD, NEW = "2026.11.1", "2026.12.1"
NOT_YET = (
    RPCStatusCode.NOT_FOUND,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.RESOURCE_EXHAUSTED,
)


class Deployment:
    """The versions of one deployment on the server."""

    def __init__(self, client: Client, name: str) -> None:
        self.client, self.name = client, name

    async def make_current(self, build_id: str) -> None:
        """Let that build be given what is to do, once a worker of it is there."""
        request = SetWorkerDeploymentCurrentVersionRequest(
            namespace=self.client.namespace, deployment_name=self.name, build_id=build_id
        )
        service = self.client.workflow_service
        await accepted(partial(service.set_worker_deployment_current_version, request))

    async def ramp(self, build_id: str, percentage: float) -> None:
        """Let so much of what is to do go to that build, once a worker of it is there."""
        request = SetWorkerDeploymentRampingVersionRequest(
            namespace=self.client.namespace,
            deployment_name=self.name,
            build_id=build_id,
            percentage=percentage,
        )
        service = self.client.workflow_service
        await accepted(partial(service.set_worker_deployment_ramping_version, request))


async def accepted(ask: Callable[[], Awaitable[object]]) -> None:
    """Ask until the server has seen a worker of the build: twice a second, as it lets nobody ask more often."""
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while True:
            try:
                await ask()
            except RPCError as error:
                if error.status not in NOT_YET:
                    raise
                await asyncio.sleep(0.5)
            else:
                return


async def build_of(case: Case) -> str:
    """The build that took the complaint's last task."""
    client = case.office.client
    found = await client.workflow_service.describe_workflow_execution(
        DescribeWorkflowExecutionRequest(
            namespace=client.namespace, execution=WorkflowExecution(workflow_id=case.handle.id)
        )
    )
    version: WorkerDeploymentVersion = (
        found.workflow_execution_info.versioning_info.deployment_version
    )
    return version.build_id


async def told_by(build_id: str, case: Case) -> int:
    """Updates until that build takes one, and how many it took: the server's nodes hear of a new version one by one.

    Once it has taken one it takes them all.
    """
    count = 0
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while not count or await build_of(case) != build_id:
            await case.do("update", message=f"This is for {build_id} to say.")
            count += 1
    for _ in range(3):
        await case.do("update", message=f"{build_id} goes on.")
        assert await build_of(case) == build_id
    return count + 3


async def test_complaints_move_to_a_new_version_and_back_and_none_is_disturbed(
    client: Client, ledger: Ledger, here: Mapping[str, str], tmp_path: Path
) -> None:
    name = here["UPHOLD_TASK_QUEUE"]
    office = Office(
        WorkflowEnvironment.from_client(client), ledger, MaildirChannel(tmp_path / "outbox"), name
    )
    deployment = Deployment(client, name)
    given = {**here, "UPHOLD_DEPLOYMENT_NAME": name}
    async with worker_process(tmp_path, **given, UPHOLD_BUILD_ID=OLD):
        await deployment.make_current(OLD)
        sleeper, busy = await cases_of(office, client, 2)
        assert {await build_of(sleeper), await build_of(busy)} == {OLD}
        async with worker_process(tmp_path, **given, UPHOLD_BUILD_ID=NEW):
            await deployment.ramp(NEW, 100)
            told = [await told_by(NEW, busy), 0]
            assert await build_of(sleeper) == OLD  # it sleeps, and moves with its next task

            await deployment.make_current(NEW)
            told[1] += await told_by(NEW, sleeper)

            await deployment.make_current(OLD)  # the way back
            told[0] += await told_by(OLD, busy)
        # The new version's workers are gone: what ran there last is not lost.
        told[1] += await told_by(OLD, sleeper)
        for case, updates in zip((busy, sleeper), told, strict=True):
            assert (await case.kinds()).count("updated") == updates
            await case.do("withdraw", "customer")


async def test_a_worker_without_a_version_is_given_nothing_once_one_is_current(
    client: Client, ledger: Ledger, here: Mapping[str, str], tmp_path: Path
) -> None:
    name = here["UPHOLD_TASK_QUEUE"]
    office = Office(
        WorkflowEnvironment.from_client(client), ledger, MaildirChannel(tmp_path / "outbox"), name
    )
    given = {**here, "UPHOLD_DEPLOYMENT_NAME": name}
    async with worker_process(tmp_path, **here):
        [case] = await cases_of(office, client, 1)
        assert await build_of(case) == ""
        async with worker_process(tmp_path, **given, UPHOLD_BUILD_ID=NEW):
            await Deployment(client, name).make_current(NEW)
            await told_by(NEW, case)
            await case.do("withdraw", "customer")
