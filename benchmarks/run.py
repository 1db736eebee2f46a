"""One whole run: every measurement, one after the other, in a folder that is thrown away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.client import Client

from benchmarks.core import measure_beside, measure_core
from benchmarks.report import (
    BARE,
    COMPLAINT,
    HISTORY_BYTES,
    LEDGER_BYTES,
    SEALED,
    WORKED,
    Figure,
    Sides,
    compared,
    sealed_beside,
)
from benchmarks.server import measures
from benchmarks.server.measures import Contender
from benchmarks.server.processes import worker_process
from benchmarks.server.season import measure_season
from benchmarks.server.sides import BareSide, ComplaintSide, Side
from benchmarks.server.starting import measure_starting
from benchmarks.simulated import measure_simulation
from engine.connect import connect_here
from engine.dev_server import DevServer, start_dev_server
from ledger.keys.at_url import KeysAt
from sealing.beside import ring_beside
from sealing.data_keys import keys_of

KINDS = {COMPLAINT: "complaint", BARE: "bare", WORKED: "worked", SEALED: "sealed"}
PATIENCE = timedelta(seconds=30)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    complaints: int = 120
    """In each round, on each side."""
    rounds: int = 3
    starts: int = 300
    held: int = 1000
    """How many are opened and left open, to see what memory they take."""
    started: int = 7
    """How often each staff command is run."""
    told: int = 10_000
    """How many are told to the core alone, in each pass."""
    simulated: int = 5000
    """How many are simulated under each charter, in each pass."""
    reported: int = 100_000
    """How many are in the ledger that a report is made of."""


QUICK = Plan(40, starts=100, held=200, started=3, told=2000, simulated=500, reported=5000)


async def measure(
    plan: Plan, progress: Progress, other: Path | None = None
) -> tuple[list[Figure], Sides]:
    """Everything but the report; tells `progress` what it is at.

    `other` is a checkout to compare the core with.
    """
    with TemporaryDirectory(prefix="uphold-bench-") as place:
        folder = Path(place)
        progress("the core alone")
        figures = measure_core(plan.told)
        figures += measure_beside(other, plan.told) if other else []
        progress("simulation")
        figures += measure_simulation(plan.simulated)
        progress("six months on skipped time")
        figures += await measure_season(folder / "season")
        async with start_dev_server(folder / "temporal.sqlite3") as server:
            client = await connect_here(server.address, PATIENCE)
            progress("stories, side by side")
            async with AsyncExitStack() as workers:
                contenders = {
                    name: await workers.enter_async_context(
                        _contender(name, client, server, folder / "stories")
                    )
                    for name in KINDS
                }
                sides, sizes = await _stories(plan, server, contenders)
                progress("starting a command")
                ledger = contenders[COMPLAINT].worker.ledger_url
                figures += await asyncio.to_thread(
                    measure_starting, server.address, ledger, folder, plan.started
                )
            progress("starts")
            idle = {name: _side(name, client, "nobody-polls") for name in (COMPLAINT, BARE)}
            starts = await measures.start_rates(idle, count=plan.starts, rounds=plan.rounds)
            progress("memory")
            for name in (COMPLAINT, BARE):
                async with _contender(name, client, server, folder / "memory") as held:
                    size = await measures.bytes_each(held, plan.held)
                sides[name] |= starts[name] | {"an open one in memory, MB": size / 1e6}
    memory = sides[COMPLAINT]["an open one in memory, MB"]
    figures.append(Figure("an open complaint in memory", memory, "MB", at_most=0.12))
    return [*compared(sides), *sealed_beside(sides), *sizes, *figures], sides


async def _stories(
    plan: Plan, server: DevServer, contenders: dict[str, Contender]
) -> tuple[Sides, list[Figure]]:
    stories = {
        name: await measures.story_size(one.side, f"story-{KINDS[name]}")
        for name, one in contenders.items()
    }
    ours = contenders[COMPLAINT].side
    assert isinstance(ours, ComplaintSide)
    update = await measures.update_size(ours, "story-update")
    remedy = await measures.remedy_size(ours, "story-remedy")
    before = {name: one.worker.ledger_bytes() for name, one in contenders.items()}
    found = await measures.measure_rounds(
        contenders, server.process.pid, count=plan.complaints, rounds=plan.rounds
    )
    told = measures.told_in_rounds(plan.complaints, plan.rounds)
    for name, size in stories.items():
        written = contenders[name].worker.ledger_bytes() - before[name]
        found[name] |= {"history events": size.events, HISTORY_BYTES: size.bytes}
        found[name][LEDGER_BYTES] = written / told
    story = stories[COMPLAINT]
    return found, [
        Figure("history of the story", story.events, "events", at_most=54),
        Figure("… its bytes, charter included", story.bytes / 1000, "KB", at_most=14),
        Figure("a staff update, its record, one notice", update.events, "events", at_most=11),
        Figure("a remedy, from promise to done", remedy.events, "events", at_most=11),
        Figure("… its bytes", remedy.bytes / 1000, "KB"),
    ]


@asynccontextmanager
async def _contender(
    name: str, client: Client, server: DevServer, folder: Path
) -> AsyncIterator[Contender]:
    async with worker_process(KINDS[name], server.address, folder) as worker:
        if keys := keys_of(ring_beside(worker.ledger_url), KeysAt(worker.ledger_url)):
            client = await connect_here(server.address, PATIENCE, keys)
        yield Contender(_side(name, client, worker.queue), worker)


def _side(name: str, client: Client, queue: str) -> Side:
    told = ComplaintSide if name in {COMPLAINT, SEALED} else BareSide
    return told(client, queue)
