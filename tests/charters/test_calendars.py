"""Calendars as they are resolved: regions, overrides, time zones, and a second source."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from pydantic import TypeAdapter

from charters.bank_holidays import REGIONS, bank_holidays, known_until
from charters.calendars import resolve_terms
from domain.calendar.budget import Budget, Unit
from domain.calendar.counting import due_day
from domain.calendar.pinned import BeyondCalendar, Calendar
from domain.charter.terms import WEEKDAYS, CalendarTerms
from tests.domain.playing.england import CLOSURES, ENGLAND

FIRST = date(2024, 1, 1)


def resolved(
    region: str = "england-and-wales", last_day: date | None = None, **changes: Any
) -> Calendar:
    hours = dict.fromkeys(WEEKDAYS[:5], "09:00-17:00")
    terms = CalendarTerms.model_validate({"region": region, "hours": hours, **changes})
    return resolve_terms(terms, FIRST, last_day)


# --- regions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "start", "amount", "due"),
    [
        ("england-and-wales", date(2026, 10, 3), 10, date(2026, 10, 16)),
        ("scotland", date(2026, 10, 3), 10, date(2026, 10, 16)),
        ("northern-ireland", date(2026, 10, 3), 10, date(2026, 10, 16)),
        # 2 January is closed in Scotland only
        ("england-and-wales", date(2025, 12, 31), 1, date(2026, 1, 2)),
        ("scotland", date(2025, 12, 31), 1, date(2026, 1, 5)),
        # Easter Monday is worked in Scotland
        ("england-and-wales", date(2026, 4, 2), 1, date(2026, 4, 7)),
        ("scotland", date(2026, 4, 2), 1, date(2026, 4, 6)),
        # one-off, for the World Cup
        ("england-and-wales", date(2026, 6, 12), 1, date(2026, 6, 15)),
        ("scotland", date(2026, 6, 12), 1, date(2026, 6, 16)),
        # 12 July is a Sunday in 2026
        ("northern-ireland", date(2026, 7, 10), 1, date(2026, 7, 14)),
        ("england-and-wales", date(2026, 7, 10), 1, date(2026, 7, 13)),
        ("northern-ireland", date(2027, 3, 16), 1, date(2027, 3, 18)),
        # August: the first Monday in Scotland, the last elsewhere
        ("scotland", date(2026, 7, 31), 1, date(2026, 8, 4)),
        ("scotland", date(2026, 8, 28), 1, date(2026, 8, 31)),
        ("northern-ireland", date(2026, 8, 28), 1, date(2026, 9, 1)),
        ("scotland", date(2026, 11, 27), 1, date(2026, 12, 1)),  # St Andrew's Day
        # Christmas on a weekend, and the new year after it
        ("england-and-wales", date(2027, 12, 24), 4, date(2028, 1, 4)),
        ("scotland", date(2027, 12, 24), 4, date(2028, 1, 5)),
        ("northern-ireland", date(2027, 12, 24), 4, date(2028, 1, 4)),
    ],
)
def test_each_region_has_its_own_days(region: str, start: date, amount: int, due: date) -> None:
    assert due_day(resolved(region), start, Budget(Unit.WORKING_DAYS, amount)) == due


def test_days_have_the_names_that_customers_know() -> None:
    calendar = resolved("scotland")
    assert calendar.why_closed(date(2026, 6, 15)) == "World Cup bank holiday"
    assert calendar.why_closed(date(2026, 1, 2)) == "2nd January"
    assert calendar.why_closed(date(2026, 5, 4)) == "Early May bank holiday"
    assert calendar.why_closed(date(2026, 12, 28)) == "Boxing Day (substitute day)"


def test_the_package_agrees_with_the_days_typed_by_hand_in_england_and_wales() -> None:
    found = bank_holidays("england-and-wales", ENGLAND.first_day, ENGLAND.last_day)
    assert {day: name for day, name in found.items() if day.weekday() < 5} == dict(CLOSURES)


def test_england_and_wales_are_one_region() -> None:
    years = range(2024, known_until().year + 1)
    england, wales = (
        holidays.country_holidays("GB", subdiv=s, years=years) for s in ("ENG", "WLS")
    )
    assert dict(england.items()) == dict(wales.items())


# --- a second source --------------------------------------------------------------------------

SCOTTISH_RULES = "the second source leaves it to each council; statute gives it to all Scotland"
SUBSTITUTE = "the second source gives Scotland no day in lieu; the 1971 Act, Schedule 1, does"
PROCLAIMED = "proclaimed on 3 February 2026, after the second source was published"

KNOWN_DIFFERENCES: dict[str, dict[str, str]] = {
    "england-and-wales": {},
    "northern-ireland": {},
    "scotland": {
        **dict.fromkeys(
            "2024-03-29 2025-04-18 2026-04-03 2027-03-26 2028-04-14 2029-03-30 2030-04-19".split(),
            f"Good Friday: {SCOTTISH_RULES}",
        ),
        **dict.fromkeys(
            "2024-05-27 2025-05-26 2026-05-25 2027-05-31 2028-05-29 2029-05-28 2030-05-27".split(),
            f"Spring bank holiday: {SCOTTISH_RULES}",
        ),
        **dict.fromkeys(
            "2024-08-05 2025-08-04 2026-08-03 2027-08-02 2028-08-07 2029-08-06 2030-08-05".split(),
            f"Summer bank holiday: {SCOTTISH_RULES}",
        ),
        **dict.fromkeys(
            "2024-12-02 2025-12-01 2026-11-30 2027-11-30 2028-11-30 2029-11-30 2030-12-02".split(),
            f"St Andrew's Day: {SCOTTISH_RULES}",
        ),
        **dict.fromkeys(
            "2026-12-28 2027-01-04 2027-12-27 2027-12-28 2028-01-03 2028-01-04".split(), SUBSTITUTE
        ),
        "2026-06-15": PROCLAIMED,
    },
}


def second_source(region: str, year: int) -> set[date]:
    with warnings.catch_warnings():
        # It says of its own Scottish calendar that it is experimental: hence the differences.
        warnings.simplefilter("ignore")
        from workalendar.europe import Scotland, UnitedKingdom, UnitedKingdomNorthernIreland

        source = {
            "england-and-wales": UnitedKingdom,
            "scotland": Scotland,
            "northern-ireland": UnitedKingdomNorthernIreland,
        }[region]
        return {day for day, _ in source().holidays(year) if day.weekday() < 5}


@pytest.mark.parametrize("year", range(2024, 2031))
@pytest.mark.parametrize("region", REGIONS)
def test_two_sources_agree_but_for_differences_with_a_reason(region: str, year: int) -> None:
    ours = {
        day
        for day in bank_holidays(region, date(year, 1, 1), date(year, 12, 31))
        if day.weekday() < 5  # a holiday on a weekend closes nothing
    }
    differing = {day.isoformat() for day in ours ^ second_source(region, year)}
    known = {day for day in KNOWN_DIFFERENCES[region] if day.startswith(str(year))}
    assert differing == known


def test_the_cross_check_covers_every_year_that_can_be_counted() -> None:
    assert known_until() == date(2030, 12, 31)


# --- what the organisation adds ---------------------------------------------------------------


def test_an_organisations_closures_count_and_a_bank_holiday_keeps_its_name() -> None:
    week = [{"day": date(2026, 12, day), "reason": "Office closed"} for day in range(24, 32)]
    calendar = resolved(closures=week)
    assert calendar.why_closed(date(2026, 12, 30)) == "Office closed"
    assert calendar.why_closed(date(2026, 12, 25)) == "Christmas Day"
    assert due_day(calendar, date(2026, 12, 23), Budget(Unit.WORKING_DAYS, 1)) == date(2027, 1, 4)


def test_a_charters_calendar_table_becomes_a_calendar() -> None:
    weekdays = ("monday", "tuesday", "wednesday", "thursday")
    terms = CalendarTerms.model_validate(
        {
            "region": "scotland",
            "receipt": "next-working-day",
            "closed-day": "later",
            "hours": dict.fromkeys(weekdays, "08:30-16:45"),
            "closures": [{"day": date(2026, 9, 21), "reason": "Autumn holiday"}],
        }
    )
    calendar = resolve_terms(terms, date(2026, 1, 1), date(2026, 12, 31))
    assert calendar.hours == ((510, 1005),) * 4 + (None,) * 3
    assert calendar.why_closed(date(2026, 9, 21)) == "Autumn holiday"
    assert calendar.why_closed(date(2026, 9, 25)) == "Friday"
    assert (calendar.receipt, calendar.closed_day) == ("next-working-day", "later")
    assert calendar.last_day == date(2026, 12, 31)


# --- versions and the wire --------------------------------------------------------------------


def test_the_version_names_the_sources_and_changes_with_the_content() -> None:
    moving = {"day": date(2026, 9, 21), "reason": "Moving day"}
    plain, other = resolved(), resolved(closures=[moving])
    assert plain.version.startswith("england-and-wales holidays-")
    assert " tzdata-" in plain.version
    assert " overrides-2" in plain.version
    assert plain.version == resolved().version
    assert plain.version != other.version
    assert hash(plain) == hash(resolved())


@pytest.mark.parametrize("region", REGIONS)
def test_a_resolved_calendar_survives_the_wire_byte_for_byte(region: str) -> None:
    wire, calendar = TypeAdapter(Calendar), resolved(region)
    there = wire.dump_json(calendar)
    assert wire.validate_json(there) == calendar
    assert wire.dump_json(wire.validate_json(there)) == there


def test_the_horizon_is_the_datas_and_no_calendar_reaches_past_it() -> None:
    assert resolved().last_day == known_until()
    with pytest.raises(BeyondCalendar, match="Wednesday 1 January 2031"):
        resolved(last_day=date(2031, 1, 1))


# --- time zones -------------------------------------------------------------------------------


def instants() -> Iterator[datetime]:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment < datetime(2028, 1, 1, tzinfo=UTC):
        yield moment
        moment += timedelta(minutes=47)


@pytest.mark.parametrize("name", ["Europe/London", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_pinned_offsets_tell_the_same_time_as_the_time_zone_data(name: str) -> None:
    zone, calendar = ZoneInfo(name), resolved(time_zone=name)
    for instant in instants():
        shown = instant.astimezone(zone)
        assert calendar.local_time(instant) == shown.replace(tzinfo=None, fold=0)
        minute = shown.hour * 60 + shown.minute
        read = shown.replace(second=0, fold=0).astimezone(UTC)
        assert calendar.instant(shown.date(), minute) == read
