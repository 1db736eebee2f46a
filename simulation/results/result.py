"""The result of a run, as a value that can be written as JSON, and how two results differ.

Owns its shape. Two results are compared that met the same complaints, people and draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from simulation.play.behaviour import Play
from simulation.play.lifecycle import Place
from simulation.results.promises import PromiseResult, Tally
from simulation.results.queues import Queue
from simulation.scenario.model import Span


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the complaints under one charter."""

    charter: str
    version: str
    complaints: int
    days: int
    first_day: str
    seed: int
    places: dict[str, int]
    """Where every complaint is at the end; the places add up to `complaints`."""
    promises: tuple[PromiseResult, ...]
    queues: tuple[Queue, ...]
    events: dict[str, int]
    """How often each kind of event happened."""
    refusals: dict[str, int]
    """What the core refused to take, by name; a scenario that fits its charter has none."""
    unattended: int
    """Times that nobody was left who may review a stage."""


def result_of(play: Play, span: Span, tally: Tally, queues: tuple[Queue, ...]) -> Result:
    """The result of a play that has ended."""
    charter = play.rules.charter
    return Result(
        charter=charter.id,
        version=charter.version,
        complaints=span.complaints,
        days=span.days,
        first_day=span.first_day.isoformat(),
        seed=span.seed,
        places={place.value: play.places[place] for place in Place},
        promises=tally.results(),
        queues=queues,
        events=dict(sorted(play.happened.items())),
        refusals=dict(sorted(play.refusals.items())),
        unattended=play.unattended,
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more or less of a promise the second has; none where one of the two has no figure."""

    promise: str
    started: int | None
    met: int | None
    missed: int | None
    percentage: float | None
    median_days: float | None
    p90_days: float | None


@dataclass(frozen=True, slots=True)
class QueueDifference:
    """The same for a role."""

    role: str
    waiting: int | None
    longest_wait_days: float | None
    utilisation: float | None


def differences(first: Result, second: Result) -> tuple[Difference, ...]:
    """For every promise of either, those of the first before the others."""
    return tuple(_differences(Difference, first.promises, second.promises))


def queue_differences(first: Result, second: Result) -> tuple[QueueDifference, ...]:
    """For every role of either."""
    return tuple(_differences(QueueDifference, first.queues, second.queues))


def _differences(kind: type[Any], first: tuple[Any, ...], second: tuple[Any, ...]) -> Iterator[Any]:
    key, *names = (field.name for field in fields(kind))
    ours, theirs = ({getattr(row, key): row for row in rows} for rows in (first, second))
    for each in {**ours, **theirs}:
        yield kind(each, *(_less(ours.get(each), theirs.get(each), name) for name in names))


def _less(one: Any, other: Any, name: str) -> Any:
    """The other's figure less the first's; whole numbers stay whole."""
    first, second = getattr(one, name, None), getattr(other, name, None)
    return None if first is None or second is None else round(second - first, 2)
