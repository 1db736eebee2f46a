"""Measures simulation: a year of complaints under each charter that the core is measured with.

Owns the span. The scenario is the usual one, so that what is measured is what `uphold simulate` does.
For scale, the arrivals of the first charter also pass through a plain queue in simpy, without a core:
each waits for one of as many people, who are busy with the reply for as long as here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from datetime import date
from statistics import median
from typing import Any

import simpy

from benchmarks.core import CHARTERS, SEED, YEAR, year_of
from benchmarks.report import Figure
from domain.vocabulary import Role
from simulation.run import World
from simulation.scenario.model import Scenario, Span, Task

DAYS = 365


def measure_simulation(count: int, passes: int = 3) -> list[Figure]:
    """Simulate `count` complaints under each charter, `passes` times; medians.

    Complaints a second on one core, from the first arrival to the last figure.
    """
    found, worlds = [], []
    for name, _ in CHARTERS:
        rules = year_of(name)
        worlds.append(
            world := World(Scenario(), Span(count, DAYS, date(YEAR, 1, 5), SEED), (rules,))
        )
        events = sum(world.play(rules).events.values())  # this fills the tables of the calendar
        taken = _seconds(lambda world=world, rules=rules: world.play(rules), passes)  # type: ignore[misc]
        found.append((name, events / count, taken))
    seconds = sum(taken for _, _, taken in found)
    plain = _seconds(lambda: play_plain_queue(worlds[0]), passes)
    return [
        Figure("simulation, one core", len(CHARTERS) * count / seconds, "/s", at_least=5000),
        *(
            Figure(f"… {name}, {events:.1f} events each", count / taken, "/s")
            for name, events, taken in found
        ),
        Figure("… a plain queue of the same arrivals, in simpy", count / plain, "/s"),
    ]


def play_plain_queue(world: World) -> int:
    """How many were served in the end, all of one role, around the clock."""
    env = simpy.Environment()
    people = simpy.Resource(env, capacity=world.staff[Role.CASE_HANDLER])
    minutes = world.scenario.time_for(Role.CASE_HANDLER, Task.REPLY)
    served = 0

    def complaint(at: int, number: int) -> Generator[simpy.Event, Any, None]:
        nonlocal served
        yield env.timeout(at)
        with people.request() as turn:
            yield turn
            yield env.timeout(60 * minutes.quantile(world.streams.of_stage(number, 0).reply))
        served += 1

    for at, number in world.arrivals:
        env.process(complaint(at, number))
    env.run()
    return served


def _seconds(play: Callable[[], Any], passes: int) -> float:
    """The processor time of one run: the median of the passes."""
    taken = []
    for _ in range(passes):
        begun = time.process_time()
        play()
        taken.append(time.process_time() - begun)
    return median(taken)
