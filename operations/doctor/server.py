"""The doctor's look at the Temporal server: namespace, search attributes, schedules, workers, build, clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    GetSystemInfoRequest,
    PollActivityTaskQueueRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import letters_queue
from engine.connect import connect, require_answer
from engine.errors import EngineError
from engine.provision import require_search_attributes, schedules_of
from engine.settings import Settings
from operations.doctor.findings import Finding, note, well, wrong
from operations.doctor.record import apart
from worker.connection import routing_fault

_SET_UP: Final = "Operators run `uphold setup`."
_A_POLL: Final = timedelta(seconds=5)
_BETWEEN: Final = timedelta(seconds=0.2)
_WORKFLOWS: Final = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
_ACTIVITIES: Final = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY


async def look_at_server(settings: Settings) -> AsyncIterator[Finding]:
    """Everything about the server, as far as it answers."""
    try:
        client = await connect(settings, check_namespace=False)
        told = await client.workflow_service.get_system_info(GetSystemInfoRequest())
        yield well(
            "server",
            f"Temporal {told.server_version} answers at {client.service_client.config.target_host}.",
        )
        await require_answer(client)
    except EngineError as error:
        yield wrong("server", str(error), "Operators look there: no clock runs meanwhile.")
        return
    for look in (_namespace, _search_attributes, _schedules, _workers, _clock):
        try:
            async for finding in look(client, settings):
                yield finding
        except RPCError as error:
            yield wrong(
                "server",
                f"It does not answer a question: {error.message}.",
                "Operators look at its log, and at what these credentials may ask.",
            )


async def _namespace(client: Client, settings: Settings) -> AsyncIterator[Finding]:
    request = DescribeNamespaceRequest(namespace=client.namespace)
    found = await client.workflow_service.describe_namespace(request)
    kept = found.config.workflow_execution_retention_ttl.ToTimedelta()
    says = f"{client.namespace} is there, and keeps closed complaints for {kept.days} day{'' if kept.days == 1 else 's'}."
    if kept.days < settings.retention_days:
        yield note(
            "namespace",
            says,
            f"UPHOLD_RETENTION_DAYS says {settings.retention_days}: operators change one of them, and keep"
            " copies of the ledger that are younger.",
        )
    else:
        yield well("namespace", says)


async def _search_attributes(client: Client, settings: Settings) -> AsyncIterator[Finding]:
    del settings
    try:
        await require_search_attributes(client)
    except EngineError as error:
        yield wrong("search attributes", str(error), _SET_UP)
    else:
        yield well("search attributes", "All are registered.")


async def _schedules(client: Client, settings: Settings) -> AsyncIterator[Finding]:
    for daily in schedules_of(settings):
        own_id, what = daily.id_for(settings.task_queue), daily.so
        try:
            found = await client.get_schedule_handle(own_id).describe()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            yield wrong("schedules", f"There is no {own_id}, by which {what}.", _SET_UP)
            continue
        if found.schedule.state.paused:
            yield note(
                "schedules",
                f"{own_id}, by which {what}, is paused.",
                f"Operators go on with it: `temporal schedule toggle --unpause --schedule-id {own_id}"
                " --reason …`.",
            )
        else:
            yield well("schedules", f"{own_id} is there.")


async def _workers(client: Client, settings: Settings) -> AsyncIterator[Finding]:
    complaints, letters = settings.task_queue, letters_queue(settings.task_queue)
    for queue, kind, what in (
        (complaints, _WORKFLOWS, "complaints"),
        (complaints, _ACTIVITIES, "the record and prompt letters"),
        (letters, _ACTIVITIES, "letters that wait"),
    ):
        found = await _described(client, queue, kind)
        who = sorted({poller.identity for poller in found.pollers})
        if not who:
            yield wrong(
                "workers",
                f"No worker asks for {what} (task queue {queue}).",
                "Operators start one: `uphold worker`, and read why it does not start.",
            )
        else:
            ask = "1 worker asks" if len(who) == 1 else f"{len(who)} workers ask"
            yield well("workers", f"{ask} for {what} (task queue {queue}).")
        if kind == _WORKFLOWS and (fault := routing_fault(settings, found.versioning_info)):
            yield wrong(
                "build", fault, "Operators do so, or set UPHOLD_BUILD_ID as the workers have it."
            )
        elif kind == _WORKFLOWS:
            yield well(
                "build", f"Complaints go to build {settings.build_id or 'none'}, which this is."
            )


async def _clock(client: Client, settings: Settings) -> AsyncIterator[Finding]:
    """The server notes when somebody asked for work: so ask, in a queue that nobody else has."""
    del settings
    queue = TaskQueue(name=f"doctor-{uuid4()}")
    asked = datetime.now(UTC)
    polling = asyncio.ensure_future(
        client.workflow_service.poll_activity_task_queue(
            PollActivityTaskQueueRequest(
                namespace=client.namespace, task_queue=queue, identity="doctor"
            ),
            timeout=_A_POLL,
        )
    )
    while not polling.done():
        found = await _described(client, queue.name, _ACTIVITIES)
        if found.pollers:
            noted = found.pollers[0].last_access_time.ToDatetime(tzinfo=UTC)
            yield apart("the server's", noted - asked)
            polling.cancel()
            break
        await asyncio.sleep(_BETWEEN.total_seconds())
    with suppress(RPCError, asyncio.CancelledError):
        await polling


async def _described(
    client: Client, queue: str, kind: TaskQueueType.ValueType
) -> DescribeTaskQueueResponse:
    return await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
        )
    )
