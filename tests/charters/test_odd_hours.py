"""Organisations that open on weekends, or to the end of the day: no holiday and no minute is counted twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import holidays
import pytest
from pydantic import ValidationError

from charters.bank_holidays import REGIONS, known_until
from charters.calendars import resolve_terms
from domain.calendar.budget import Budget, Unit
from domain.calendar.counting import due_day
from domain.calendar.pinned import Calendar
from domain.charter.terms import WEEKDAYS, CalendarTerms, Hours

FIRST = date(2024, 1, 1)
EVERY_DAY = dict.fromkeys(WEEKDAYS, "09:00-17:00")
AROUND_THE_CLOCK = dict.fromkeys(WEEKDAYS[:5], "00:00-24:00")


def calendar(region: str, hours: Mapping[Any, str], **terms: str) -> Calendar:
    given = {"region": region, "hours": hours, **terms}
    return resolve_terms(CalendarTerms.model_validate(given), FIRST)


def moved(region: str) -> list[tuple[date, date]]:
    """Each holiday of the region that falls on a weekend, with the day that is kept for it."""
    years = range(FIRST.year, known_until().year + 1)
    listed = holidays.country_holidays("GB", subdiv=REGIONS[region], years=years, language="en_GB")
    names = {day: name.split("; ") for day, name in listed.items()}
    found = []
    for day, titles in names.items():
        for title in (each for each in titles if each.endswith(" (observed)")):
            plain = title.removesuffix(" (observed)")
            week = (day - timedelta(days=back) for back in range(1, 8))
            found += [(own, day) for own in week if plain in names.get(own, ())]
    return found


@pytest.mark.parametrize("region", REGIONS)
def test_a_holiday_that_moved_closes_its_substitute_day_only(region: str) -> None:
    known, days = calendar(region, EVERY_DAY), moved(region)
    assert {own.weekday() for own, _ in days} == {5, 6}
    kept_elsewhere = {kept for _, kept in days}
    for own, kept in days:
        assert known.is_working(own) == (own not in kept_elsewhere), own
        assert "(substitute day)" in str(known.why_closed(kept))


@pytest.mark.parametrize(
    ("region", "start", "days", "due"),
    [
        # St Andrew's Day is Saturday 30 November, kept on Monday: Friday, Saturday, Tuesday.
        ("scotland", date(2030, 11, 28), 3, date(2030, 12, 3)),
        ("england-and-wales", date(2026, 12, 24), 1, date(2026, 12, 26)),
        ("northern-ireland", date(2027, 12, 24), 1, date(2027, 12, 25)),
    ],
)
def test_who_opens_on_saturdays_works_on_the_saturday_of_a_holiday_that_moved(
    region: str, start: date, days: int, due: date
) -> None:
    hours = {**dict.fromkeys(WEEKDAYS[:5], "09:00-17:00"), "saturday": "09:00-13:00"}
    known = calendar(region, hours)
    assert due_day(known, start, Budget(Unit.WORKING_DAYS, days)) == due


def test_a_day_that_is_open_to_its_end_is_open_in_its_last_minute() -> None:
    known = calendar("england-and-wales", AROUND_THE_CLOCK, receipt="next-working-day")
    friday = date(2026, 11, 27)
    last_minute = datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)
    assert known.day_of_receipt(last_minute) == friday
    assert known.day_of_receipt(last_minute + timedelta(seconds=1)) == date(2026, 11, 30)
    assert known.close_of_business(friday) == datetime(2026, 11, 28, tzinfo=UTC)
    assert known.close_of_business(friday) == known.end_of_day(friday)


@pytest.mark.parametrize("span", ["00:00-24:00", "09:00-24:00", "00:00-23:59", "08:30-17:15"])
def test_a_span_is_written_as_it_was_read(span: str) -> None:
    terms = CalendarTerms.model_validate({"region": "scotland", "hours": {"monday": span}})
    assert str(terms.hours["monday"]) == span
    dumped = terms.model_dump(mode="json", by_alias=True)
    assert CalendarTerms.model_validate(dumped) == terms
    assert Hours.model_validate(dumped["hours"]["monday"]) == terms.hours["monday"]


@pytest.mark.parametrize("written", [9, 9.5, True, "9:00", "25:00", ["09:00"]])
def test_what_is_no_time_of_day_is_refused(written: object) -> None:
    hours = {"monday": {"open": written, "close": "17:00"}}
    with pytest.raises(ValidationError, match="is not a time such as '09:00'"):
        CalendarTerms.model_validate({"region": "scotland", "hours": hours})


def test_a_local_time_of_toml_is_one() -> None:
    hours = {"monday": {"open": time(9, 30), "close": time(17)}}
    terms = CalendarTerms.model_validate({"region": "scotland", "hours": hours})
    assert str(terms.hours["monday"]) == "09:30-17:00"
