"""One whole run: every measurement, one after the other, in a folder that is thrown away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.client import Client

from benchmarks import histories, holding
from benchmarks.core import measure_core
from benchmarks.processes import worker_process
from benchmarks.report import BARE, COMPLAINT, WORKED, Figures
from benchmarks.rounds import Contender, Round, measure_rounds
from benchmarks.season import measure_season
from benchmarks.sides import BareSide, ComplaintSide, Side
from benchmarks.simulated import measure_simulation
from engine.connect import connect_here
from engine.dev_server import DevServer, start_dev_server

KINDS = {COMPLAINT: "complaint", BARE: "bare", WORKED: "worked"}
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
    told: int = 10_000
    """How many are told to the core alone, in each pass."""
    simulated: int = 5000
    """How many are simulated under each charter, in each pass."""


QUICK = Plan(complaints=40, rounds=3, starts=100, held=200, told=2000, simulated=500)


async def measure(plan: Plan, progress: Progress) -> Figures:
    """Everything; tells `progress` what it is at."""
    with TemporaryDirectory(prefix="uphold-bench-") as name:
        folder = Path(name)
        progress("the core alone")
        core = measure_core(plan.told)
        progress("simulation")
        simulated = measure_simulation(plan.simulated)
        progress("six months on skipped time")
        season = await measure_season(folder / "season")
        async with start_dev_server(folder / "temporal.sqlite3") as server:
            client = await connect_here(server.address, PATIENCE)
            progress("stories, side by side")
            rounds, stories, update = await _stories(plan, server, client, folder / "stories")
            progress("starts")
            sides = {name: _side(name, client, "nobody-polls") for name in (COMPLAINT, BARE)}
            starts = await holding.start_rates(sides, count=plan.starts, rounds=plan.rounds)
            progress("memory")
            memory = {
                name: await _memory(name, plan, server, client, folder / "memory")
                for name in (COMPLAINT, BARE)
            }
    counts = {
        "stories a round": plan.complaints,
        "rounds": plan.rounds,
        "starts a round": plan.starts,
        "open ones": plan.held,
        "stories told to the core": plan.told,
        "complaints simulated under each charter": plan.simulated,
    }
    return Figures(counts, rounds, stories, update, starts, memory, season, core, simulated)


async def _stories(
    plan: Plan, server: DevServer, client: Client, folder: Path
) -> tuple[dict[str, Round], dict[str, histories.Size], histories.Size]:
    async with AsyncExitStack() as workers:
        contenders = {}
        for name, kind in KINDS.items():
            process = worker_process(kind, server.address, folder)
            worker = await workers.enter_async_context(process)
            contenders[name] = Contender(_side(name, client, worker.queue), worker)
        sizes = {
            name: await histories.story_size(one.side, f"story-{KINDS[name]}")
            for name, one in contenders.items()
        }
        ours = ComplaintSide(client, contenders[COMPLAINT].worker.queue)
        update = await histories.update_size(ours, "story-update")
        pid = server.process.pid
        found = await measure_rounds(contenders, pid, count=plan.complaints, rounds=plan.rounds)
        return found, sizes, update


async def _memory(name: str, plan: Plan, server: DevServer, client: Client, folder: Path) -> float:
    async with worker_process(KINDS[name], server.address, folder) as worker:
        side = _side(name, client, worker.queue)
        warm = max(2, plan.held // 10)
        return await holding.bytes_each(side, worker, count=plan.held, warm=warm)


def _side(name: str, client: Client, queue: str) -> Side:
    if name == COMPLAINT:
        return ComplaintSide(client, queue)
    return BareSide(client, queue)
