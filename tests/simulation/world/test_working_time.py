"""Working time is counted to the second."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.world.working_time import NEVER, Hours, Timeline
from tests.domain.playing.stories import rules_of
from tests.simulation.worlds import timeline

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
    assert days.office.total == 8 * 3600 * sum(
        days.calendar.is_working(day) for day in days.every_day()
    )
    assert days.second(days.instant(12345)) == 12345
    assert days.end == 60 * 86_400 + 3600


def test_days_that_the_calendar_does_not_know_are_refused() -> None:
    from domain.calendar.pinned import BeyondCalendar

    calendar = rules_of("financial-ombudsman").calendar
    with pytest.raises(BeyondCalendar):
        Timeline.of(calendar, calendar.last_day - timedelta(days=5), 10)
    with pytest.raises(BeyondCalendar):
        Timeline.of(calendar, date(1990, 1, 1), 10)
