"""Complaints come when, and from whom, the scenario says."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from domain.vocabulary import Channel, Correspondent
from simulation.scenario.model import Arrivals, BadScenario, Pattern
from simulation.world.arrivals import Mix, Openings, arrival_times, check_stages
from simulation.world.random_streams import RandomStreams
from tests.domain.playing.stories import rules_of
from tests.simulation.worlds import span, timeline


def test_a_mix_gives_each_kind_its_share_and_nothing_without_weight() -> None:
    mix = Mix({"one": 1.0, "never": 0.0, "three": 3.0})
    picked = Counter(mix.pick((place + 0.5) / 400) for place in range(400))
    assert picked == {"one": 100, "three": 300}
    assert mix.pick(1.0) == "three"


@pytest.mark.parametrize("pattern", list(Pattern))
def test_arrivals_come_in_order_within_the_days_each_once(pattern: Pattern) -> None:
    times = arrival_times(Arrivals(pattern=pattern), span(500, 60), timeline(60), RandomStreams(1))
    assert sorted(number for _, number in times) == list(range(1, 501))
    assert all(one <= two for (one, _), (two, _) in pairwise(times))
    assert all(0 <= at < timeline(60).end for at, _ in times)


@pytest.mark.parametrize("pattern", [Pattern.POISSON, Pattern.UNIFORM])
def test_complaints_come_while_the_office_is_open(pattern: Pattern) -> None:
    office = timeline().office
    for at, _ in arrival_times(
        Arrivals(pattern=pattern), span(300, 60), timeline(), RandomStreams(1)
    ):
        assert office.opens_at(at - 1) in {at - 1, at}


def test_by_the_week_they_come_on_the_days_and_hours_that_have_weight() -> None:
    hours = tuple(1.0 if hour == 22 else 0.0 for hour in range(24))
    sundays = Arrivals(Pattern.WEEKLY, days=(0, 0, 0, 0, 0, 0, 1), hours=hours)
    days = timeline()
    for at, _ in arrival_times(sundays, span(200, 60), days, RandomStreams(1)):
        local = days.calendar.local_time(days.instant(at))
        assert (local.weekday(), local.hour) == (6, 22)


def test_by_the_week_a_day_without_weight_brings_nobody() -> None:
    with pytest.raises(BadScenario, match="none of the days"):
        arrival_times(
            Arrivals(Pattern.WEEKLY, days=(0, 0, 0, 0, 0, 0, 1)),
            span(5, 2),
            timeline(2),
            RandomStreams(1),
        )


def test_a_stage_that_opens_nothing_is_refused_with_those_that_do() -> None:
    rules = rules_of("financial-ombudsman")
    with pytest.raises(BadScenario, match="complaints-team") as refused:
        check_stages(Arrivals(stages={"complaints-team": 1}), rules)
    assert refused.value.allowed == "case-handler, manager"


def test_openings_follow_the_mix() -> None:
    rules, streams = rules_of("financial-ombudsman"), RandomStreams(5)
    arrivals = Arrivals(
        channels={Channel.VISIT: 1}, correspondents={Correspondent.MP: 1},
        stages={"case-handler": 1, "manager": 1},
    )  # fmt: skip
    made = [
        Openings(arrivals, rules).of(number, streams.of_arrival(number), timeline().instant(0))
        for number in range(1, 50)
    ]
    assert {(each.channel, each.correspondent) for each in made} == {("visit", "mp")}
    assert {each.stage for each in made} == {None, "manager"}
    assert len({each.reference for each in made}) == 49
