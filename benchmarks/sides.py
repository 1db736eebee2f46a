"""The two sides of each comparison: a complaint, told through the public client, and the bare one.

Owns how each side starts, takes its steps and ends, so that everything else treats them alike.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowHandle

from activities.charter_files import CharterBook
from benchmarks.bare import STEPS, Bare
from benchmarks.story import CHARTER, SAID, STAGE, actor_of, opening, reviewer
from domain.complaint.commands import Actor
from starter.client import Complaints
from starter.contract import workflow_id

IN_FLIGHT = 30
"""Requests that wait for an answer at the same time."""
POLL_SECONDS = 0.005


class Side(Protocol):
    """One of the two that are compared."""

    async def start(self, reference: str) -> None:
        """Start it; returns when the server has it."""

    async def act(self, reference: str, step: int) -> None:
        """Take step 0, 1 or 2, and wait for the answer."""

    def handle(self, reference: str) -> WorkflowHandle[Any, Any]:
        """The running workflow."""


@dataclass(frozen=True, slots=True)
class ComplaintSide:
    """Complaints, through the client that apps use."""

    client: Client
    queue: str

    async def start(self, reference: str) -> None:
        """As the protocol says."""
        complaints = Complaints(self.client, self.queue)
        await complaints.open(opening(reference, datetime.now(UTC)))

    async def act(self, reference: str, step: int) -> None:
        """As the protocol says."""
        verb = tuple(SAID)[step]
        await self.send(verb, reference, SAID[verb])

    async def send(self, verb: str, reference: str, said: dict[str, Any]) -> None:
        """Send any verb of the manager's stage."""
        who = actor_of(verb, _manager())
        await Complaints(self.client, self.queue).send(verb, reference, who, None, said)

    def handle(self, reference: str) -> WorkflowHandle[Any, Any]:
        """As the protocol says."""
        return self.client.get_workflow_handle(workflow_id(reference))


@dataclass(frozen=True, slots=True)
class BareSide:
    """Bare workflows, through the SDK's client."""

    client: Client
    queue: str

    async def start(self, reference: str) -> None:
        """As the protocol says."""
        await self.client.start_workflow(Bare.run, reference, id=reference, task_queue=self.queue)

    async def act(self, reference: str, step: int) -> None:
        """As the protocol says."""
        await self.handle(reference).execute_update(Bare.act, STEPS[2 + step])

    def handle(self, reference: str) -> WorkflowHandle[Any, Any]:
        """As the protocol says."""
        return self.client.get_workflow_handle(reference)


@cache
def _manager() -> Actor:
    return reviewer(CharterBook().get(CHARTER), STAGE)


async def each(
    references: Sequence[str], do: Callable[[str], Awaitable[None]], at_once: int = IN_FLIGHT
) -> None:
    """Do it for each, in order, with so many under way at the same time."""
    waiting = iter(references)

    async def lane() -> None:
        for reference in waiting:
            await do(reference)

    async with asyncio.TaskGroup() as lanes:
        for _ in range(min(at_once, len(references))):
            lanes.create_task(lane())


async def settled(side: Side, reference: str) -> WorkflowExecutionDescription:
    """The workflow as the server describes it, once it waits and nothing of it is under way."""
    while True:
        found = await side.handle(reference).describe()
        raw = found.raw_description
        if not raw.HasField("pending_workflow_task") and not raw.pending_activities:
            return found
        await asyncio.sleep(POLL_SECONDS)
