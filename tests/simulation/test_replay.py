"""Closed complaints are replayed under another charter: what was done is done again, then as then."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from domain.charter.rules import Rules, pack, unpack
from domain.charter.terms import Within
from domain.complaint.decider.evolve import fold
from domain.vocabulary import Role
from letters.specimens.player import Played
from letters.specimens.stories import STORIES
from simulation.replay import Changed, Recorded, replay, replay_all, verdicts
from tests.domain.playing.stories import PEOPLE, SHIPPED, Story, person, rules_of
from tests.simulation.worlds import EVENTFUL, seen

CUSTOMER = PEOPLE[Role.CUSTOMER]


def recorded(story: Story) -> Recorded:
    """The record of a story."""
    return Recorded(story.complaint.reference, story.rules, tuple(story.events))


def story(charter: str = "financial-ombudsman", **fields: Any) -> Story:
    """Acknowledged at once, replied to on the eighth working day, accepted."""
    told = Story(charter, "2026-10-05 10:00", stage="manager", **fields).at("2026-10-05 11:00")
    told.do("acknowledge").at("2026-10-15 12:00").do("reply").at("2026-10-16 12:00")
    return told.do("accept", CUSTOMER)


def within(charter: str, promise: str, working_days: int) -> Rules:
    """The charter with another number of working days for one promise."""
    rules = rules_of(charter)
    promises = tuple(
        each.model_copy(update={"within": Within(working_days=working_days)})
        if each.key == promise
        else each
        for each in rules.charter.promises
    )
    changed = rules.charter.model_copy(update={"promises": promises})
    return unpack(pack(changed, rules.calendar))


@pytest.mark.parametrize(
    "charter", ["casework-standards", "customer-promise", "insolvency-service"]
)
@pytest.mark.parametrize("number", range(len(STORIES)))
def test_whatever_is_done_on_a_complaint_can_be_done_again_and_comes_to_the_same(
    charter: str, number: int
) -> None:
    rules, customer = rules_of(charter), {"name": "Ann Price", "email": "ann@post.example"}
    played = STORIES[number](partial(Played, rules, complainant=customer))
    record = Recorded(played.complaint.reference, rules, tuple(played.events))
    result = replay_all([record], rules)
    assert (result.changed, result.refusals, result.unknown) == ((), {}, 0)
    assert result.proposed == result.recorded


@pytest.mark.parametrize("charter", SHIPPED)
def test_under_its_own_charter_a_complaint_comes_out_as_it_is_on_record(charter: str) -> None:
    _, notes, _ = seen(charter, EVENTFUL)
    records = [
        Recorded(complaint.reference, rules_of(charter), tuple(step.event for _, _, _, steps in notes.lives[number] for step in steps))
        for number, complaint in notes.standing.items()
        if complaint.closed
    ]  # fmt: skip
    assert records
    result = replay_all(records, rules_of(charter))
    assert result.proposed == result.recorded
    assert (result.changed, result.refusals, result.unknown) == ((), {}, 0)
    for record in records:
        assert replay(record, record.rules) == fold(record.rules, record.events)


def test_a_shorter_promise_would_have_been_missed_and_is_named() -> None:
    record = recorded(story())
    result = replay_all([record], within("financial-ombudsman", "FO-8/reply", 5))
    assert result.changed == (Changed(record.reference, "FO-8/reply", "kept", "missed"),)
    was, would_be = (
        next(each for each in rows if each.promise == "FO-8/reply")
        for rows in (result.recorded, result.proposed)
    )
    assert (was.met, was.missed, would_be.met, would_be.missed) == (1, 0, 0, 1)
    assert was.median_days == would_be.median_days == 8


def test_a_longer_promise_would_have_been_kept() -> None:
    told = Story("financial-ombudsman", "2026-10-05 10:00", stage="manager")
    told.at("2026-10-27 10:00").do("reply").do("accept", CUSTOMER)
    assert verdicts(told.complaint)["FO-8/reply"] == "missed"
    result = replay_all([recorded(told)], within("financial-ombudsman", "FO-8/reply", 20))
    assert [(each.recorded, each.proposed) for each in result.changed] == [("missed", "kept")]


def test_what_time_alone_did_is_made_anew_and_not_copied() -> None:
    told = Story("financial-ombudsman", "2026-10-05 10:00", stage="manager")
    told.at("2026-11-27 10:00").do("reply").do("accept", CUSTOMER)
    longer = within("financial-ombudsman", "FO-8/reply", 100)
    kinds = [
        clock.state for clock in replay(recorded(told), longer).clocks if "reply" in clock.promise
    ]
    assert kinds == ["met"]
    assert "promise-missed" in told.kinds


def test_whoever_reviewed_does_so_again_in_the_role_that_reviews_there() -> None:
    told = story()
    result = replay_all([recorded(told)], rules_of("customer-promise"))
    assert result.refusals == {}
    assert verdicts(replay(recorded(told), rules_of("customer-promise"))) == {"CP-5": "kept"}


def test_what_the_other_ladder_does_not_allow_is_counted_and_left_out() -> None:
    told = Story("financial-ombudsman", "2026-10-05 10:00", stage="manager")
    told.do("reply").do("escalate", CUSTOMER, to="complaints-team")
    told.do("reply").at("2026-10-06 10:00").do("accept", CUSTOMER)
    result = replay_all([recorded(told)], rules_of("customer-promise"))
    assert sum(result.refusals.values()) >= 1
    assert any(name.startswith("escalate: ") for name in result.refusals)
    assert replay(recorded(told), rules_of("customer-promise")).closed


def test_a_stage_that_the_other_charter_does_not_open_is_its_first() -> None:
    would_be = replay(recorded(story()), rules_of("insolvency-service"))
    assert would_be.stage == "case-handler"
    assert would_be.opened.charter == "insolvency-service"


def test_everything_that_people_do_can_be_done_again() -> None:
    told = Story("financial-ombudsman", "2026-10-05 10:00", stage="manager")
    told.do("allocate").do("update").do("record_contact").do("acknowledge", contact=1)
    told.do("answer_contact").do("extend", new_due="2026-10-26")
    told.do("reassign", handler={"id": "m.two", "name": "M Two", "phone": "0300 1"})
    told.do("acknowledge", person("m.two", "manager")).do("reply").do("reopen").do("reply")
    told.do("accept", CUSTOMER)
    result = replay_all([recorded(told)], rules_of("financial-ombudsman"))
    assert (result.changed, result.refusals, result.unknown) == ((), {}, 0)
    assert replay(recorded(told), told.rules) == told.complaint


def test_what_could_not_even_be_opened_counts_as_nothing() -> None:
    # A calendar that begins after the receipt.
    rules = rules_of("financial-ombudsman")
    late = replace(
        rules.calendar, first_day=story().complaint.opened.received_at.date().replace(month=12)
    )
    result = replay_all([recorded(story())], unpack(pack(rules.charter, late)))
    assert result.refusals == {"open: CalendarTooShort": 1}
    assert all(each.started == 0 for each in result.proposed)


def test_a_service_that_the_proposed_charter_does_not_know_has_its_plain_times() -> None:
    told = Story("customer-promise", "2026-10-05 10:00", service="planning-application")
    told.at("2026-10-06 12:00").do("reply").do("accept", CUSTOMER)
    result = replay_all([recorded(told)], rules_of("insolvency-service"))
    assert result.refusals == {}
    assert any(each.started for each in result.proposed)
