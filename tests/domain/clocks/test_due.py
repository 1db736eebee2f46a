"""When a clock is due: one answer with day, instant and warning, and none beyond the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.calendar.pinned import BeyondCalendar
from domain.charter.rules import with_closures
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of
from domain.clocks.transitions import start
from tests.domain.playing.stories import Story

RULES = Story().rules
RECEIVED = datetime(2026, 10, 5, 9, tzinfo=UTC)
FIVE = datetime(2026, 10, 19, 16, tzinfo=UTC)
"""Close of business in London, ten working days on."""


def clock(**fields: object) -> Clock:
    """The clock of a full reply, with these fields."""
    running = Clock(
        "FO-8/reply#1", "FO-8/reply", "manager", None, RECEIVED, RECEIVED, RECEIVED.date(),
        RECEIVED.date(),
    )  # fmt: skip
    return running.changed(**fields)


def test_a_clock_is_due_at_close_of_business_of_its_last_day() -> None:
    due = due_of(clock(), RULES)
    assert (due.day, due.at) == (FIVE.date(), FIVE)
    assert due.warn_at is not None
    assert due.wakes_at == due.warn_at < due.at


@pytest.mark.parametrize("fields", [{"warned": True}, {"noted_at": FIVE - timedelta(hours=1)}])
def test_who_was_warned_is_not_warned_again_nor_anybody_in_hindsight(
    fields: dict[str, object],
) -> None:
    due = due_of(clock(**fields), RULES)
    assert due.warn_at is None
    assert due.wakes_at == due.at == FIVE


def test_what_is_due_beyond_the_calendar_says_so_and_wakes_nobody() -> None:
    due = due_of(clock(start_day=RULES.calendar.last_day), RULES)
    assert due.beyond
    assert due.wakes_at is None
    for _ in range(2):
        with pytest.raises(BeyondCalendar, match="known only from"):
            due.day  # noqa: B018 - the asking is what raises


def test_a_paused_clock_is_due_at_its_limit_and_an_ended_one_when_it_was() -> None:
    day = date(2026, 11, 2)
    assert due_of(clock(state=ClockState.PAUSED, limit_day=day), RULES).day == day
    ended = clock(state=ClockState.MET, due_when_ended=day, ended_at=RECEIVED)
    assert due_of(ended, RULES).day == day


def test_a_copy_of_a_clock_or_other_rules_are_counted_for_themselves() -> None:
    one = clock()
    assert due_of(one, RULES) is due_of(one, RULES) is due_of(clock(), RULES)
    assert due_of(one.changed(extra=1), RULES).day == FIVE.date() + timedelta(days=1)
    snow = with_closures(RULES, (date(2026, 10, 12),), "Snow.")
    assert due_of(one, snow).day == FIVE.date() + timedelta(days=1)
    assert due_of(one, RULES).day == FIVE.date()


def test_a_changed_clock_is_what_replace_makes_of_it() -> None:
    one = clock()
    due_of(one, RULES)
    assert one.changed(spent=3, warned=True) == replace(one, spent=3, warned=True) != one


def test_what_starts_a_clock_once_the_calendar_is_over_is_on_record_and_it_waits() -> None:
    over = datetime(2030, 2, 2, 17, tzinfo=UTC)
    assert due_of(begun(over, noted_at=over), RULES).wakes_at is None


def test_nothing_begins_on_a_day_that_nobody_knows_before_the_calendar_is_over() -> None:
    with pytest.raises(BeyondCalendar):
        begun(datetime(2030, 2, 2, 17, tzinfo=UTC), noted_at=RECEIVED)


def begun(at: datetime, *, noted_at: datetime) -> Clock:
    """A clock of the full reply that begins at that instant."""
    return start(
        RULES.promises["FO-8/reply"], RULES, number=2, at=at, noted_at=noted_at, arrived=True,
        stage="manager", contact=None, received_at=RECEIVED,
    )  # fmt: skip
