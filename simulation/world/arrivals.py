"""Arrivals: when each complaint comes, and from whom by which channel.

Owns the three patterns and the openings. When a complaint comes depends on its own draws and on the
days of the charter that is simulated first, so that a second charter meets the same complaints.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from typing import Generic, TypeVar

from domain.charter.rules import Rules
from domain.complaint.opening import Complainant, Opening, Representative
from domain.vocabulary import Channel, Correspondent, Topic
from simulation.scenario.model import Arrivals, BadScenario, Pattern, Span
from simulation.world.random_streams import ArrivalDraws, RandomStreams
from simulation.world.working_time import Second, Timeline

Kind = TypeVar("Kind", bound=Hashable)


class Mix(Generic[Kind]):
    """Kinds with their weights, of which a draw picks one."""

    __slots__ = ("_bounds", "_kinds")

    def __init__(self, weights: Mapping[Kind, float]) -> None:
        """At least one weight is above 0."""
        chosen = {kind: weight for kind, weight in weights.items() if weight}
        whole = sum(chosen.values())
        self._bounds = [bound / whole for bound in accumulate(chosen.values())]
        self._kinds = (*chosen, *list(chosen)[-1:])  # a draw of 1 is the last kind's

    def pick(self, draw: float) -> Kind:
        """The kind into whose share the draw falls."""
        return self._kinds[bisect_right(self._bounds, draw)]


def arrival_times(
    arrivals: Arrivals, span: Span, timeline: Timeline, streams: RandomStreams
) -> list[tuple[Second, int]]:
    """When each complaint comes, with its number from 1 on, in the order of their coming."""
    office = timeline.office
    if arrivals.pattern is Pattern.WEEKLY:
        when = _by_week(arrivals, timeline)
    else:
        # A Poisson process of so many complaints is so many instants, each anywhere in working time.
        def when(part: float) -> Second:
            return office.instant_of(max(1, round(part * office.total)))

    numbers = range(1, span.complaints + 1)
    if arrivals.pattern is Pattern.UNIFORM:
        return [(when((number - 0.5) / span.complaints), number) for number in numbers]
    return sorted((when(streams.of_arrival(number).arrival), number) for number in numbers)


def _by_week(arrivals: Arrivals, timeline: Timeline) -> Callable[[float], Second]:
    """By the week's days and the day's hours, also while the office is closed."""
    begins: list[Second] = []
    weights: list[float] = []
    for day in timeline.every_day():
        for hour, weight in enumerate(arrivals.hours):
            begins.append(timeline.second(timeline.calendar.instant(day, 60 * hour)))
            weights.append(weight * arrivals.days[day.weekday()])
    ends = [*begins[1:], timeline.end]
    bounds = list(accumulate(weights))
    if not bounds[-1]:
        raise BadScenario("arrivals.days", "none of the days simulated has a weight above 0")

    def when(part: float) -> Second:
        place = part * bounds[-1]
        index = min(bisect_left(bounds, place), len(bounds) - 1)
        inside = 1 - (bounds[index] - place) / weights[index] if weights[index] else 0.0
        # Clocks that go back make one hour two: never past the next hour's beginning.
        return min(begins[index] + int(inside * 3600), max(begins[index], ends[index] - 1))

    return when


def openers_of(rules: Rules) -> list[str]:
    """The stages at which complaints open under a charter."""
    return [stage.id for n, stage in enumerate(rules.ladder) if n == 0 or stage.opens]


def check_stages(arrivals: Arrivals, rules: Rules) -> None:
    """Raise `BadScenario` for a stage of the scenario at which the charter opens no complaints."""
    openers = openers_of(rules)
    for stage in arrivals.stages:
        if stage not in openers:
            what = f"{rules.charter.id} opens no complaint at stage {stage!r}"
            raise BadScenario("arrivals.stages", what, ", ".join(openers))


class Openings:
    """What complaints under a charter begin with."""

    def __init__(self, arrivals: Arrivals, rules: Rules) -> None:
        """A stage that only another charter has is this one's first."""
        openers = openers_of(rules)
        stages = arrivals.stages or {openers[0]: 1.0}
        self.shares = {openers[0]: 0.0}
        """Which share of the complaints opens at which stage."""
        for stage, weight in stages.items():
            at = stage if stage in openers else openers[0]
            self.shares[at] = self.shares.get(at, 0.0) + weight / sum(stages.values())
        self._channels, self._correspondents = Mix(arrivals.channels), Mix(arrivals.correspondents)
        self._stages = Mix(self.shares)
        self._first, self._charter = openers[0], rules.charter.id
        self._made: dict[tuple[Channel, Correspondent, str], Opening] = {}

    def of(self, number: int, draws: ArrivalDraws, received_at: datetime) -> Opening:
        """How complaint `number` begins."""
        key = (
            self._channels.pick(draws.channel),
            self._correspondents.pick(draws.correspondent),
            self._stages.pick(draws.stage),
        )
        made = self._made.get(key) or self._made.setdefault(key, self._opening(*key))
        # What was checked once need not be checked a hundred thousand times.
        return made.model_copy(update={"reference": f"SIM-{number}", "received_at": received_at})

    def _opening(self, channel: Channel, correspondent: Correspondent, stage: str) -> Opening:
        helper = None
        if correspondent is not Correspondent.CUSTOMER:
            helper = Representative(
                kind=correspondent, name="Somebody Else", email="helper@example.org",
                authorised=True,
            )  # fmt: skip
        return Opening(
            reference="SIM-0", charter=self._charter, channel=channel, about=(Topic.DELAY,),
            received_at=_ANY_TIME, details="Simulated.", representative=helper,
            remedy_sought="Simulated.", contact_so_far="Simulated.",
            complainant=Complainant(name="Somebody", email="somebody@example.org"),
            stage=None if stage == self._first else stage,
        )  # fmt: skip


_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
