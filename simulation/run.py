"""A run: a charter, a scenario and a seed in, how every promise fared and where the queues stand out.

Owns the order in which a simulation is put together. The result is a plain value: the same
arguments give the same one, on every machine.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from domain.charter.rules import Rules
from domain.vocabulary import Role
from simulation.play.behaviour import Play
from simulation.play.loop import Observer
from simulation.results.promises import Tally
from simulation.results.queues import MonthEnds
from simulation.results.result import Result, result_of
from simulation.scenario.model import BadScenario, Scenario, Span
from simulation.world.arrivals import arrival_times, check_stages
from simulation.world.random_streams import RandomStreams
from simulation.world.staffing import check_roles, roles_of, suggested, working_hours
from simulation.world.working_time import Timeline

Progress = Callable[[int], None]


class World:
    """What two charters share: the days, the arrivals, the people and everybody's draws."""

    def __init__(self, scenario: Scenario, span: Span, charters: tuple[Rules, ...]) -> None:
        """The first of the charters says on which days complaints come, and to which stages.

        Raises `BadScenario`, and `BeyondCalendar` for days that the calendar does not know.
        """
        first = charters[0]
        for rules in charters:
            timeline = Timeline.of(rules.calendar, span.first_day, span.days)
            if not timeline.working_days:
                raise BadScenario("--days", f"{rules.charter.id} has no working day among them")
        timeline = Timeline.of(first.calendar, span.first_day, span.days)
        check_stages(scenario.arrivals, first)
        check_roles(scenario.staff, charters)
        self.scenario, self.span = scenario, span
        self.streams = RandomStreams(span.seed)
        asked_for = {
            role: count
            for rules in reversed(charters)
            for role, count in suggested(rules, scenario, span, timeline).items()
        }
        self.staff: Mapping[Role, int] = asked_for | dict(scenario.staff)
        self.suggested = frozenset(self.staff.keys() - scenario.staff.keys())
        """The roles for which the scenario names no number of people."""
        self.arrivals = arrival_times(scenario.arrivals, span, timeline, self.streams)
        self._began = timeline.beginning

    def play(
        self, rules: Rules, progress: Progress = lambda _: None, observer: Observer | None = None
    ) -> Result:
        """What becomes of these complaints under the charter."""
        span, scenario, streams = self.span, self.scenario, self.streams
        timeline = replace(
            Timeline.of(rules.calendar, span.first_day, span.days), beginning=self._began
        )
        people = {
            role: working_hours(role, self.staff.get(role, 0), scenario.absence, timeline, streams)
            for role in roles_of(rules)
        }
        tally = Tally(rules)
        play = Play(rules, scenario, timeline, people, streams, tally.count, observer)
        months = MonthEnds(play)
        with _little_collecting():
            play.run(self.arrivals, play.arrive, progress)
        return result_of(play, span, tally, months.queues(self.suggested))


@contextmanager
def _little_collecting() -> Iterator[None]:
    """Look for cycles less often: values that never change make none, and there are millions."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
