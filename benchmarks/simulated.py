"""Measures simulation: a year of complaints under each charter that the core is measured with.

Owns the span. The scenario is the usual one, so that what is measured is what `uphold simulate` does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from activities.charter_files import CharterBook
from activities.charters import resolve
from benchmarks.core import CHARTERS, SEED, YEAR
from domain.charter.rules import Rules, pack, unpack
from simulation.run import World
from simulation.scenario import Scenario, Span

DAYS = 365


@dataclass(frozen=True, slots=True)
class Simulated:
    """Complaints a second on one core, from the first arrival to the last figure."""

    per_second: float
    by_charter: dict[str, float]
    events_each: dict[str, float]
    """How many events a complaint had, by charter: what a complaint costs is what happens in it."""


def measure_simulation(count: int, passes: int = 3) -> Simulated:
    """Simulate `count` complaints under each charter, `passes` times; medians."""
    book, first_day = CharterBook(), date(YEAR, 1, 5)
    received = datetime(YEAR, 1, 1, tzinfo=UTC)
    by_charter, events_each, seconds = {}, {}, 0.0
    for name, _ in CHARTERS:
        rules = unpack(pack(*resolve(book, name, received, received + timedelta(days=DAYS + 366))))
        world = World(Scenario(), Span(count, DAYS, first_day, SEED), (rules,))
        world.play(rules)  # the first pass fills the tables of the calendar
        runs = [_timed(world, rules) for _ in range(passes)]
        middle = sorted(taken for taken, _ in runs)[passes // 2]
        seconds += middle
        by_charter[name] = count / middle
        events_each[name] = runs[0][1] / count
    return Simulated(len(CHARTERS) * count / seconds, by_charter, events_each)


def _timed(world: World, rules: Rules) -> tuple[float, int]:
    """The seconds that one run took, and the events in it."""
    begun = time.process_time()
    result = world.play(rules)
    return time.process_time() - begun, sum(result.events.values())
