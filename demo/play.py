"""Owns the playing of a plan: it moves each complaint's own clock and sends what people do.

Everything goes through the client for apps, as it would from an app. Must not print.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from demo.plan import Plan, Planned
from demo.premises import Premises
from demo.sample import STILL_OPEN
from domain.errors import Refused, UpholdError
from starter.wire.names import workflow_id

AT_ONCE = 16
"""Complaints played at the same time: enough to keep two cores busy."""


@dataclass(frozen=True, slots=True)
class Played:
    """One complaint after its story, and where the story went another way than the script says."""

    plan: Plan
    events: tuple[Any, ...]
    refusals: tuple[tuple[datetime, str], ...]
    """The refusals that the script expected, and got, with their instants."""
    ending: str
    """How it ended by the ledger, or `open`."""
    faults: tuple[str, ...]


async def play_all(premises: Premises, plans: Sequence[Plan]) -> AsyncIterator[Played]:
    """Play every plan, and yield each complaint as soon as its story is over."""
    places = asyncio.Semaphore(AT_ONCE)

    async def play_one(plan: Plan) -> Played:
        async with places:
            return await play(premises, plan)

    # Once for all: the switch belongs to the environment, not to each start.
    with premises.env.with_time_skipping_disabled():
        tasks = [asyncio.create_task(play_one(plan)) for plan in plans]
        try:
            for next_done in asyncio.as_completed(tasks):
                yield await next_done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def play(premises: Premises, plan: Plan) -> Played:
    """Play one plan to its end; what goes wrong is among the faults."""
    reference = plan.opening.reference
    refusals: list[tuple[datetime, str]] = []
    faults: list[str] = []
    try:
        delay = plan.opening.received_at - datetime.now(UTC)
        await premises.complaints.open(plan.opening, _start_delay=delay)
        handle = premises.env.client.get_workflow_handle(workflow_id(reference))
        for step in plan.steps:
            await _forward(premises, handle, step.at)
            fault = await _take(premises, reference, step, refusals)
            if fault:
                faults.append(f"{step.command_id} ({step.verb}): {fault}")
        await _forward(premises, handle, plan.stops_at)
    except UpholdError as error:
        faults.append(f"{type(error).__name__}: {error}")
    events = await premises.ledger.events(reference)
    standing = await premises.ledger.standing(reference)
    ending = (standing.closed_how if standing else None) or STILL_OPEN
    faults += _differences(plan, events, ending)
    return Played(plan, events, tuple(refusals), ending, tuple(faults))


async def _forward(premises: Premises, handle: WorkflowHandle[Any, Any], to: datetime) -> None:
    """Let its own clock run to that instant, or to its end."""
    try:
        # The server skips so many times and no more in one go.
        while (away := to - await premises.env.get_current_time(handle)) > timedelta():
            if not await premises.env.fast_forward(handle, away):
                return
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:  # that it has ended
            raise


async def _take(
    premises: Premises, reference: str, step: Planned, refusals: list[tuple[datetime, str]]
) -> str | None:
    """What is wrong with how the step went, or none."""
    who, name, fields = step.actor, step.command_id, step.fields
    try:
        if step.waits:
            await premises.complaints.send(step.verb, reference, who, name, fields)
        else:
            await premises.complaints.signal(step.verb, reference, who, name, fields)
            await _settled(premises, reference)
    except Refused as refused:
        if refused.kind == step.refused:
            refusals.append((step.at, refused.kind))
            return None
        return f"refused unexpectedly: {refused.kind}: {refused}"
    if step.waits and step.refused:
        return f"{step.refused} was expected, but it was done"
    return None


async def _settled(premises: Premises, reference: str) -> None:
    """Return when all has been dealt with: a signal's sender does not wait, but its clock must."""
    while (await premises.complaints.status(reference)).effects_owed:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


def _differences(plan: Plan, events: tuple[Any, ...], ending: str) -> list[str]:
    """Where the record differs from what the script says of the whole story."""
    if not events:
        return ["nothing of it is in the ledger"]
    found = []
    if ending != plan.story.ends:
        found.append(f"it ends as {ending}, in the script as {plan.story.ends}")
    missed = [event.promise for event in events if event.kind == "promise-missed"]
    if missed != list(plan.story.misses):
        found.append(f"missed are {missed}, in the script {list(plan.story.misses)}")
    expected = [step.refused for step in plan.steps if step.refused and not step.waits]
    noted = [event.refusal for event in events if event.kind == "command-refused"]
    if noted != expected:
        found.append(f"refused signals are {noted}, in the script {expected}")
    return found
