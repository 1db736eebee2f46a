"""Owns how workers are set up: slots, pollers, cache, shutdown, versioning. Not what they run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Self

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import (
    Interceptor,
    PollerBehaviorAutoscaling,
    Worker,
    WorkerDeploymentConfig,
)

from engine.logs import ActivityLogContext
from engine.settings import Settings
from worker.door import AskedByWorkflows


def assemble_worker(
    client: Client,
    settings: Settings,
    *,
    workflows: Sequence[type] = (),
    activities: Sequence[Callable[..., Any]],
    task_queue: str | None = None,
    max_concurrent_activities: int | None = None,
    interceptors: Sequence[Interceptor] = (),
) -> Worker:
    """A worker for that task queue, or the settings' own, not yet running.

    Fixed slots: measured, the resource-based tuner halves the throughput. The client must carry
    the plugin of Uphold, from which the worker takes converter and sandbox.
    """
    return Worker(
        client,
        task_queue=task_queue or settings.task_queue,
        workflows=workflows,
        activities=activities,
        interceptors=[ActivityLogContext(), AskedByWorkflows(), *interceptors],
        max_cached_workflows=settings.max_cached_workflows,
        max_concurrent_workflow_tasks=settings.max_concurrent_workflow_tasks,
        max_concurrent_activities=max_concurrent_activities or settings.max_concurrent_activities,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
        deployment_config=_deployment(settings),
    )


class Workers:
    """Several workers of one process that start, drain and stop together."""

    def __init__(self, *workers: Worker) -> None:
        """None of them runs yet."""
        self._workers = workers
        self._stack = AsyncExitStack()

    @property
    def is_running(self) -> bool:
        """Whether all of them poll."""
        return all(worker.is_running for worker in self._workers)

    def go_on_with(self, client: Client) -> None:
        """Let them use this client for whatever they ask next."""
        for worker in self._workers:
            worker.client = client

    async def run(self) -> None:
        """Run until `shutdown`; when one of them fails, the others drain, and its error is raised."""
        running = [asyncio.create_task(worker.run()) for worker in self._workers]
        try:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            await self.shutdown()
            await asyncio.gather(*running)
        finally:
            for task in running:
                task.cancel()

    async def shutdown(self) -> None:
        """Take nothing new, and return when what was begun is done."""
        await asyncio.gather(*(worker.shutdown() for worker in self._workers if worker.is_running))

    async def __aenter__(self) -> Self:
        """Run them until the block ends."""
        for worker in self._workers:
            await self._stack.enter_async_context(worker)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Drain and stop them."""
        await self._stack.aclose()


def _deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    if settings.build_id is None:
        return None
    version = WorkerDeploymentVersion(settings.deployment_name, settings.build_id)
    return WorkerDeploymentConfig(
        version=version,
        use_worker_versioning=True,
        # A complaint lives for months: it moves on to each new version of the code.
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )
