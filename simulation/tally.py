"""The tally: how each promise fared, counted clock by clock as the core left them.

Owns the counts. The new date that an apology gives is no promise of its own and is not counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import ceil

from domain.charter.rules import Rules
from domain.charter.tables import Promise
from domain.clocks.clock import ClockState
from domain.complaint.state import Complaint
from domain.complaint.views.status import days_taken

_COUNTED_AS = {
    ClockState.MET: "met",
    ClockState.MISSED: "missed",
    ClockState.STOPPED: "stopped",
    ClockState.RUNNING: "open",
    ClockState.PAUSED: "open",
}
_COMES = (ClockState.MET, ClockState.MISSED)
"""How a clock ends whose promise came, in time or perhaps late."""


@dataclass(slots=True)
class Fared:
    """How one promise fared."""

    started: int = 0
    met: int = 0
    missed: int = 0
    open: int = 0
    """Neither kept nor missed when the simulation ended."""
    stopped: int = 0
    """Neither kept nor missed, because it no longer mattered."""
    days: Counter[int] = field(default_factory=Counter)
    """How many took how many working days, in time or late."""

    @property
    def percentage(self) -> float | None:
        """Met, of those that are decided; none while none is."""
        decided = self.met + self.missed
        return 100 * self.met / decided if decided else None

    def days_within(self, share: float) -> int | None:
        """The working days within which that share of what came had come; none if nothing did."""
        place = ceil(share * self.days.total())
        for days in sorted(self.days):
            place -= self.days[days]
            if place <= 0:
                return days
        return None


class Tally:
    """How every promise fared."""

    __slots__ = ("_days", "_states", "promises")

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self.promises: dict[str, Promise] = {}
        """What was promised, by the promise's key."""
        self._states: Counter[tuple[str, ClockState]] = Counter()
        self._days: Counter[tuple[str, int | None]] = Counter()

    def add_rows(self, rules: Rules) -> None:
        """A row for each promise of the charter, also where no clock ever starts."""
        for key, rule in rules.promises.items():
            self.promises.setdefault(key, rule.promise)

    def count(self, complaint: Complaint) -> None:
        """Add the clocks of a complaint that has ended, or stands where the simulation ends."""
        rules = complaint.rules
        for clock in complaint.clocks:
            if not clock.renewal:
                self._states[clock.promise, clock.state] += 1
                if clock.state in _COMES:
                    self._days[clock.promise, days_taken(clock, rules)] += 1

    @property
    def fared(self) -> dict[str, Fared]:
        """How every promise fared, by its key, in the order of the charter."""
        found = {key: Fared() for key in self.promises}
        for (promise, state), count in self._states.items():
            fared, name = found.setdefault(promise, Fared()), _COUNTED_AS[state]
            fared.started += count
            setattr(fared, name, getattr(fared, name) + count)
        for (promise, days), count in self._days.items():
            if days is not None:
                found[promise].days[days] += count
        return found
