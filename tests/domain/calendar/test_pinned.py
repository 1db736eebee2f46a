"""The pinned calendar: the local clock, the day of receipt, closed days and the wire."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.calendar.counting import working_days_later
from domain.calendar.pinned import BeyondCalendar, Calendar
from tests.domain.playing.england import ENGLAND, NEXT_DAY

WIRE = TypeAdapter(Calendar)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


# --- the local clock --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2026, 3, 27), utc(2026, 3, 27, 17)),  # the last winter Friday
        (date(2026, 3, 30), utc(2026, 3, 30, 16)),  # the first summer Monday
        (date(2026, 10, 23), utc(2026, 10, 23, 16)),
        (date(2026, 10, 26), utc(2026, 10, 26, 17)),
    ],
)
def test_business_closes_at_five_local_time_whatever_the_clocks_do(
    day: date, closes: datetime
) -> None:
    assert ENGLAND.close_of_business(day) == closes


def test_opening_and_closing_follow_the_weekday_and_on_closed_days_the_widest_hours() -> None:
    calendar = replace(ENGLAND, hours=((480, 960), *((540, 1020),) * 3, (540, 900), None, None))
    monday, friday, saturday = date(2026, 11, 2), date(2026, 11, 6), date(2026, 11, 7)
    assert calendar.opening_time(monday) == utc(2026, 11, 2, 8)
    assert calendar.close_of_business(friday) == utc(2026, 11, 6, 15)
    assert calendar.opening_time(saturday) == utc(2026, 11, 7, 8)
    assert calendar.close_of_business(saturday) == utc(2026, 11, 7, 17)
    assert calendar.close_of_business(date(2026, 12, 25)) == utc(2026, 12, 25, 17)


def test_a_day_ends_at_local_midnight() -> None:
    assert ENGLAND.end_of_day(date(2026, 7, 1)) == utc(2026, 7, 1, 23)
    assert ENGLAND.end_of_day(date(2026, 12, 1)) == utc(2026, 12, 2)
    assert ENGLAND.end_of_day(date(2026, 3, 29)) == utc(2026, 3, 29, 23)
    assert ENGLAND.end_of_day(date(2026, 10, 25)) == utc(2026, 10, 26)


def test_a_time_that_the_clock_skips_or_doubles_is_read_with_the_offset_before_the_change() -> None:
    assert ENGLAND.instant(date(2026, 3, 29), 90) == utc(2026, 3, 29, 1, 30)
    assert ENGLAND.instant(date(2026, 3, 29), 120) == utc(2026, 3, 29, 1)
    assert ENGLAND.instant(date(2026, 10, 25), 90) == utc(2026, 10, 25, 0, 30)
    assert ENGLAND.instant(date(2026, 10, 25), 120) == utc(2026, 10, 25, 2)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (utc(2026, 7, 1, 22, 59), date(2026, 7, 1)),
        (utc(2026, 7, 1, 23), date(2026, 7, 2)),
        (utc(2026, 7, 2), date(2026, 7, 2)),
        (utc(2026, 12, 1, 23, 59), date(2026, 12, 1)),
        (utc(2026, 12, 2), date(2026, 12, 2)),
    ],
)
def test_the_local_day_changes_at_local_midnight(instant: datetime, day: date) -> None:
    assert ENGLAND.local_day(instant) == day


def test_the_midnight_that_ends_the_last_day_has_a_name_but_the_next_day_has_not() -> None:
    assert ENGLAND.local_day(ENGLAND.end_of_day(ENGLAND.last_day)) == date(2029, 1, 1)
    with pytest.raises(BeyondCalendar):
        ENGLAND.local_day(utc(2029, 1, 2))
    with pytest.raises(BeyondCalendar):
        ENGLAND.local_day(utc(2025, 10, 1))
    with pytest.raises(BeyondCalendar):
        ENGLAND.end_of_day(date(2029, 1, 1))


def test_a_naive_time_is_refused_and_not_read_by_the_machines_zone() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        ENGLAND.local_day(datetime(2026, 7, 1, 12))  # noqa: DTZ001


# --- the day of receipt -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "same_day", "next_working_day"),
    [
        (utc(2026, 11, 3), date(2026, 11, 3), date(2026, 11, 3)),  # 00:00, before opening
        (utc(2026, 11, 3, 16, 59), date(2026, 11, 3), date(2026, 11, 3)),
        (utc(2026, 11, 3, 17), date(2026, 11, 3), date(2026, 11, 4)),  # at closing
        (utc(2026, 11, 3, 23, 59), date(2026, 11, 3), date(2026, 11, 4)),
        (utc(2026, 11, 6, 18), date(2026, 11, 6), date(2026, 11, 9)),  # Friday evening
        (utc(2026, 11, 8, 12), date(2026, 11, 8), date(2026, 11, 9)),
        (utc(2026, 12, 25, 10), date(2026, 12, 25), date(2026, 12, 29)),
        (utc(2026, 7, 1, 15, 59), date(2026, 7, 1), date(2026, 7, 1)),
        (utc(2026, 7, 1, 16), date(2026, 7, 1), date(2026, 7, 2)),  # 17:00 in summer
        (utc(2026, 7, 2, 23, 30), date(2026, 7, 3), date(2026, 7, 3)),  # 00:30 on the 3rd
    ],
)
def test_a_receipt_at_any_hour_has_its_day(
    instant: datetime, same_day: date, next_working_day: date
) -> None:
    assert ENGLAND.day_of_receipt(instant) == same_day
    assert NEXT_DAY.day_of_receipt(instant) == next_working_day


# --- closed days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 10, 3), "Saturday"),
        (date(2026, 10, 4), "Sunday"),
        (date(2026, 10, 5), None),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 26), "Saturday"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
    ],
)
def test_a_closed_day_says_why(day: date, why: str | None) -> None:
    assert ENGLAND.why_closed(day) == why
    assert ENGLAND.is_working(day) is (why is None)


def test_counting_back_finds_working_days_before_a_day() -> None:
    assert ENGLAND.previous_working_day(date(2026, 12, 29)) == date(2026, 12, 24)
    assert ENGLAND.add_working_days(date(2026, 10, 5), -2) == date(2026, 10, 1)
    assert ENGLAND.add_working_days(date(2026, 10, 4), -2) == date(2026, 10, 1)
    with pytest.raises(BeyondCalendar):
        ENGLAND.previous_working_day(date(2026, 1, 2))


# --- the wire ---------------------------------------------------------------------------------


def test_a_reminder_past_the_end_of_the_calendar_comes_after_a_plain_week() -> None:
    friday = datetime(2026, 10, 2, 9, tzinfo=UTC)
    assert working_days_later(ENGLAND, friday, 5) == date(2026, 10, 9)
    last = datetime.combine(ENGLAND.last_day, friday.timetz())
    assert working_days_later(ENGLAND, last, 5) == ENGLAND.last_day + timedelta(days=7)


def test_a_calendar_survives_the_wire_byte_for_byte() -> None:
    ENGLAND.is_working(ENGLAND.first_day)  # the derived tables exist and must not travel
    wire = WIRE.dump_json(ENGLAND)
    again = WIRE.validate_json(wire)
    assert again == ENGLAND
    assert hash(again) == hash(ENGLAND)
    assert WIRE.dump_json(again) == wire
    assert b"_" not in wire.replace(b"time_zone", b"").replace(b"first_day", b"").replace(
        b"last_day", b""
    ).replace(b"closed_day", b"")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"last_day": date(2025, 1, 1)}, "first_day 2026-01-01 is after last_day 2025-01-01"),
        ({"hours": ENGLAND.hours[:5]}, "hours has 5 entries"),
        ({"hours": (None,) * 7}, "no working day at all"),
        ({"hours": ((1020, 540), *ENGLAND.hours[1:])}, "hours on Monday"),
        ({"closures": ENGLAND.closures[::-1]}, "closures are not in order"),
        ({"offsets": ENGLAND.offsets[1:]}, "do not reach back to first_day"),
        ({"offsets": ()}, "do not reach back to first_day"),
    ],
)
def test_a_calendar_that_cannot_be_counted_by_is_refused(
    changes: dict[str, Any], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        replace(ENGLAND, **changes)


def test_a_broken_calendar_is_refused_on_the_wire_as_well() -> None:
    wire = WIRE.dump_json(ENGLAND).replace(b'"last_day":"2028', b'"last_day":"2020')
    with pytest.raises(ValidationError, match="is after last_day"):
        WIRE.validate_json(wire)
