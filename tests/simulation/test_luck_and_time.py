"""Luck is keyed, lengths follow luck, and working time is counted to the second."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.vocabulary import Channel, Correspondent, Role
from simulation.arrivals import Mix, Openings, arrival_times
from simulation.hours import NEVER, Hours, Timeline
from simulation.luck import Luck
from simulation.scenario import Arrivals, BadScenario, Pattern, Scenario
from simulation.spreads import Always, Between, Mostly, Skewed, Spread, Waiting
from simulation.staffing import desks_of, suggested
from tests.domain.stories import rules_of
from tests.simulation.worlds import FIRST_DAY, span

LUCK = st.floats(1e-9, 1 - 1e-9)
SPREADS = (Always(5), Between(2, 9), Mostly(2, 3, 9), Mostly(4, 4, 4), Waiting(6), Skewed(30, 90))


def timeline(days: int = 60) -> Timeline:
    """So many days from the first of September 2026 on, in an English office."""
    return Timeline.of(rules_of("financial-ombudsman").calendar, FIRST_DAY, days)


def test_luck_is_the_same_on_every_machine() -> None:
    first = Luck(1).of_stage(7, 0)
    assert [round(each, 6) for each in first[:3]] == [0.797743, 0.973855, 0.774983]


def test_no_two_draws_are_one() -> None:
    luck, drawn = Luck(3), list[float]()
    for number in range(1, 60):
        drawn += luck.of_arrival(number)
        drawn += [each for rung in range(3) for each in luck.of_stage(number, rung)]
        drawn += [luck.of_update(number, 0, count) for count in range(3)]
    drawn += [each for week in range(9) for each in luck.of_absence(Role.MANAGER, 1, week)]
    assert len(set(drawn)) == len(drawn)
    assert all(0 < each < 1 for each in drawn)
    assert 0.47 < sum(drawn) / len(drawn) < 0.53


@given(seed=st.integers(), other=st.integers())
def test_every_seed_has_luck_of_its_own(seed: int, other: int) -> None:
    assert (Luck(seed).of_arrival(1) == Luck(other).of_arrival(1)) == (seed == other)


@pytest.mark.parametrize("spread", SPREADS)
@given(one=LUCK, two=LUCK)
def test_more_luck_never_gives_less_time(spread: Spread, one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert 0 <= spread.at(low) <= spread.at(high)


@pytest.mark.parametrize("spread", SPREADS)
def test_the_mean_is_the_mean(spread: Spread) -> None:
    places = [(place + 0.5) / 20_000 for place in range(20_000)]
    assert sum(map(spread.at, places)) / 20_000 == pytest.approx(spread.mean, rel=0.005)


def test_half_are_below_the_median_and_one_in_ten_above_its_p90() -> None:
    assert Skewed(30, 90).at(0.5) == pytest.approx(30)
    assert Skewed(30, 90).at(0.9) == pytest.approx(90)


def test_a_mix_gives_each_kind_its_share_and_nothing_without_weight() -> None:
    mix = Mix({"one": 1.0, "never": 0.0, "three": 3.0})
    picked = Counter(mix.pick((place + 0.5) / 400) for place in range(400))
    assert picked == {"one": 100, "three": 300}
    assert mix.pick(1.0) == "three"


HOURS = Hours([(100, 200), (300, 400), (1000, 1100)])


@pytest.mark.parametrize(
    ("at", "work", "done"),
    [
        (0, 10, 110), (100, 100, 200), (150, 50, 200), (150, 51, 301), (200, 1, 301),
        (250, 100, 400), (399, 2, 1001), (100, 300, 1100), (100, 301, NEVER), (2000, 1, NEVER),
        (150, 0, 150),
    ],
)  # fmt: skip
def test_work_ends_when_so_much_of_the_opening_hours_is_over(at: int, work: int, done: int) -> None:
    assert HOURS.after(at, work) == done


@given(at=st.integers(0, 1200), work=st.integers(1, 300))
def test_the_work_that_lies_between_is_the_work_that_was_done(at: int, work: int) -> None:
    done = HOURS.after(at, work)
    if done == NEVER:
        assert HOURS.total - HOURS.worked(at) < work
    else:
        assert HOURS.worked(done) - HOURS.worked(at) == work


@pytest.mark.parametrize(
    ("at", "opens"), [(0, 100), (100, 100), (200, 300), (399, 399), (1100, NEVER)]
)
def test_the_next_opening(at: int, opens: int) -> None:
    assert HOURS.opens_at(at) == opens


def test_nobody_works_where_there_is_no_working_time() -> None:
    assert Hours([]).after(5, 1) == Hours([]).opens_at(5) == NEVER
    assert Hours([]).worked(5) == 0


def test_the_office_is_open_on_working_days_only_whatever_the_clocks_do() -> None:
    days = timeline(60)  # the clocks go back on 25 October
    assert days.office().total == 8 * 3600 * sum(
        days.calendar.is_working(day) for day in days.every_day()
    )
    assert days.second(days.instant(12345)) == 12345
    assert days.end == 60 * 86_400 + 3600


@pytest.mark.parametrize("pattern", list(Pattern))
def test_arrivals_come_in_order_within_the_days_each_once(pattern: Pattern) -> None:
    times = arrival_times(Arrivals(pattern=pattern), span(500, 60), timeline(60), Luck(1))
    assert sorted(number for _, number in times) == list(range(1, 501))
    assert all(one <= two for (one, _), (two, _) in pairwise(times))
    assert all(0 <= at < timeline(60).end for at, _ in times)


@pytest.mark.parametrize("pattern", [Pattern.POISSON, Pattern.UNIFORM])
def test_complaints_come_while_the_office_is_open(pattern: Pattern) -> None:
    office = timeline().office()
    for at, _ in arrival_times(Arrivals(pattern=pattern), span(300, 60), timeline(), Luck(1)):
        assert office.opens_at(at - 1) in {at - 1, at}


def test_by_the_week_they_come_on_the_days_and_hours_that_have_weight() -> None:
    hours = tuple(1.0 if hour == 22 else 0.0 for hour in range(24))
    sundays = Arrivals(Pattern.WEEKLY, days=(0, 0, 0, 0, 0, 0, 1), hours=hours)
    days = timeline()
    for at, _ in arrival_times(sundays, span(200, 60), days, Luck(1)):
        local = days.calendar.local_time(days.instant(at))
        assert (local.weekday(), local.hour) == (6, 22)


def test_by_the_week_a_day_without_weight_brings_nobody() -> None:
    with pytest.raises(BadScenario, match="none of the days"):
        arrival_times(
            Arrivals(Pattern.WEEKLY, days=(0, 0, 0, 0, 0, 0, 1)), span(5, 2), timeline(2), Luck(1)
        )


def test_a_stage_that_opens_nothing_is_refused_with_those_that_do() -> None:
    rules = rules_of("financial-ombudsman")
    with pytest.raises(BadScenario, match="complaints-team") as refused:
        Openings(Arrivals(stages={"complaints-team": 1}), rules)
    assert refused.value.allowed == "case-handler, manager"


def test_openings_follow_the_mix() -> None:
    rules, luck = rules_of("financial-ombudsman"), Luck(5)
    arrivals = Arrivals(
        channels={Channel.VISIT: 1}, correspondents={Correspondent.MP: 1},
        stages={"case-handler": 1, "manager": 1},
    )  # fmt: skip
    made = [
        Openings(arrivals, rules).of(number, luck.of_arrival(number), timeline().instant(0))
        for number in range(1, 50)
    ]
    assert {(each.channel, each.correspondent) for each in made} == {("visit", "mp")}
    assert {each.stage for each in made} == {None, "manager"}
    assert len({each.reference for each in made}) == 49


def test_somebody_is_away_for_about_the_share_of_days_that_is_said_whoever_else_is_there() -> None:
    roles, days = (Role.CASE_HANDLER,), timeline(200)
    few = desks_of(roles, {Role.CASE_HANDLER: 5}, 0.3, days, Luck(1))[Role.CASE_HANDLER]
    many = desks_of(roles, {Role.CASE_HANDLER: 40}, 0.3, days, Luck(1))[Role.CASE_HANDLER]
    assert [hours.total for hours in few.people] == [hours.total for hours in many.people[:5]]
    assert many.capacity / (40 * days.office().total) == pytest.approx(0.7, abs=0.02)


@settings(max_examples=20)
@given(complaints=st.integers(1, 100_000))
def test_the_suggested_staff_grows_with_the_work(complaints: int) -> None:
    rules = rules_of("financial-ombudsman")
    found = suggested(rules, Scenario(), span(complaints), timeline())
    more = suggested(rules, Scenario(), span(2 * complaints), timeline())
    assert list(found) == [stage.role for stage in rules.ladder]
    assert all(1 <= found[role] <= more[role] for role in found)


def test_days_that_the_calendar_does_not_know_are_refused() -> None:
    from domain.calendar.counting import BeyondCalendar

    calendar = rules_of("financial-ombudsman").calendar
    with pytest.raises(BeyondCalendar):
        Timeline.of(calendar, calendar.last_day - timedelta(days=5), 10)
    with pytest.raises(BeyondCalendar):
        Timeline.of(calendar, date(1990, 1, 1), 10)
