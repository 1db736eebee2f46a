"""Another interval is counted from where the period began, and puts no date off unasked (FO-2)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.clocks.due import due_of
from domain.clocks.proof import proof_of
from domain.vocabulary import Role
from tests.domain.playing.laws import check_record
from tests.domain.playing.stories import Story

HANDLER = {"id": "the.case-handler", "name": "The case-handler", "phone": "0300 1"}
MONTHLY, FOUR_WEEKS, WEEKLY = {"months": 1}, {"weeks": 4}, {"weeks": 1}
BOTH_SIDES = (Role.CUSTOMER, Role.CASE_HANDLER)


def in_hand(now: str) -> Story:
    """Allocated on 6 October: the monthly update is due on 6 November."""
    story = Story().at("2026-10-06 10:00").do("allocate", handler=HANDLER).do("introduce")
    return story.at(now)


def prefers(story: Story, by: Role, interval: Any) -> Story:
    return story.do("prefer", by, language=None, update_interval=interval)


@pytest.mark.parametrize("by", BOTH_SIDES)
@pytest.mark.parametrize(
    ("now", "interval", "due"),
    [
        ("2026-10-08 10:00", WEEKLY, "2026-10-13"),
        ("2026-10-20 10:00", {"weeks": 3}, "2026-10-27"),
        ("2026-10-20 10:00", {"working-days": 15}, "2026-10-27"),
        ("2026-10-20 10:00", WEEKLY, "2026-10-21"),  # its day has passed
        ("2026-11-05 10:00", FOUR_WEEKS, "2026-11-06"),
        ("2026-11-06 10:00", FOUR_WEEKS, "2026-11-06"),  # and none is put off
        ("2026-10-13 16:59", WEEKLY, "2026-10-13"),
        ("2026-10-13 17:00", WEEKLY, "2026-10-14"),
    ],
)
def test_fo_2_to_hear_more_often_never_puts_the_next_date_off(
    by: Role, now: str, interval: Any, due: str
) -> None:
    story = prefers(in_hand(now), by, interval)
    assert str(story.due("FO-2")) == due
    assert story.states("FO-2") == ["stopped", "running"]
    assert proof_of(story.clock("FO-2"), story.rules).sentence
    check_record(story)


def test_fo_2_only_the_customers_side_puts_a_date_off_by_asking_for_less() -> None:
    less = {"months": 2}
    assert str(prefers(in_hand("2026-11-05 10:00"), Role.CUSTOMER, less).due("FO-2")) == (
        "2026-12-04"
    ), "two months from 6 October, moved from a Sunday"
    story = prefers(in_hand("2026-11-05 10:00"), Role.CASE_HANDLER, less)
    assert str(story.due("FO-2")) == "2026-11-06", "the period that runs keeps its date"
    story.at("2026-11-06 10:00").do("update")
    assert str(story.due("FO-2")) == "2027-01-06", "and the next one is counted by the new interval"


def test_fo_2_after_a_miss_the_next_period_is_counted_by_the_interval_that_holds() -> None:
    story = prefers(in_hand("2026-11-05 10:00"), Role.CASE_HANDLER, {"months": 2})
    story.at("2026-11-09 10:00")
    assert story.states("FO-2") == ["stopped", "missed", "running"]
    assert str(story.due("FO-2")) == str(story.last("promise-missed").new_due) == "2027-01-06"
    soon = prefers(in_hand("2026-10-20 10:00"), Role.CUSTOMER, WEEKLY).at("2026-10-22 10:00")
    assert soon.states("FO-2") == ["stopped", "missed", "running"]
    assert str(soon.due("FO-2")) == str(soon.last("promise-missed").new_due) == "2026-10-28"


def test_fo_2_no_handler_gets_round_an_update_by_switching_before_each_date() -> None:
    story, switches = in_hand("2026-10-06 10:01"), (FOUR_WEEKS, MONTHLY, "none", MONTHLY)
    for day in ("2026-10-20", "2026-11-02", "2026-11-03"):
        story.at(f"{day} 10:00")
        for interval in switches:
            prefers(story, Role.CASE_HANDLER, interval)
        assert str(story.due("FO-2")) == "2026-11-03", "four weeks, once they were agreed"
    story.at("2026-11-03 18:00")
    assert "FO-2" in {event.promise for event in story.events if event.kind == "promise-missed"}


def test_fo_2_the_customer_who_wants_to_hear_again_is_counted_from_that_day() -> None:
    story = prefers(in_hand("2026-10-08 10:00"), Role.CUSTOMER, "none").at("2026-10-30 10:00")
    prefers(story, Role.CUSTOMER, MONTHLY)
    assert str(story.due("FO-2")) == "2026-11-30"


def test_fo_2_nobody_is_warned_twice_of_one_date() -> None:
    story = in_hand("2026-11-05 10:00")
    warned = [event.promise for event in story.events if event.kind == "promise-warned"]
    prefers(story, Role.CASE_HANDLER, {"months": 3}).at("2026-11-06 16:00")
    assert [e.promise for e in story.events if e.kind == "promise-warned"] == warned
    assert due_of(story.clock("FO-2"), story.rules).at > story.now
