"""However a complaint is paused, each working day is spent once, unless the clock stood still all day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.playing.england import ENGLAND
from tests.domain.playing.stories import LONDON, Story, patient

DAY = timedelta(days=1)
RECEIVED = datetime(2026, 12, 7, 10, tzinfo=LONDON)
INSTANTS = st.integers(1, 11 * 24 * 60).map(lambda minutes: RECEIVED + timedelta(minutes=minutes))
"""Up to Friday 18 December, the ninth working day: then one at least is left."""
HOURS = st.sampled_from([time(0), time(9), time(16, 59), time(17)])
ON_THE_EDGE = st.tuples(st.integers(1, 10), HOURS).map(
    lambda at: datetime.combine(RECEIVED.date() + at[0] * DAY, at[1], LONDON)
)
PAUSES = st.lists(INSTANTS | ON_THE_EDGE, unique=True, max_size=12).map(sorted)


def due_by_hand(pauses: list[tuple[datetime, datetime]]) -> date:
    """The tenth day after the receipt on which it was open and the clock ran at some time."""
    day, left = RECEIVED.date(), 10
    while left:
        day += DAY
        opens, closes = (datetime.combine(day, time(hour), LONDON) for hour in (9, 17))
        stood_still = any(since <= opens and to >= closes for since, to in pauses)
        left -= ENGLAND.is_working(day) and not stood_still
    return day


@given(PAUSES)
def test_a_clock_of_ten_days_runs_on_ten_days(instants: list[datetime]) -> None:
    pauses = list(zip(instants[::2], instants[1::2], strict=False))
    story = Story(received="2026-12-07 10:00", stage="manager", rules=patient()).do("acknowledge")
    for since, to in pauses:
        story.until(since).do("pause", review_on="2027-02-01").until(to).do("resume")
    assert story.due("FO-8/reply") == due_by_hand(pauses)
    assert story.states("FO-8/reply") == ["running"]


def test_a_pause_every_night_stops_nothing() -> None:
    story = Story(received="2026-12-07 10:00", stage="manager", rules=patient()).do("acknowledge")
    for day in range(8, 18):
        if day not in (12, 13):
            story.at(f"2026-12-{day:02} 16:59").do("pause", review_on="2027-02-01")
            story.at(f"2026-12-{day + (3 if day == 11 else 1):02} 09:00").do("resume")
    assert story.due("FO-8/reply") == date(2026, 12, 21)


@pytest.mark.parametrize(
    ("since", "to", "due"),
    [
        ("2026-10-05 23:59", "2026-10-08 00:00", date(2026, 10, 27)),  # stood still on two
        ("2026-10-06 00:00", "2026-10-08 00:00", date(2026, 10, 27)),
        ("2026-10-06 00:01", "2026-10-07 23:59", date(2026, 10, 26)),  # it ran on both
    ],
)
def test_calendar_days_are_spent_unless_it_stood_still_from_midnight_to_midnight(
    since: str, to: str, due: date
) -> None:
    story = Story("harbour-homes", "2026-10-05 10:00")
    story.do("record_contact", channel="letter", from_whom="mp")
    assert story.due("HH-5/member") == date(2026, 10, 26)  # 20 days on is Sunday the 25th
    story.at(since).do("pause", review_on="2026-12-01").at(to).do("resume")
    assert story.due("HH-5/member") == due
