"""Measures workflows on the server: stories in rounds, histories, starts, memory."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle

from benchmarks.report import PER_SECOND, SERVER_CPU, STARTS, WORKER_CPU, Sides
from benchmarks.server.processes import WorkerProcess, cpu_seconds
from benchmarks.server.sides import IN_FLIGHT, ComplaintSide, Side, clear, each, settled
from benchmarks.story import SAID

SKIPPING = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    }
)
"""What a server writes only because time is skipped."""


class Size(NamedTuple):
    """How long a history is: events, and bytes as the server counts them."""

    events: float
    bytes: float


@dataclass(frozen=True, slots=True)
class Contender:
    """A side and the worker that serves it."""

    side: Side
    worker: WorkerProcess


def told_in_rounds(count: int, rounds: int) -> int:
    """How many complaints `measure_rounds` tells on each side, with those of the warm-up."""
    return rounds * count + _warming(count)


def _warming(count: int) -> int:
    return max(2, count // 4)


async def measure_rounds(
    contenders: Mapping[str, Contender], server_pid: int, *, count: int, rounds: int
) -> Sides:
    """The medians of each contender in interleaved rounds, after a warm-up that is not counted.

    A round starts all its complaints, then sends each verb to all of them, so that every message
    arrives when its workflow waits.
    """
    done: dict[str, list[dict[str, float]]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, contender in contenders.items():
            prefix = f"round-{number}-{contender.worker.kind}"
            many = count if number else _warming(count)
            played = await _play(contender, server_pid, [f"{prefix}-{n}" for n in range(many)])
            if number:
                done[name].append(played)
    return {
        name: {row: median(played[row] for played in found) for row in found[0]}
        for name, found in done.items()
    }


async def _play(contender: Contender, server_pid: int, references: list[str]) -> dict[str, float]:
    side, count = contender.side, len(references)

    def used() -> list[float]:
        worker, server = contender.worker.cpu_seconds(), cpu_seconds(server_pid)
        return [worker, server, time.process_time(), time.perf_counter()]

    begun = used()
    await each(references, side.start)
    for reference in references[-IN_FLIGHT:]:
        await settled(side, reference)
    for step in range(len(SAID)):
        await each(references, lambda reference, step=step: side.act(reference, step))  # type: ignore[misc]
    await side.done(references[-1])  # what is asked too early is asked again
    await each(references[:-1], side.done)
    *computed, seconds = (now - then for now, then in zip(used(), begun, strict=True))
    await each(references, lambda reference: clear(side, reference))  # outside of what is timed
    rows = (WORKER_CPU, SERVER_CPU, "client CPU, ms")
    spent = {row: 1000 * each / count for row, each in zip(rows, computed, strict=True)}
    return {PER_SECOND: count / seconds, **spent}


async def size_of(side: Side, reference: str) -> Size:
    """The history by now, once the workflow waits or has ended."""
    found = await settled(side, reference)
    return Size(found.history_length, found.raw_info.history_size_bytes)


async def story_size(side: Side, reference: str) -> Size:
    """The history of one story told alone, each message sent when the workflow waits."""
    await side.start(reference)
    for step in range(len(SAID)):
        await settled(side, reference)
        await side.act(reference, step)
    await side.done(reference)
    found = await size_of(side, reference)
    await clear(side, reference)
    return found


async def update_size(side: ComplaintSide, reference: str) -> Size:
    """What one further staff update adds to an open complaint: its record and one notice."""
    await side.start(reference)
    await settled(side, reference)
    await side.act(reference, 0)
    before = await size_of(side, reference)
    await side.send("update", reference, {"message": "We have asked the bank for its papers."})
    after = await size_of(side, reference)
    await clear(side, reference)
    return Size(after.events - before.events, after.bytes - before.bytes)


async def remedy_size(side: ComplaintSide, reference: str) -> Size:
    """What one remedy adds to the history of the whole complaint, from promise to done."""
    remedies = SAID["reply"]["remedies"]
    plain = await _to_the_end(side, f"{reference}-plain", [])
    told = await _to_the_end(side, reference, remedies)
    count = len(remedies)
    return Size((told.events - plain.events) / count, (told.bytes - plain.bytes) / count)


async def _to_the_end(side: ComplaintSide, reference: str, remedies: list[str]) -> Size:
    """The history of a story with these remedies, each of which is done."""
    await side.start(reference)
    for verb, said in SAID.items():
        await settled(side, reference)
        reply = {"remedies": remedies} if verb == "reply" else {}
        await side.send(verb, reference, {**said, **reply})
    for number in range(1, len(remedies) + 1):
        await settled(side, reference)
        await side.send("do_remedy", reference, {"remedy": number, "how": "Paid this morning."})
    found = await size_of(side, reference)
    await clear(side, reference)  # it would still be heard for three months
    return found


async def sizes_of_all(client: Client, handle: WorkflowHandle[Any, Any]) -> list[Size]:
    """The sizes of all histories of a workflow, the first one first, as `size_without_skipping` counts."""
    run_id, sizes = (await handle.describe()).raw_info.first_run_id, []
    while run_id:
        run = client.get_workflow_handle(handle.id, run_id=run_id)
        sizes.append(await size_without_skipping(run))
        last = (await run.fetch_history()).events[-1]
        run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return sizes


async def size_without_skipping(handle: WorkflowHandle[Any, Any]) -> Size:
    """A history without what skipping time has added to it."""
    found = await handle.describe()
    history = await handle.fetch_history()
    skipping = [event for event in history.events if event.event_type in SKIPPING]
    told = found.raw_info.history_size_bytes - sum(event.ByteSize() for event in skipping)
    return Size(len(history.events) - len(skipping), told)


async def start_rates(sides: Mapping[str, Side], *, count: int, rounds: int) -> Sides:
    """Starts a second of each side, on queues that no worker polls: the medians of the rounds."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            references = [f"start-{number}-{name}-{one}" for one in range(count)]
            begun = time.perf_counter()
            await each(references, side.start)
            if number:  # the first round warms up
                rates[name].append(count / (time.perf_counter() - begun))
    return {name: {STARTS: median(found)} for name, found in rates.items()}


async def bytes_each(contender: Contender, count: int) -> float:
    """The resident memory that one more open workflow takes in a worker that has just started."""
    side, worker = contender.side, contender.worker

    async def open_one(reference: str) -> None:
        await side.start(reference)
        await settled(side, reference)

    warm = max(2, count // 10)
    await each([f"warm-{worker.queue}-{number}" for number in range(warm)], open_one)
    before = await worker.resident_bytes()
    await each([f"open-{worker.queue}-{number}" for number in range(count)], open_one)
    return (await worker.resident_bytes() - before) / count
