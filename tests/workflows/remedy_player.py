"""Remedies played on the real server: one that can be acted on, and the laws that hold for each.

Owns reaching a remedy that a complaint's reply undertook, moving its clock, and reading what became
of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import Replayer

from domain.charter.rules import unpack
from domain.complaint.features.remedies.remedy import fold
from domain.complaint.features.remedies.remedy_events import RemedyPromised
from domain.complaint.features.remedies.remedy_standing import standing_of
from engine.plugin import UpholdPlugin
from tests.domain.remedy_stories import SAID
from tests.workflows.laws import assert_nothing_personal, assert_sent_once, open_timers
from tests.workflows.player import (
    A_MOMENT,
    ASK_AGAIN,
    PEOPLE,
    Case,
    Office,
    as_json,
    eventually,
)
from workflows.remedies import RemediesStartWorkflow
from workflows.remedy import RemedyWorkflow

PAYMENT = {"text": "We will pay you £50", "kind": "payment"}


@dataclass(slots=True)
class Owed:
    """One remedy of a complaint, on the server."""

    case: Case
    number: int

    @property
    def id(self) -> str:
        """`<reference>/<number>`."""
        return f"{self.case.reference}/{self.number}"

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        """Its workflow."""
        return self.case.office.client.get_workflow_handle(f"remedy:{self.id}")

    async def do(self, verb: str, by: str = "manager", **fields: Any) -> dict[str, Any]:
        """The answer to the update."""
        actor = PEOPLE[by].model_dump(mode="json")
        said = {"command_id": str(uuid4())} | SAID[verb] | fields | {"actor": actor}
        answer: dict[str, Any] = await self.handle.execute_update(verb, as_json(said))
        return answer

    async def until(self, then: datetime) -> None:
        """Time passes until a moment after then."""
        env = self.case.office.env
        goal = then + A_MOMENT
        now = await env.get_current_time(self.handle)
        while now < goal and await env.fast_forward(self.handle, goal - now):
            now = await env.get_current_time(self.handle)

    async def status(self) -> dict[str, Any]:
        """The status, once everything owed to the outside has left."""

        async def settled() -> dict[str, Any] | None:
            try:
                status: dict[str, Any] = await self.handle.query("status")
            except RPCError as error:
                if error.status not in ASK_AGAIN:
                    raise
                return None
            return None if status.get("effects_owed", True) else status

        return await eventually(settled)

    async def kinds(self) -> list[str]:
        """The kinds of its events in the ledger, in order."""
        await self.status()
        events = await self.case.office.ledger.remedies.events(self.id)
        return [event.kind.removeprefix("remedy-") for event in events]

    async def told(self) -> list[str]:
        """`kind to recipient` of every notice that was delivered, in the order they were owed."""
        await self.status()
        return [
            f"{one.notice.kind} to {one.notice.key.rsplit('/', 1)[-1]}"
            for one in await self.case.office.ledger.notices(self.case.reference)
            if one.state == "delivered" and f"/remedy-{self.number}/" in one.notice.key
        ]


async def owed(case: Case, number: int = 1) -> Owed:
    """The remedy, once it runs."""
    await case.settled()
    remedy = Owed(case, number)
    await remedy.status()
    return remedy


async def check_remedy(remedy: Owed) -> None:
    """What holds for every remedy that was played on the server."""
    status = await remedy.status()
    ledger = remedy.case.office.ledger
    events = await ledger.remedies.events(remedy.id)
    assert isinstance(events[0], RemedyPromised)
    rules = unpack(await ledger.charter(events[0].opening.digest))
    standing = standing_of(fold(rules, events))
    assert standing in await ledger.remedies.of(remedy.case.reference)
    assert (status["events"], status["state"]) == (standing.events, standing.state)
    assert status["ledger_fault"] is None
    history = await remedy.handle.fetch_history()
    await replay(history)
    assert max(open_timers(history), default=0) <= 1, "two timers were open at once"
    assert_nothing_personal(history)
    assert_sent_once(remedy.case)


async def replay(history: WorkflowHistory) -> None:
    """The workflow as it is now does again what the history says that it did."""
    replayer = Replayer(workflows=[RemedyWorkflow, RemediesStartWorkflow], plugins=[UpholdPlugin()])
    await replayer.replay_workflow(history)


async def replied(office: Office, *remedies: Any, **fields: Any) -> Case:
    """A complaint that was answered with these remedies."""
    case = await office.open(stage="manager", **fields)
    await case.do("reply", remedies=list(remedies))
    return case
