"""The days that a report is about, and how they lie in months.

Owns a period's instants: the ledger keeps UTC, a report speaks of days in the charter's time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.months import Month
from domain.errors import UpholdError

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 9998
LONGEST_YEARS: Final = 10


class BadPeriod(UpholdError, ValueError):
    """The days do not make a period that can be reported on."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, in a time zone."""

    first: date
    last: date
    time_zone: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadPeriod(
                f"The period ends on {self.last}, before it begins on {self.first}."
                " Give a last day that is not earlier than the first."
            )
        if self.first.year < FIRST_YEAR or self.last.year > LAST_YEAR:
            raise BadPeriod(
                f"The period from {self.first} to {self.last} leaves the years {FIRST_YEAR} to"
                f" {LAST_YEAR}, of which nothing can be on record."
            )
        if self.last.year - self.first.year > LONGEST_YEARS:
            raise BadPeriod(
                f"The period from {self.first} to {self.last} is longer than {LONGEST_YEARS} years."
                " Report on shorter ones."
            )

    @property
    def begins(self) -> datetime:
        """The first instant (UTC)."""
        return self._midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first instant (UTC) after it."""
        return self._midnight(self.last + timedelta(days=1))

    def months(self) -> tuple[Month, ...]:
        """Its months in order, also those that lie in it in part."""
        found = [Month.of(self.first)]
        while (after := found[-1].after) <= self.last:
            found.append(Month.of(after))
        return tuple(found)

    def end_of(self, month: Month) -> datetime:
        """The first instant (UTC) after that month, or after the period if it ends before."""
        return min(self._midnight(month.after), self.ends)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.time_zone)).astimezone(UTC)
