"""What holds for every simulation: nothing is lost, luck is kept, and people make the difference."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.vocabulary import Channel, Role
from simulation.results.result import Result
from simulation.run import World
from simulation.scenario.distributions import Uniform
from simulation.scenario.model import BadScenario, Choices, Order, Pattern, Scenario, Span, Task
from tests.domain.playing.stories import SHIPPED, rules_of
from tests.simulation.worlds import (
    EVENTFUL,
    FIRST_DAY,
    PLAIN,
    evenly,
    only,
    play,
    seen,
    span,
    staffed,
)

SEEDS = st.integers(-(2**70), 2**70)


def figures(result: Result, promise: str) -> tuple[int, int, int, int]:
    """Started, met, missed, open."""
    found = next(each for each in result.promises if each.promise == promise)
    return found.started, found.met, found.missed, found.open


@settings(max_examples=20, deadline=None)
@given(
    charter=st.sampled_from(SHIPPED),
    seed=SEEDS,
    complaints=st.integers(1, 40),
    days=st.integers(7, 200),
    people=st.integers(0, 4),
    pattern=st.sampled_from(Pattern),
    order=st.sampled_from(Order),
    absence=st.sampled_from([0.0, 0.3, 1.0]),
)
@example(
    charter="insolvency-service",
    seed=0,
    complaints=6,
    days=20,
    people=1,
    pattern=Pattern.POISSON,
    order=Order.DUE_FIRST,
    absence=0.3,
)  # a complaint by phone, on which nothing runs that may be paused
def test_every_arrival_is_in_one_place_and_every_clock_in_one_column(
    charter: str, seed: int, complaints: int, days: int, people: int,
    pattern: Pattern, order: Order, absence: float,
) -> None:  # fmt: skip
    scenario = replace(
        EVENTFUL,
        arrivals=replace(EVENTFUL.arrivals, pattern=pattern),
        staff={}, order=order, absence=absence,
    )  # fmt: skip
    rules = rules_of(charter)
    roles = World(scenario, span(complaints, days, seed), (rules,)).staff
    scenario = replace(scenario, staff=dict.fromkeys(roles, people))
    result = play(rules, scenario, span(complaints, days, seed))
    assert sum(result.places.values()) == complaints == result.events["opened"]
    assert not result.refusals
    for each in result.promises:
        assert each.started == each.met + each.missed + each.open + each.stopped
        assert each.percentage is None or 0 <= each.percentage <= 100
    for queue in result.queues:
        assert 0 <= queue.in_hand <= queue.people
        assert queue.utilisation is None or 0 <= queue.utilisation <= 100
    again = play(rules, scenario, span(complaints, days, seed))
    assert again == result, "the same seed gave another result"


def test_another_seed_gives_another_result() -> None:
    one, two = (play("financial-ombudsman", given=span(seed=seed)) for seed in (1, 2))
    assert replace(one, seed=2) != two


@pytest.mark.parametrize("charter", SHIPPED)
def test_with_nobody_there_nobody_is_answered_and_everything_that_fell_due_is_missed(
    charter: str,
) -> None:
    # All come in the first month, so that every promise falls due within the year.
    rules, scenario = rules_of(charter), replace(EVENTFUL, absence=0.0)
    everybody = World(replace(scenario, staff={}), span(), (rules,)).staff
    nobody = replace(scenario, staff=dict.fromkeys(everybody, 0))
    result, notes, _ = seen(charter, nobody, span(days=300))
    assert result.events.get("replied", 0) == result.events.get("acknowledged", 0) == 0
    assert result.places["waiting"] == 40
    assert all(each.met == 0 for each in result.promises)
    assert sum(each.missed for each in result.promises)
    assert all(queue.utilisation is None and not queue.taken for queue in result.queues)
    for steps_of in notes.lives.values():
        for clock in steps_of[-1][3][-1].complaint.clocks:
            assert clock.state in {"missed", "passed", "running"}


def test_with_people_enough_everything_is_kept() -> None:
    result = play("insolvency-service", staffed(evenly(only(Channel.LETTER)), 30))
    assert figures(result, "IS-2") == (40, 40, 0, 0)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, people=st.integers(1, 5), complaints=st.integers(5, 60))
def test_first_come_first_served_nobody_waits_longer_for_one_person_more(
    seed: int, people: int, complaints: int
) -> None:
    """With one task a complaint; where tasks follow each other it holds on the mean only."""
    scenario = replace(
        only(Channel.LETTER),
        minutes={(None, Task.REPLY): Uniform(2000, 2000)},
        order=Order.FIRST_COME,
    )
    fewer, more = (
        replied_at("insolvency-service", replace(scenario, staff={Role.CASE_HANDLER: count}),
                   span(complaints, 60, seed))
        for count in (people, people + 1)
    )  # fmt: skip
    assert all(more[number] <= at for number, at in fewer.items())


@pytest.mark.parametrize("charter", ["financial-ombudsman", "housing-code", "customer-promise"])
def test_more_people_never_keep_fewer_promises_on_the_mean(charter: str) -> None:
    scenario = replace(EVENTFUL, absence=0.1)
    rules, kept = rules_of(charter), []
    everybody = World(replace(scenario, staff={}), span(), (rules,)).staff
    for people in (1, 2, 4, 8):
        given_staff = replace(scenario, staff=dict.fromkeys(everybody, people))
        results = [play(rules, given_staff, span(60, 120, seed)) for seed in range(5)]
        missed = sum(each.missed for result in results for each in result.promises)
        kept.append(missed)
    assert kept == sorted(kept, reverse=True), f"missed with 1, 2, 4, 8 people: {kept}"


def replied_at(charter: str, scenario: Scenario, given_span: Span) -> dict[int, int]:
    """When each complaint was replied to."""
    _, notes, _ = seen(charter, scenario, given_span)
    return {
        number: now
        for number, steps_of in notes.lives.items()
        for _, now, _, steps in steps_of
        for step in steps
        if step.event.kind == "replied"
    }


def test_a_reply_takes_the_working_time_that_it_takes() -> None:
    _, notes, world = seen(
        "insolvency-service", staffed(evenly(only(Channel.LETTER)), 40), span(40, 30)
    )
    arrived = {number: at for at, number in world.arrivals}
    for number, steps_of in notes.lives.items():
        replied = [now for _, now, _, steps in steps_of if steps[0].event.kind == "replied"]
        waited = replied[0] - arrived[number]
        # Over a night 16 hours lie between, over a weekend 64; never anything else.
        assert waited in {3600, 3600 + 16 * 3600, 3600 + 64 * 3600}


def test_the_most_urgent_is_taken_first_or_the_first_that_came() -> None:
    """Calls have 3 days and e-mails 10: by due dates fewer calls are missed."""
    scenario = replace(PLAIN, staff={Role.CASE_HANDLER: 1},
                       minutes={(None, Task.REPLY): Uniform(300, 300)})  # fmt: skip
    by_due, by_turn = (
        play("customer-promise", replace(scenario, order=order), span(120, 120))
        for order in (Order.DUE_FIRST, Order.FIRST_COME)
    )
    assert figures(by_due, "CP-1")[1] > figures(by_turn, "CP-1")[1]


@pytest.mark.parametrize(
    ("choice", "event"),
    [
        ("write_again", "contact-received"),
        ("pause", "paused"),
        ("extend", "extended"),
        ("escalate", "escalated"),
    ],
)
def test_what_nobody_chooses_does_not_happen(choice: str, event: str) -> None:
    charter = "insolvency-service" if choice == "pause" else "financial-ombudsman"
    some = play(charter, EVENTFUL, span(60))
    none = play(
        charter,
        replace(EVENTFUL, choices=replace(EVENTFUL.choices, **{choice: 0.0})),
        span(60),
    )
    assert some.events.get(event, 0) > 0
    assert event not in none.events


def test_monthly_updates_are_work_as_well() -> None:
    slow = replace(
        EVENTFUL, choices=Choices(0, 0, 0, 0, 0), staff={Role.CASE_HANDLER: 2},
        minutes={(None, Task.REPLY): Uniform(4000, 4000)},
    )  # fmt: skip
    result = play("financial-ombudsman", slow, span(30, 250))
    assert result.events["updated"] > 0
    assert figures(result, "FO-2")[1] > 0


@pytest.mark.parametrize(
    ("complaints", "days", "named"),
    [
        (0, 10, "--complaints"),
        (-5, 10, "--complaints"),
        (10**9, 10, "--complaints"),
        (10, 0, "--days"),
        (10, 100_000, "--days"),
    ],
)
def test_counts_that_nobody_can_mean_are_refused(complaints: int, days: int, named: str) -> None:
    with pytest.raises(BadScenario, match=named):
        Span(complaints, days, FIRST_DAY)


def test_a_role_that_reviews_nothing_is_refused_with_those_that_do() -> None:
    with pytest.raises(BadScenario, match="complaints-team reviews at no stage") as refused:
        play("customer-promise", replace(EVENTFUL, staff={Role.COMPLAINTS_TEAM: 2}))
    assert refused.value.allowed == "case-handler"


def test_a_weekend_without_work_is_refused() -> None:
    from datetime import date

    with pytest.raises(BadScenario, match="no working day"):
        play("customer-promise", PLAIN, Span(3, 2, date(2026, 9, 5)))
