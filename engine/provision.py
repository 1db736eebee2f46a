"""Owns what a Temporal namespace must hold for complaints to run in it, and creating it.

Everything here may be run again at any time: what is there is left as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
)
from temporalio.common import SearchAttributeIndexedValueType, SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import DIGEST, ERASE, SEAL
from engine.connect import require_namespace
from engine.errors import (
    NamespaceMissing,
    SearchAttributesMissing,
    ServerRefused,
    ServerUnavailable,
)
from engine.search_attributes import ALL
from sealing.clear import InTheClear

_SETTLING = timedelta(seconds=60)
"""Servers learn of a new namespace or attribute from a cache that they refresh every few seconds."""
_PAUSE = timedelta(seconds=0.1)
SEAL_HOUR = 3
"""Of each night: the root tells what was on record when the day was over."""
ERASE_HOUR = 4
"""Of each night: after the seal, which tells what was on record before."""
Scheduled = Literal["created", "changed", "there"]
_CATCH_UP = timedelta(hours=12)
"""For how long after its hour a morning that the server slept through is made up for."""


async def ensure_namespace(client: Client, retention: timedelta) -> bool:
    """Creates the client's namespace if it is missing, and returns whether it did.

    `retention` is how long closed workflows are kept. Returns when the namespace can be used.
    """
    try:
        await require_namespace(client)
    except NamespaceMissing:
        period = Duration()
        period.FromTimedelta(retention)
        request = RegisterNamespaceRequest(
            namespace=client.namespace,
            description="Complaints, run by Uphold",
            workflow_execution_retention_period=period,
        )
        created = await _create(client.workflow_service.register_namespace(request))
    else:
        created = False
    await _settled(client.count_workflows, f"namespace {client.namespace!r}")
    return created


async def missing_search_attributes(client: Client) -> tuple[SearchAttributeKey[Any], ...]:
    """The search attributes that the client's namespace lacks, in the order of `ALL`.

    Raises `SearchAttributesMissing` if it has one of the name with another type: no set-up can
    change that.
    """
    request = ListSearchAttributesRequest(namespace=client.namespace)
    try:
        response = await client.operator_service.list_search_attributes(request)
    except RPCError as error:
        refused = error.status is RPCStatusCode.PERMISSION_DENIED
        raise (ServerRefused if refused else ServerUnavailable)(
            f"The Temporal server does not say which search attributes namespace"
            f" {client.namespace!r} has: {error.message}"
        ) from error
    held = response.custom_attributes
    for key in ALL:
        if key.name not in held:
            continue
        found = SearchAttributeIndexedValueType(held[key.name])
        if found is not key.indexed_value_type:
            raise SearchAttributesMissing(
                f"Namespace {client.namespace!r} has the search attribute {key.name} as"
                f" {found.name}; Uphold needs"
                f" {key.indexed_value_type.name}. Use another namespace, or remove that attribute."
            )
    return tuple(key for key in ALL if key.name not in held)


async def require_search_attributes(client: Client) -> None:
    """Returns when the namespace has them all; raises `SearchAttributesMissing` naming the others."""
    if missing := await missing_search_attributes(client):
        names = ", ".join(key.name for key in missing)
        raise SearchAttributesMissing(
            f"Namespace {client.namespace!r} lacks the search attributes {names}."
            " Run `uphold setup` to register them."
        )


async def ensure_search_attributes(client: Client) -> tuple[SearchAttributeKey[Any], ...]:
    """Registers the search attributes that are missing, and returns those it registered.

    Returns when they can be used. Raises `SearchAttributesMissing` for one of another type.
    """
    missing = await missing_search_attributes(client)
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace)
        for key in missing:
            request.search_attributes[key.name] = IndexedValueType.ValueType(key.indexed_value_type)
        await _create(client.operator_service.add_search_attributes(request))
    await _settled(lambda: _probe(client, ALL), "search attributes")
    return missing


def schedule_id(task_queue: str) -> str:
    """The id of the Schedule that starts the digests of a task queue."""
    return f"digest:{task_queue}"


def seal_schedule_id(task_queue: str) -> str:
    """The id of the Schedule that seals the ledger of a task queue's workers."""
    return f"seal:{task_queue}"


async def ensure_digest_schedule(
    client: Client, task_queue: str, hour: int, time_zone: str
) -> Scheduled:
    """Sees to the Schedule that starts the digests, every day at that hour of the time zone.

    Which days are working days is the charters' to say, so the workflow asks each.
    """
    what = "Each mailbox's digest of the day"
    return await _ensure(
        client, _daily(DIGEST, schedule_id(task_queue), task_queue, hour, time_zone, what)
    )


async def ensure_seal_schedule(client: Client, task_queue: str, time_zone: str) -> Scheduled:
    """Sees to the Schedule that seals the ledger, every night at `SEAL_HOUR` of the time zone."""
    what = "The seal of the day"
    own_id = seal_schedule_id(task_queue)
    return await _ensure(client, _daily(SEAL, own_id, task_queue, SEAL_HOUR, time_zone, what))


async def ensure_erase_schedule(client: Client, task_queue: str, time_zone: str) -> Scheduled:
    """Sees to the Schedule that erases what charters let go, every night at `ERASE_HOUR` of the time zone."""
    what = "Erase what was kept for as long as charters say"
    own_id = f"erase:{task_queue}"
    return await _ensure(client, _daily(ERASE, own_id, task_queue, ERASE_HOUR, time_zone, what))


async def _ensure(client: Client, wanted: tuple[str, Schedule]) -> Scheduled:
    """What is there is changed where it says otherwise; one that somebody has paused stays paused."""
    own_id, schedule = wanted
    handle = client.get_schedule_handle(own_id)
    try:
        await client.create_schedule(handle.id, schedule)
    except ScheduleAlreadyRunningError:
        there = (await handle.describe()).schedule
        if _terms(there) == _terms(schedule):
            return "there"
        await handle.update(
            lambda found: ScheduleUpdate(replace(schedule, state=found.description.schedule.state))
        )
        return "changed"
    return "created"


def _daily(
    workflow: str, own_id: str, task_queue: str, hour: int, zone: str, what: str
) -> tuple[str, Schedule]:
    """A Schedule, and its id: that of the workflow which it starts."""
    action = ScheduleActionStartWorkflow(
        workflow, id=own_id, task_queue=task_queue, static_summary=InTheClear(what)
    )
    at = ScheduleCalendarSpec(hour=(ScheduleRange(hour, hour, 1),), comment="every day")
    return own_id, Schedule(
        action,
        ScheduleSpec(calendars=(at,), time_zone_name=zone),
        # After an outage the day is made up for; one that still goes on is let finish.
        SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_CATCH_UP),
    )


def _terms(schedule: Schedule) -> tuple[object, ...]:
    """What of a Schedule is ours to say, whichever way the server writes it down."""
    action, spec, policy = schedule.action, schedule.spec, schedule.policy
    started = isinstance(action, ScheduleActionStartWorkflow) and (
        action.workflow, action.id, action.task_queue, len(action.args),
    )  # fmt: skip
    hours = tuple((each.start, each.end) for at in spec.calendars for each in at.hour)
    other = len(spec.intervals), len(spec.cron_expressions), len(spec.calendars)
    return started, hours, other, spec.time_zone_name, policy.overlap, policy.catchup_window


async def _create(call: Awaitable[object]) -> bool:
    try:
        await call
    except RPCError as error:
        # Another set-up was quicker: what is wanted is there.
        if error.status != RPCStatusCode.ALREADY_EXISTS:
            raise
        return False
    return True


async def _probe(client: Client, keys: Sequence[SearchAttributeKey[Any]]) -> None:
    await client.count_workflows(" OR ".join(f"{key.name} IS NOT NULL" for key in keys))


async def _settled(use: Callable[[], Awaitable[object]], what: str) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _SETTLING.total_seconds()
    while True:
        try:
            await use()
        except RPCError as error:
            if error.status not in {RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT}:
                raise
            if loop.time() > deadline:
                raise ServerUnavailable(
                    f"The Temporal server accepted the {what}, but after"
                    f" {_SETTLING.total_seconds():g} s still does not know it: {error.message}"
                ) from error
            await asyncio.sleep(_PAUSE.total_seconds())
        else:
            return
