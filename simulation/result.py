"""The result of a run, as a value that can be compared and written as JSON.

Owns its shape. Figures are rounded here and nowhere else.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from domain.charter.tables import Promise
from simulation.life import Where
from simulation.queues import MonthEnds, Queue
from simulation.tally import Fared, Tally

if TYPE_CHECKING:
    from simulation.play import Play
    from simulation.run import World


@dataclass(frozen=True, slots=True)
class PromiseResult:
    """How one promise fared. Days are working days from day 0 until it was done, in time or late."""

    promise: str
    text: str
    target: float | None
    """The percentage that the charter aims at."""
    started: int
    met: int
    missed: int
    open: int
    """Neither, when the simulation ended."""
    stopped: int
    """Neither, because it no longer mattered."""
    percentage: float | None
    """Met, of those that are decided."""
    median_days: int | None
    p90_days: int | None

    @property
    def on_target(self) -> bool | None:
        """Whether the target is reached; none without a target or without a figure."""
        if self.target is None or self.percentage is None:
            return None
        return self.percentage >= self.target


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

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)


def result_of(play: Play, months: MonthEnds, world: World) -> Result:
    """The result of a play that has ended."""
    rules, span = play.rules, world.span
    return Result(
        charter=rules.charter.id,
        version=rules.charter.version,
        complaints=span.complaints,
        days=span.days,
        first_day=span.first_day.isoformat(),
        seed=span.seed,
        places={place.value: play.places[place] for place in Where},
        promises=promises_of(play.tally),
        queues=months.queues(world.suggested),
        events=dict(sorted(play.happened.items())),
        refusals=dict(sorted(play.refusals.items())),
        unattended=play.unattended,
    )


def promises_of(tally: Tally) -> tuple[PromiseResult, ...]:
    """How every promise fared, in the order of the charter."""
    return tuple(_promise(tally.promises[key], each) for key, each in tally.fared.items())


def _promise(promise: Promise, fared: Fared) -> PromiseResult:
    percentage = fared.percentage
    return PromiseResult(
        promise=promise.key,
        text=promise.text,
        target=promise.target,
        started=fared.started,
        met=fared.met,
        missed=fared.missed,
        open=fared.open,
        stopped=fared.stopped,
        percentage=None if percentage is None else round(percentage, 2),
        median_days=fared.days_within(0.5),
        p90_days=fared.days_within(0.9),
    )
