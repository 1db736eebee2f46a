"""The days of a report are local ones, and lie in months."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reporting.period import BadPeriod, Period


def period(first: str, last: str, zone: str = "Europe/London") -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last), zone)


def test_it_begins_and_ends_at_local_midnight() -> None:
    summer = period("2026-06-01", "2026-10-31")
    assert summer.begins == datetime(2026, 5, 31, 23, tzinfo=UTC)
    assert summer.ends == datetime(2026, 11, 1, 0, tzinfo=UTC)


def test_its_months_follow_each_other_and_end_with_it() -> None:
    some = period("2025-12-30", "2026-02-03")
    assert [str(month) for month in some.months()] == ["2025-12", "2026-01", "2026-02"]
    assert some.end_of(some.months()[0]) == datetime(2026, 1, 1, tzinfo=UTC)
    assert some.end_of(some.months()[-1]) == datetime(2026, 2, 4, tzinfo=UTC)


def test_one_day_is_a_period() -> None:
    day = period("2026-12-31", "2026-12-31")
    (month,) = day.months()
    assert day.end_of(month) == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "what"),
    [
        ("2026-12-31", "2026-12-30", "before it begins"),
        ("2010-01-01", "2026-12-30", "longer than 10 years"),
        ("1999-12-31", "2000-12-30", "leaves the years"),
        ("9999-01-01", "9999-12-31", "leaves the years"),
    ],
)
def test_days_that_make_no_period_are_named(first: str, last: str, what: str) -> None:
    with pytest.raises(BadPeriod, match=what) as caught:
        period(first, last)
    assert last in str(caught.value)
