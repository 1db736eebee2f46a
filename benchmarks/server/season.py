"""Plays six months of one complaint on skipped time: four escalations and thirty messages.

Owns the charter that the months are played under: the financial ombudsman's ladder with one
rung more, since four stages allow three escalations only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from benchmarks.report import Figure
from benchmarks.server.measures import sizes_of_all
from benchmarks.server.worker import settings_for
from benchmarks.story import CHARTER, SAID, opening, reviewer
from charters.files import CharterBook
from domain.charter.tables import Charter
from domain.complaint.commands import Actor
from engine.dev_server import embedded_environment
from ledger.memory import MemoryLedger
from letters.channels.memory import MemoryChannel
from starter.client import Complaints
from starter.wire.names import workflow_id
from worker.build import build_worker

LADDER = f"{CHARTER}-with-five-stages"
FIFTH = """[[stage]]
id = "second-manager"
title = "A second manager"
role = "manager"
entry = { while-case-open = true, within = { months = 3 } }
reply = ["findings", "outcome", "next-step", "heard", "evidence"]

"""
BEFORE = '[[stage]]\nid = "complaints-team"'
CONTACTS = 15
REFERENCE = "SEASON-1"


@dataclass(slots=True)
class _Case:
    """The complaint that is played."""

    env: WorkflowEnvironment
    complaints: Complaints
    handle: WorkflowHandle[Any, Any]
    charter: Charter
    stage: str
    contacts: int = 0

    async def do(self, verb: str, at: str | None = None, **fields: Any) -> None:
        """Send the verb as whoever reviews the present stage, or that one."""
        who = self.who(at or self.stage)
        answer = await self.complaints.send(verb, REFERENCE, who, None, fields)
        self.stage = answer.stage

    def who(self, stage: str) -> Actor:
        """Who reviews that stage: the second manager is another person than the first."""
        who = reviewer(self.charter, stage)
        return Actor(id=f"{who.id}.{stage}", name=who.name, role=who.role)

    async def pass_days(self, days: int) -> None:
        """So many days go by, and whatever falls due in them happens."""
        await self.env.fast_forward(self.handle, timedelta(days=days))

    async def exchange(self) -> None:
        """The customer writes, and is answered a working day later at the latest."""
        self.contacts += 1
        received_at = await self.env.get_current_time(self.handle)
        await self.do(
            "record_contact", channel="email", from_whom="customer", received_at=received_at,
            summary="Has the bank sent its papers yet? I have not heard since your last letter.",
        )  # fmt: skip
        await self.env.fast_forward(self.handle, timedelta(hours=5))
        await self.do(
            "answer_contact", contact=self.contacts,
            summary="Not yet: they have promised them for next week, and we will ring them then.",
        )  # fmt: skip


async def measure_season(folder: Path) -> list[Figure]:
    """Play the six months and measure what they left."""
    begun = datetime.now(UTC)
    async with _opened(folder, begun) as case:
        ids = [stage.id for stage in case.charter.stages]
        for number, following in enumerate([*ids[1:], None]):
            await _at_stage(case, first=number == 0, last=following is None)
            if following:
                await case.do("escalate", to=following, grounds="I am not content with the reply.")
        days = (await case.env.get_current_time(case.handle) - begun).days
        status = await case.complaints.status(REFERENCE)
        sizes = await sizes_of_all(case.env.client, case.handle)
    what = f"{len(ids) - 1} escalations, {2 * case.contacts} messages"
    return [
        Figure(f"six months ({days} days, {what})", sum(each.events for each in sizes), "events"),
        Figure("… their bytes", sum(each.bytes for each in sizes) / 1000, "KB", at_most=250),
        Figure(
            "… the longest of their histories",
            max(each.events for each in sizes),
            "events",
            at_most=500,
        ),
        Figure("… the complaint's own events", status.events),
        Figure("… promises missed", status.missed),
    ]


async def _at_stage(case: _Case, *, first: bool, last: bool) -> None:
    """Some five weeks at one stage.

    Acknowledged, three exchanges, an update, the reply, and four weeks in which the customer
    thinks about it. The last reply upholds the complaint, and what it undertakes is done.
    """
    if first:
        handler = case.who(case.stage)
        await case.do(
            "allocate", handler={"id": handler.id, "name": handler.name, "phone": "0300 1"}
        )
        await case.do("introduce")
    await case.do("acknowledge")
    for _ in range(CONTACTS // 5):
        await case.pass_days(3)
        await case.exchange()
    await case.do("update", message="We have the bank's papers and are reading them.")
    await case.pass_days(2)
    reply = SAID["reply"]
    await case.do("reply", **reply if last else reply | {"outcome": "not-upheld", "remedies": []})
    for number, _ in enumerate(reply["remedies"] if last else (), 1):
        await case.do("accept_remedy", at="manager", remedy=number)  # the assessor recommends
        await case.do("do_remedy", at="manager", remedy=number, how="Paid this morning.")
    await case.pass_days(28)


@asynccontextmanager
async def _opened(folder: Path, at: datetime) -> AsyncIterator[_Case]:
    charters = folder / "charters"
    charters.mkdir(parents=True)
    text = files("charters").joinpath(f"{CHARTER}.toml").read_text(encoding="utf-8")
    text = text.replace('stages = ["manager"]', 'stages = ["manager", "second-manager"]')
    text = text.replace(f'id = "{CHARTER}"', f'id = "{LADDER}"').replace(BEFORE, FIFTH + BEFORE)
    (charters / f"{LADDER}.toml").write_text(text, encoding="utf-8")
    settings = settings_for("season", folder, charters_dir=charters)
    async with embedded_environment(log_file=folder / "server.log") as env:
        client = env.client
        async with build_worker(client, settings, MemoryLedger(), MemoryChannel()):
            complaints = Complaints(client, settings.task_queue)
            with env.with_time_skipping_disabled():
                await complaints.open(opening(REFERENCE, at, charter=LADDER, stage="case-handler"))
            handle = client.get_workflow_handle(workflow_id(REFERENCE))
            charter = CharterBook(charters).get(LADDER)
            yield _Case(env, complaints, handle, charter, "case-handler")
