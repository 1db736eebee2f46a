"""The sides of each comparison: a complaint, told through the public client, and the bare workflow.

Owns how each side starts, takes its steps and is done, so that everything else treats them alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowHandle
from temporalio.service import RPCError

from benchmarks.server.bare import STEPS, Bare
from benchmarks.story import CHARTER, SAID, STAGE, actor_of, opening, reviewer
from charters.files import CharterBook
from domain.complaint.commands import Actor
from starter.client import Complaints
from starter.wire.names import workflow_id

IN_FLIGHT = 30
"""Requests that wait for an answer at the same time."""
FIRST_LOOK_AGAIN, LAST_LOOK_AGAIN = 0.005, 0.1
"""Seconds until the server is asked again whether a workflow waits: twice as many each time."""


@dataclass(frozen=True, slots=True)
class ComplaintSide:
    """Complaints, through the client that apps use."""

    client: Client
    queue: str

    def handle(self, reference: str) -> WorkflowHandle[Any, Any]:
        """Its workflow."""
        return self.client.get_workflow_handle(workflow_id(reference))

    async def start(self, reference: str) -> None:
        """Start it; returns when the server has it."""
        await Complaints(self.client, self.queue).open(opening(reference, datetime.now(UTC)))

    async def act(self, reference: str, step: int) -> None:
        """Take step 0, 1 or 2, and wait for the answer."""
        verb = tuple(SAID)[step]
        await self.send(verb, reference, SAID[verb])

    async def send(self, verb: str, reference: str, said: dict[str, Any]) -> None:
        """Send any verb of the manager's stage."""
        who = actor_of(verb, _manager())
        await Complaints(self.client, self.queue).send(verb, reference, who, None, said)

    async def done(self, reference: str) -> None:
        """It goes on, since remedies are owed: done is when its record and letters are."""
        await settled(self, reference)


@dataclass(frozen=True, slots=True)
class BareSide:
    """Bare workflows, through the SDK's client."""

    client: Client
    queue: str

    def handle(self, reference: str) -> WorkflowHandle[Any, Any]:
        """Its workflow."""
        return self.client.get_workflow_handle(reference)

    async def start(self, reference: str) -> None:
        """Start it; returns when the server has it."""
        await self.client.start_workflow(Bare.run, reference, id=reference, task_queue=self.queue)

    async def act(self, reference: str, step: int) -> None:
        """Take step 0, 1 or 2, and wait for the answer."""
        await self.handle(reference).execute_update(Bare.act, STEPS[2 + step])

    async def done(self, reference: str) -> None:
        """It ends once its last activity has been done."""
        await self.handle(reference).result()


Side = ComplaintSide | BareSide


@cache
def _manager() -> Actor:
    return reviewer(CharterBook().get(CHARTER), STAGE)


async def each(references: Sequence[str], do: Callable[[str], Awaitable[None]]) -> None:
    """Do it for each, in order, with `IN_FLIGHT` under way at the same time."""
    waiting = iter(references)

    async def lane() -> None:
        for reference in waiting:
            await do(reference)

    async with asyncio.TaskGroup() as lanes:
        for _ in range(min(IN_FLIGHT, len(references))):
            lanes.create_task(lane())


async def settled(side: Side, reference: str) -> WorkflowExecutionDescription:
    """The workflow as the server describes it, once it waits and nothing of it is under way."""
    pause = FIRST_LOOK_AGAIN
    while True:
        found = await side.handle(reference).describe()
        raw = found.raw_description
        if not raw.HasField("pending_workflow_task") and not raw.pending_activities:
            return found
        await asyncio.sleep(pause)
        pause = min(2 * pause, LAST_LOOK_AGAIN)


async def clear(side: Side, reference: str) -> None:
    """End it, whatever it still owes."""
    with suppress(RPCError):  # it has ended by itself
        await side.handle(reference).terminate()
