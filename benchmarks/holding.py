"""Measures how fast complaints are started, and how much memory an open one takes in a worker."""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import median

from benchmarks.processes import WorkerProcess
from benchmarks.sides import Side, each, settled


async def start_rates(sides: Mapping[str, Side], *, count: int, rounds: int) -> dict[str, float]:
    """Starts a second of each side, on queues that no worker polls: the medians of the rounds."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            references = [f"start-{number}-{name}-{one}" for one in range(count)]
            begun = time.perf_counter()
            await each(references, side.start)
            if number:  # the first round warms up
                rates[name].append(count / (time.perf_counter() - begun))
    return {name: median(found) for name, found in rates.items()}


async def bytes_each(side: Side, worker: WorkerProcess, *, count: int, warm: int) -> float:
    """The resident memory that one more open workflow takes in a worker that has just started."""
    await _open(side, [f"warm-{worker.queue}-{number}" for number in range(warm)])
    before = await worker.resident_bytes()
    await _open(side, [f"open-{worker.queue}-{number}" for number in range(count)])
    return (await worker.resident_bytes() - before) / count


async def _open(side: Side, references: list[str]) -> None:
    async def open_one(reference: str) -> None:
        await side.start(reference)
        await settled(side, reference)

    await each(references, open_one)
