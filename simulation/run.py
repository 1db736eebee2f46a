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
from simulation.arrivals import Openings, arrival_times
from simulation.hours import Second, Timeline
from simulation.loop import Watch
from simulation.luck import Luck
from simulation.play import Play
from simulation.queues import MonthEnds
from simulation.result import Result, result_of
from simulation.scenario import BadScenario, Scenario, Span
from simulation.staffing import check_roles, desks_of, roles_of, suggested

MOST_COMPLAINTS = 5_000_000
MOST_DAYS = 1_096
Moved = Callable[[int], None]


def check_span(span: Span) -> None:
    """Raise `BadScenario` for counts that nobody can mean."""
    for option, value, most in (
        ("--complaints", span.complaints, MOST_COMPLAINTS),
        ("--days", span.days, MOST_DAYS),
    ):
        if not 1 <= value <= most:
            raise BadScenario(option, f"{value} is out of bounds", f"1 to {most:,}")


class World:
    """What two charters share: the days, the arrivals, the people and everybody's luck."""

    def __init__(self, scenario: Scenario, span: Span, charters: tuple[Rules, ...]) -> None:
        """The first of the charters says on which days complaints come, and to which stages.

        Raises `BadScenario`, and `BeyondCalendar` for days that the calendar does not know.
        """
        check_span(span)
        first = charters[0]
        timeline = Timeline.of(first.calendar, span.first_day, span.days)
        Openings(scenario.arrivals, first)  # refuses a stage that opens no complaints
        self.span, self.luck = span, Luck(span.seed)
        check_roles(scenario.staff, charters)
        asked_for = {
            role: count
            for rules in reversed(charters)
            for role, count in suggested(rules, scenario, span, timeline).items()
        }
        self.staff: Mapping[Role, int] = asked_for | dict(scenario.staff)
        self.suggested = frozenset(self.staff.keys() - scenario.staff.keys())
        """The roles for which the scenario names no number of people."""
        self.scenario = scenario
        self.arrivals: list[tuple[Second, int]] = arrival_times(
            scenario.arrivals, span, timeline, self.luck
        )
        self._began = timeline.beginning

    def play(
        self, rules: Rules, moved: Moved = lambda _: None, watch: Watch | None = None
    ) -> Result:
        """What becomes of these complaints under the charter."""
        span, scenario = self.span, self.scenario
        timeline = replace(
            Timeline.of(rules.calendar, span.first_day, span.days), beginning=self._began
        )
        desks = desks_of(roles_of(rules), self.staff, scenario.absence, timeline, self.luck)
        play = Play(rules, scenario, timeline, desks, self.luck, watch)
        months = MonthEnds(play)
        with _little_collecting():
            play.run(self.arrivals, play.arrive, moved)
        return result_of(play, months, self)


@contextmanager
def _little_collecting() -> Iterator[None]:
    """Look for cycles less often: values that never change make none, and there are millions."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
