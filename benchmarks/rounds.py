"""Measures the story on the server: complaints a second, and who computes for how long.

Owns the interleaved rounds. A round starts all its complaints, then sends each verb to all of
them, so that every message arrives when its workflow waits.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.processes import WorkerProcess, cpu_seconds
from benchmarks.sides import IN_FLIGHT, Side, each, settled

ACTS = 3


@dataclass(frozen=True, slots=True)
class Round:
    """What one side did in one round."""

    per_second: float
    worker_ms: float
    """What its worker computed for each complaint, in milliseconds."""
    server_ms: float
    client_ms: float
    """The same for the process that sends, which both sides share."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A side and the worker that serves it."""

    side: Side
    worker: WorkerProcess


async def measure_rounds(
    contenders: Mapping[str, Contender], server_pid: int, *, count: int, rounds: int
) -> dict[str, Round]:
    """The medians of each contender, after a warm-up that is not counted."""
    done: dict[str, list[Round]] = {name: [] for name in contenders}
    for contender in contenders.values():
        await _play(contender, server_pid, f"warm-{contender.worker.kind}", max(2, count // 4))
    for number in range(rounds):
        for name, contender in contenders.items():
            prefix = f"round-{number}-{contender.worker.kind}"
            done[name].append(await _play(contender, server_pid, prefix, count))
    return {name: _medians(found) for name, found in done.items()}


async def _play(contender: Contender, server_pid: int, prefix: str, count: int) -> Round:
    side, references = contender.side, [f"{prefix}-{number}" for number in range(count)]
    server, worker, client = cpu_seconds(server_pid), contender.worker.cpu_seconds(), _own()
    begun = time.perf_counter()
    await each(references, side.start)
    for reference in references[-IN_FLIGHT:]:
        await settled(side, reference)
    for step in range(ACTS):

        async def act(reference: str, step: int = step) -> None:
            await side.act(reference, step)

        await each(references, act)

    async def end(reference: str) -> None:
        await side.handle(reference).result()

    await each(references, end)
    seconds = time.perf_counter() - begun
    return Round(
        count / seconds,
        1000 * (contender.worker.cpu_seconds() - worker) / count,
        1000 * (cpu_seconds(server_pid) - server) / count,
        1000 * (_own() - client) / count,
    )


def _own() -> float:
    return time.process_time()


def _medians(rounds: list[Round]) -> Round:
    return Round(
        median(one.per_second for one in rounds),
        median(one.worker_ms for one in rounds),
        median(one.server_ms for one in rounds),
        median(one.client_ms for one in rounds),
    )
