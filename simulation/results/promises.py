"""How each promise fared, counted clock by clock as the core left them.

Owns the counts and their figures. The new date that an apology gives is no promise of its own and is
not counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import ceil

from domain.charter.rules import Rules
from domain.charter.tables import Promise
from domain.clocks.clock import ClockState
from domain.complaint.state import Complaint
from domain.complaint.views.read_model import days_taken
from domain.quality.figures import percentage_of, reaches

_COMES = (ClockState.MET, ClockState.MISSED, ClockState.PASSED)
"""How a clock ends whose promise came, in time or perhaps late."""


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
    """Of what is no promise: passed."""
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
        return reaches(self.met, self.met + self.missed, self.target)


class Tally:
    """The counts of every promise."""

    __slots__ = ("_days", "_promises", "_states")

    def __init__(self, *charters: Rules) -> None:
        """Every promise of the charters has a row, also where no clock ever starts."""
        self._promises: dict[str, Promise] = {}
        self._states: Counter[tuple[str, ClockState]] = Counter()
        self._days: Counter[tuple[str, int | None]] = Counter()
        for rules in charters:
            self.add_rows(rules)

    def add_rows(self, rules: Rules) -> None:
        """A row for each promise of one more charter."""
        for key, rule in rules.promises.items():
            self._promises.setdefault(key, rule.promise)

    def count(self, complaint: Complaint) -> None:
        """Add the clocks of a complaint that has ended, or stands where the simulation ends."""
        for clock in complaint.clocks:
            if not clock.renewal:
                self._states[clock.promise, clock.state] += 1
                if clock.state in _COMES:
                    self._days[clock.promise, days_taken(clock, complaint.rules)] += 1

    def results(self) -> tuple[PromiseResult, ...]:
        """How every promise fared, in the order of the charter."""
        return tuple(self._result(key, promise) for key, promise in self._promises.items())

    def _result(self, key: str, promise: Promise) -> PromiseResult:
        count = {state: self._states[key, state] for state in ClockState}
        met, missed = count[ClockState.MET], count[ClockState.MISSED] + count[ClockState.PASSED]
        days = sorted(
            (n, times) for (of, n), times in self._days.items() if of == key and n is not None
        )
        return PromiseResult(
            promise=promise.key,
            text=promise.text,
            target=promise.target,
            started=sum(count.values()),
            met=met,
            missed=missed,
            open=count[ClockState.RUNNING] + count[ClockState.PAUSED],
            stopped=count[ClockState.STOPPED],
            percentage=percentage_of(met, met + missed),
            median_days=_days_within(0.5, days),
            p90_days=_days_within(0.9, days),
        )


def _days_within(share: float, counts: list[tuple[int, int]]) -> int | None:
    """The working days within which that share of what came had come; none if nothing did."""
    place = ceil(share * sum(times for _, times in counts))
    for days, times in counts:
        place -= times
        if place <= 0:
            return days
    return None
