"""The dates of the stories: the next December to come, so that no story grows old.

The first Monday of December is followed by ten working days without a bank holiday, then by
Christmas, in every year.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from charters.files import CharterBook
from charters.pinning import pinned_rules
from domain.calendar.pinned import Calendar

LEAD = timedelta(days=1)
"""How far ahead a story has to begin: a server starts nothing in its past."""


@cache
def monday() -> datetime:
    """Ten in the morning (UTC, which is London's winter time) of the next first Monday of December."""
    now = datetime.now(UTC)
    for year in (now.year, now.year + 1):
        first = date(year, 12, 1)
        day = first + timedelta(days=-first.weekday() % 7)
        at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        if at > now + LEAD:
            return at
    raise AssertionError("no December is to come")


def day(number: int, hour: int = 10, minute: int = 0) -> datetime:
    """So many days after that Monday, at that time of day."""
    return (monday() + timedelta(days=number)).replace(hour=hour, minute=minute)


@cache
def calendar_of(charter_id: str) -> Calendar:
    """The calendar under which a complaint of the season runs."""
    return pinned_rules(CharterBook(), charter_id, monday()).calendar


def working_day(after: date, count: int, charter_id: str = "financial-ombudsman") -> date:
    """The count-th working day after a day."""
    return calendar_of(charter_id).add_working_days(after, count)


def close_of(day_: date, charter_id: str = "financial-ombudsman") -> datetime:
    """Close of business on that day."""
    return calendar_of(charter_id).close_of_business(day_)
