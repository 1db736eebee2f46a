"""How many working days a clock took is counted when it ends, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.charter.rules import pack, unpack
from domain.complaint.views.read_model import clock_standing
from tests.domain.playing.england import ENGLAND
from tests.domain.playing.stories import Story, patient, rules_of

ACKNOWLEDGE = "FO-8/acknowledge"


def taken(story: Story, promise: str = ACKNOWLEDGE, number: int = 0) -> int | None:
    return clock_standing(story.clocks(promise)[number], story.rules).days_taken


def at_manager(received: str) -> Story:
    return Story(received=received, stage="manager", rules=patient())


@pytest.mark.parametrize(
    ("received", "acknowledged", "days"),
    [
        ("2026-10-05 10:00", "2026-10-05 10:30", 0),
        ("2026-10-05 10:00", "2026-10-06 23:59", 1),
        ("2026-10-02 10:00", "2026-10-05 09:00", 1),  # over a weekend
        ("2026-12-24 10:00", "2026-12-29 10:00", 1),  # over Christmas
        ("2026-10-23 16:00", "2026-10-26 10:00", 1),  # over the change of the clocks
    ],
)
def test_only_working_days_are_counted(received: str, acknowledged: str, days: int) -> None:
    assert taken(at_manager(received).at(acknowledged).do("acknowledge")) == days


def test_a_clock_that_runs_has_taken_nothing_yet() -> None:
    assert taken(at_manager("2026-10-05 10:00").at("2026-10-06 10:00")) is None


def test_a_missed_clock_is_counted_once_what_was_promised_comes() -> None:
    story = at_manager("2026-10-05 10:00").at("2026-10-12 10:00")
    assert taken(story) is None
    assert taken(story.do("acknowledge")) == 5


def test_a_stopped_clock_took_nothing() -> None:
    story = at_manager("2026-10-05 10:00").at("2026-10-06 10:00").do("withdraw", by="customer")
    assert story.states(ACKNOWLEDGE) == ["stopped"]
    assert taken(story) is None


def test_pauses_are_part_of_the_wait() -> None:
    story = (
        at_manager("2026-10-05 10:00")
        .do("acknowledge")
        .at("2026-10-06 10:00")
        .do("pause", review_on="2026-10-20")
    )
    story.at("2026-10-20 10:00").do("resume").at("2026-10-21 10:00").do("reply")
    assert story.states("FO-8/reply") == ["met"]
    assert taken(story, "FO-8/reply") == 12


def test_what_comes_before_day_zero_took_no_day() -> None:
    # Received on Saturday, it counts from Monday; somebody answers on Sunday.
    story = Story("harbour-homes", "2026-10-03 10:00").at("2026-10-04 10:00").do("acknowledge")
    (clock,) = story.clocks("HH-1")
    assert clock.day_zero == date(2026, 10, 5)
    assert taken(story, "HH-1") == 0


def test_a_first_day_that_counts_is_a_day_taken() -> None:
    story = Story("scottish-model", "2026-10-05 10:00").at("2026-10-06 10:00").do("reply")
    assert taken(story, "SM-1") == 2


def test_beyond_the_calendar_nothing_is_counted() -> None:
    charter = rules_of("financial-ombudsman").charter
    short = replace(
        ENGLAND,
        last_day=date(2026, 10, 9),
        closures=tuple(one for one in ENGLAND.closures if one[0] <= date(2026, 10, 9)),
    )
    rules = unpack(pack(charter, short))
    story = Story(received="2026-10-05 10:00", stage="manager", rules=rules).do("acknowledge")
    clock = replace(
        story.clock(ACKNOWLEDGE), ended_at=story.now + timedelta(days=30), due_when_ended=None
    )
    assert clock_standing(clock, rules).days_taken is None
