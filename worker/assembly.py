"""Owns how a worker is set up: slots, pollers, cache, shutdown, versioning. Not what it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import (
    PollerBehaviorAutoscaling,
    Worker,
    WorkerDeploymentConfig,
)

from engine.logs import ActivityLogContext
from engine.settings import Settings


def assemble_worker(
    client: Client,
    settings: Settings,
    *,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., Any]],
) -> Worker:
    """A worker for the settings' task queue, not yet running.

    Fixed slots: measured, the resource-based tuner halves the throughput. The client must carry
    the plugin of Uphold, from which the worker takes converter and sandbox.
    """
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=workflows,
        activities=activities,
        interceptors=[ActivityLogContext()],
        max_cached_workflows=settings.max_cached_workflows,
        max_concurrent_workflow_tasks=settings.max_concurrent_workflow_tasks,
        max_concurrent_activities=settings.max_concurrent_activities,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
        deployment_config=_deployment(settings),
    )


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
