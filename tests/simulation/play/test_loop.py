"""A simulated complaint is a complaint: the core decides it, and every law of the core holds."""

from __future__ import annotations

import pytest

from domain.complaint.commands import Tick
from domain.complaint.decider.decide import decide
from domain.complaint.decider.evolve import fold
from domain.complaint.decider.timers import next_wake, timers
from domain.complaint.opening import Opening
from simulation.world.working_time import Timeline
from tests.domain.playing.laws import check_change, check_record
from tests.domain.playing.stories import SHIPPED, rules_of
from tests.simulation.worlds import Retold, Seen, seen, span


@pytest.fixture(scope="module", params=SHIPPED)
def told(request: pytest.FixtureRequest) -> tuple[str, Seen]:
    """An eventful season under each charter that ships."""
    charter = str(request.param)
    result, notes, _ = seen(charter, given=span(complaints=20, days=150))
    assert not result.refusals, "the scenario asks for what the charter refuses"
    return charter, notes


def test_the_laws_of_the_core_hold_for_every_simulated_complaint(told: tuple[str, Seen]) -> None:
    charter, notes = told
    for steps_of in notes.lives.values():
        story = Retold(rules_of(charter))
        for _, _, before, steps in steps_of:
            owed = story.add(steps)
            if before.opening:  # the laws are about what is changed, not about how it begins
                check_change(before, story, [step.event for step in steps], owed)
        check_record(story)


def test_the_events_of_a_simulated_complaint_add_up_to_it(told: tuple[str, Seen]) -> None:
    charter, notes = told
    for number, steps_of in notes.lives.items():
        events = [step.event for _, _, _, steps in steps_of for step in steps]
        assert fold(rules_of(charter), events) == notes.standing[number]


def test_the_core_decides_the_same_when_it_is_asked_again(told: tuple[str, Seen]) -> None:
    charter, notes = told
    timeline = Timeline.of(rules_of(charter).calendar, span().first_day, 150)
    for steps_of in notes.lives.values():
        for command, now, before, steps in steps_of:
            made = decide(before, command, timeline.instant(now))
            assert made == tuple(step.event for step in steps)


def test_a_complaint_wakes_when_the_core_asks_for_it_and_at_no_other_time(
    told: tuple[str, Seen],
) -> None:
    charter, notes = told
    timeline = Timeline.of(rules_of(charter).calendar, span().first_day, 150)
    for steps_of in notes.lives.values():
        for command, now, before, _ in steps_of:
            if isinstance(command, Tick):
                assert next_wake(before) == timeline.instant(now)
            elif wake := before.opening and next_wake(before):
                assert before.closed or timeline.second(wake) >= now, "a wake-up was slept through"


def test_the_next_wake_up_is_the_first_of_all_moments(told: tuple[str, Seen]) -> None:
    """It is found without making the timers, and remembered: both have to come to the same."""
    _, notes = told
    for steps_of in notes.lives.values():
        for _, _, _, steps in steps_of:
            for step in steps:
                if step.complaint.closed is None:
                    first = min((moment.at for moment in timers(step.complaint)), default=None)
                    assert next_wake(step.complaint) == first


def test_what_was_not_checked_again_is_as_it_would_have_been_checked(
    told: tuple[str, Seen],
) -> None:
    _, notes = told
    for complaint in notes.standing.values():
        opening = complaint.opened
        assert Opening.model_validate_json(opening.model_dump_json()) == opening
