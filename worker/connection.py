"""The worker's way to the server: its credentials are read anew from their files, and it is asked what it is given.

Owns the renewal of API keys and certificates without a restart, and what readiness says of the server.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue, TaskQueueVersioningInfo
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConnectConfig

from engine.connect import connect_as, profile, require_answer
from engine.errors import EngineError, NotRoutedTo, ServerRefused
from engine.settings import Settings
from sealing.data_keys import DataKeys
from worker.assembly import Workers

_log = structlog.stdlib.get_logger("worker")
_PATIENCE: Final = timedelta(seconds=10)


class Connection:
    """A client that workers use, replaced by another one whenever its credentials change."""

    def __init__(
        self,
        settings: Settings,
        client: Client,
        workers: Workers,
        keys: DataKeys | None = None,
    ) -> None:
        """`client` was connected with what the settings' files hold now."""
        self._settings, self._client, self._workers = settings, client, workers
        self._keys = keys
        self._profile: ClientConnectConfig = profile(settings.api_key_file)
        self._renewed = self._refused = 0

    async def keep(self) -> None:
        """Look for changed credentials again and again, for as long as the worker runs."""
        while True:
            await asyncio.sleep(self._settings.credentials_check_seconds)
            try:
                await self._renew()
            except EngineError as error:
                _log.warning("credentials not renewed", reason=str(error))

    async def _renew(self) -> None:
        fresh = profile(self._settings.api_key_file)
        if fresh == self._profile:
            return
        # Proven to be good before the workers go on with it.
        client = await connect_as(fresh, _PATIENCE, self._keys)
        self._workers.go_on_with(client)
        self._client, self._profile = client, fresh
        self._renewed += 1
        _log.info("credentials renewed", times=self._renewed)

    async def require_answer(self) -> None:
        """Return when the server answers these credentials; raises the `EngineError` that says what is wrong."""
        try:
            await require_answer(self._client)
        except ServerRefused as refused:
            self._refused += 1
            raise ServerRefused(
                f"{refused} Refused {self._refused} times since it began."
            ) from None
        self._refused = 0

    async def require_routed(self) -> None:
        """Return when the server gives complaints to workers of this build; raises `NotRoutedTo`."""
        request = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=self._settings.task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        answer = await self._client.workflow_service.describe_task_queue(request)
        if fault := routing_fault(self._settings, answer.versioning_info):
            raise NotRoutedTo(fault)


def routing_fault(settings: Settings, routing: TaskQueueVersioningInfo) -> str | None:
    """Why workers with these settings are given nothing from their task queue; none if they are."""
    current, ramping = routing.current_deployment_version, routing.ramping_deployment_version
    ours = (settings.deployment_name, settings.build_id) if settings.build_id else None
    theirs = (current.deployment_name, current.build_id) if current.build_id else None
    ramped = (ramping.deployment_name, ramping.build_id) if ramping.build_id else None
    if ours == theirs or (ours and ours == ramped):
        return None
    present = (
        f"the current version is build {theirs[1]} of deployment {theirs[0]}"
        if theirs
        else "no version is current"
    )
    if not ours:
        return (
            f"This worker has no build id, and is given no complaint of {settings.task_queue!r}:"
            f" {present}. Set UPHOLD_BUILD_ID."
        )
    return (
        f"Build {ours[1]} of deployment {ours[0]} is given no complaint: {present}. Make it current with"
        f" `temporal worker deployment set-current-version --deployment-name {ours[0]}"
        f" --build-id {ours[1]}`."
    )
