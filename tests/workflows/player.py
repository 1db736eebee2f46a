"""Complaints played on the real server: an office with a worker, and a complaint one can act on.

Owns starting on a known date, moving a complaint's clock (each has its own), and reading what became of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, TypeVar, cast
from uuid import uuid4

import pytest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from domain.complaint.commands import Actor
from domain.vocabulary import Role
from engine.settings import Settings
from ledger.memory import MemoryLedger
from ledger.port import Ledger
from letters.channels.memory import MemoryChannel
from letters.channels.port import Channel
from tests.workflows.said import SAID
from tests.workflows.season import monday
from worker.build import build_worker

T = TypeVar("T")
PATIENCE = timedelta(seconds=90)
LOOK_AGAIN_SECONDS = 0.01
ANSWER_WITHIN = timedelta(seconds=3)
ASK_AGAIN = (
    RPCStatusCode.FAILED_PRECONDITION,  # between two histories
    RPCStatusCode.DEADLINE_EXCEEDED,  # the server had handed the question to a worker that is dead
    RPCStatusCode.CANCELLED,
)
A_SECOND = timedelta(seconds=1)
A_MOMENT = timedelta(seconds=5)
CUSTOMER = {"name": "Ann Price", "email": "ann.price@example.org"}
SECRETS = ("Ann Price", "ann.price@example.org", "six months")
"""What nobody may read on Temporal's pages: the customer, and what they say."""
PEOPLE = {str(role): Actor(id=f"the.{role}", name=f"The {role}", role=role) for role in Role}
HANDLER = Actor(id="h.jones", name="H Jones", role=Role.CASE_HANDLER)
"""To whom complaints are allocated."""


def opening(reference: str, **fields: Any) -> dict[str, Any]:
    """The JSON argument of a plain complaint, received when the season begins."""
    return {
        "reference": reference,
        "charter": "financial-ombudsman",
        "received_at": monday(),
        "channel": "email",
        "about": ["delay"],
        "details": "I have waited for six months.",
        "remedy_sought": "An answer.",
        "contact_so_far": "I rang in May.",
        "complainant": CUSTOMER,
    } | fields


def as_json(value: Any) -> Any:
    """The value with dates and instants as JSON has them."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@dataclass(slots=True)
class Office:
    """A server, a ledger, a channel, and a worker for the task queue."""

    env: WorkflowEnvironment
    ledger: Ledger
    channel: Channel
    task_queue: str
    cases: list[Case] = field(default_factory=list)
    _numbers: Any = field(default_factory=count)

    @property
    def client(self) -> Client:
        """The server's client."""
        return self.env.client

    def reference(self) -> str:
        """A reference that no other complaint has."""
        return f"{self.task_queue}-{next(self._numbers)}"

    async def start(self, argument: Any, *, at: datetime, reference: str) -> Case:
        """Start a complaint of that argument at the instant; returns before it has opened."""
        ahead = max(at - datetime.now(UTC), timedelta())
        with self.env.with_time_skipping_disabled():
            handle = await self.client.start_workflow(
                "Complaint",
                as_json(argument),
                id=f"complaint:{reference}",
                task_queue=self.task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                start_delay=ahead,
            )
        case = Case(self, reference, handle)
        self.cases.append(case)
        if ahead:
            await self.env.fast_forward(handle, ahead + A_SECOND)
        return case

    async def open(self, at: datetime | None = None, **fields: Any) -> Case:
        """A complaint that was opened a moment after it was received."""
        reference = fields.pop("reference", None) or self.reference()
        argument = opening(reference, **fields)
        begins = at or argument["received_at"] + A_MOMENT
        case = await self.start(argument, at=begins, reference=reference)
        case.stage = await eventually(case.where)
        return case


@dataclass(slots=True)
class Case:
    """One complaint on the server."""

    office: Office
    reference: str
    handle: WorkflowHandle[Any, Any]
    stage: str = ""

    # --- what happens ---------------------------------------------------------------------

    async def do(
        self, verb: str, by: Actor | str | None = None, *, command_id: str = "", **fields: Any
    ) -> dict[str, Any]:
        """The answer to the update, sent by the reviewer of the stage unless said otherwise."""
        brief: dict[str, Any] = await self.handle.execute_update(
            verb, self.argument(verb, by, command_id=command_id, **fields)
        )
        self.stage = brief["stage"]
        return brief

    async def refused(
        self, verb: str, by: Actor | str | None = None, **fields: Any
    ) -> ApplicationError:
        """The refusal with which the update is answered."""
        return await refusal(self.do(verb, by, **fields))

    async def signal(self, verb: str, by: Actor | str | None = None, **fields: Any) -> None:
        """Send the verb as a signal, and let it be dealt with."""
        await self.handle.signal(verb, self.argument(verb, by, **fields))
        self.stage = (await self.settled())["stage"]

    async def until(self, then: datetime) -> Case:
        """Time passes until a moment after then; what falls due meanwhile happens."""
        goal, now = then + A_MOMENT, await self.office.env.get_current_time(self.handle)
        assert now < goal, f"it is {now} already"
        # The server skips so many times and no more in one go.
        while now < goal and await self.passes(goal - now):
            now = await self.office.env.get_current_time(self.handle)
        return self

    async def passes(self, time: timedelta) -> bool:
        """So much time passes; false if the complaint ends before."""
        return await self.office.env.fast_forward(self.handle, time)

    def argument(
        self, verb: str, by: Actor | str | None = None, *, command_id: str = "", **fields: Any
    ) -> dict[str, Any]:
        """The JSON argument of the verb."""
        actor = by if isinstance(by, Actor) else PEOPLE[by or self.stage]
        said = {"command_id": command_id or str(uuid4())} | SAID.get(verb, {}) | fields
        return cast(dict[str, Any], as_json(said | {"actor": actor.model_dump(mode="json")}))

    # --- what is asked --------------------------------------------------------------------

    async def status(self) -> dict[str, Any]:
        """How it stands."""
        return cast(dict[str, Any], await self.ask("status"))

    async def ask(self, query: str) -> Any:
        """The answer to the query, once there is a worker to ask: not so between two histories."""

        async def ask() -> Any:
            try:
                return await self.handle.query(query, rpc_timeout=ANSWER_WITHIN)
            except RPCError as error:
                if error.status not in ASK_AGAIN:
                    raise
                return None

        return await eventually(ask)

    async def where(self) -> str:
        """The stage that it is in; nothing while its charter is being read."""
        return str((await self.status()).get("stage", ""))

    async def clock(self, promise: str) -> dict[str, Any]:
        """The latest clock of the promise, named `FO-8/reply`."""
        clocks = (await self.status())["clocks"]
        wanted = [clock for clock in clocks if clock["id"].split("#")[0] == promise]
        return cast(dict[str, Any], wanted[-1])

    async def settled(self) -> dict[str, Any]:
        """The status, once everything owed to the outside has left."""

        async def status() -> dict[str, Any] | None:
            found = await self.status()
            owed = found["effects_owed"] if "effects_owed" in found else await self.runs_still()
            return None if owed else found

        return await eventually(status)

    async def runs_still(self) -> bool:
        """Whether the workflow has not ended."""
        told = await self.handle.describe()
        return told.status is WorkflowExecutionStatus.RUNNING

    async def kinds(self) -> list[str]:
        """The kinds of its events in the ledger, in order, once everything owed has left."""
        await self.settled()
        return [event.kind for event in await self.office.ledger.events(self.reference)]

    async def told(self) -> list[str]:
        """`kind to recipient` of each notice of its own that was delivered or waits for its digest."""
        await self.settled()
        return [
            f"{one.notice.kind} to {one.notice.key.rsplit('/', 1)[-1]}"
            for one in await self.office.ledger.notices(self.reference)
            if one.state == "delivered" or one.notice.waits
        ]

    async def result(self) -> dict[str, Any]:
        """What the workflow answered at its end, once the time to be heard after the closing is over."""
        with suppress(RPCError):  # it has ended meanwhile
            while await self.runs_still() and await self.passes(timedelta(days=100)):
                pass
        answer: dict[str, Any] = await self.handle.result()
        return answer

    async def cut(self, into: int = 2) -> list[WorkflowHistory]:
        """The histories, once it goes on in another one: a moment after what was owed has left."""
        return await eventually(partial(self.runs, into))

    async def runs(self, least: int = 1) -> list[WorkflowHistory]:
        """The history of every run, the first one first; none while there are fewer than so many."""
        run_id, runs = self.handle.first_execution_run_id, []
        while run_id:
            run = self.office.client.get_workflow_handle(self.handle.id, run_id=run_id)
            runs.append(await run.fetch_history())
            last = runs[-1].events[-1].workflow_execution_continued_as_new_event_attributes
            run_id = last.new_execution_run_id
        return runs if len(runs) >= least else []


async def eventually(ask: Callable[[], Awaitable[T | None]], within: timedelta = PATIENCE) -> T:
    """The first answer that is not None (or false); fails when there is none in time."""
    async with asyncio.timeout(within.total_seconds()):
        while not (answer := await ask()):  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return answer


async def refusal(asked: Awaitable[Any]) -> ApplicationError:
    """The refusal with which what was asked is answered."""
    with pytest.raises(WorkflowUpdateFailedError) as raised:
        await asked
    assert isinstance(raised.value.cause, ApplicationError)
    return raised.value.cause


@asynccontextmanager
async def an_office(
    env: WorkflowEnvironment,
    *,
    ledger: Ledger | None = None,
    channel: Channel | None = None,
    task_queue: str = "",
    client: Client | None = None,
    **settings: Any,
) -> AsyncIterator[Office]:
    """An office of its own, with a running worker, until the block ends."""
    queue = task_queue or f"office-{uuid4().hex[:8]}"
    ledger, channel = ledger or MemoryLedger(), channel or MemoryChannel()
    known = {"task_queue": queue, "ledger_url": "memory://", "identity": "off"}
    given = Settings(**(known | settings))
    async with build_worker(client or env.client, given, ledger, channel):
        yield Office(env, ledger, channel, queue)
