"""Working time: when an office is open, and when somebody is at work in it.

Owns the simulation's own clock, whole seconds since the local midnight that begins its first day, and
the sums of working time by which a task of two hours ends tomorrow morning.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate

from domain.calendar.pinned import Calendar

Second = int
"""An instant of the simulation, or a length of working time, as said."""
NEVER: Second = 1 << 62
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Timeline:
    """The days of a simulation and their instants."""

    calendar: Calendar
    first_day: date
    days: int
    beginning: datetime
    """The local midnight (UTC instant) that begins the first day."""

    @classmethod
    def of(cls, calendar: Calendar, first_day: date, days: int) -> Timeline:
        """So many days from the first on. Raises `BeyondCalendar` if they are not known."""
        calendar.is_working(first_day)
        calendar.is_working(first_day + timedelta(days=days))
        return cls(calendar, first_day, days, calendar.instant(first_day, 0))

    @cached_property
    def end(self) -> Second:
        """The midnight that ends the last day."""
        return self.second(self.calendar.instant(self.first_day + timedelta(days=self.days), 0))

    def instant(self, second: Second) -> datetime:
        """The same as a UTC instant."""
        return self.beginning + timedelta(seconds=second)

    def second(self, instant: datetime) -> Second:
        """The same by the simulation's clock."""
        since = instant - self.beginning
        return since.days * SECONDS_A_DAY + since.seconds

    def every_day(self) -> Iterable[date]:
        """The days of the simulation."""
        return (self.first_day + timedelta(days=n) for n in range(self.days))

    @cached_property
    def office(self) -> Hours:
        """When the organisation is open."""
        return Hours([(opens, closes) for _, opens, closes in self.working_days])

    @cached_property
    def working_days(self) -> list[tuple[int, Second, Second]]:
        """Each working day by its number from 0, with its opening and its close of business."""
        opening, close = self.calendar.opening_time, self.calendar.close_of_business
        return [
            (number, self.second(opening(day)), self.second(close(day)))
            for number, day in enumerate(self.every_day())
            if self.calendar.is_working(day)
        ]


class Hours:
    """Spans of working time, one after the other; nobody works after the last."""

    __slots__ = ("_before", "_closes", "_from", "_opens", "_until", "total")

    def __init__(self, spans: list[tuple[Second, Second]]) -> None:
        """`spans` are openings and closings in order."""
        self._opens = [opens for opens, _ in spans]
        self._closes = [closes for _, closes in spans]
        # Working time up to each opening, and at the end of all.
        self._before = list(accumulate((c - o for o, c in spans), initial=0))
        self.total: Second = self._before[-1]
        """All the working time there is."""
        # The span that was last asked about: time goes on slowly, and asks about it again.
        self._from, self._until = 0, 0

    def worked(self, at: Second) -> Second:
        """The working time before an instant."""
        index = bisect_right(self._opens, at) - 1
        if index < 0:
            return 0
        return self._before[index] + min(at, self._closes[index]) - self._opens[index]

    def after(self, at: Second, work: Second) -> Second:
        """When so much work that begins at an instant is done; `NEVER` if the days end before."""
        if self._from <= at and at + work <= self._until:
            return at + work
        return self.instant_of(self.worked(at) + work)

    def instant_of(self, worked: Second) -> Second:
        """The instant by which so much has been worked."""
        if worked > self.total:
            return NEVER
        index = max(bisect_right(self._before, worked - 1) - 1, 0)
        if index >= len(self._opens):
            return NEVER
        return self._opens[index] + worked - self._before[index]

    def opens_at(self, at: Second) -> Second:
        """The instant itself while there is work, else the next opening; `NEVER` after the last."""
        if self._from <= at < self._until:
            return at
        index = bisect_right(self._opens, at) - 1
        if index >= 0 and at < self._closes[index]:
            self._from, self._until = self._opens[index], self._closes[index]
            return at
        return self._opens[index + 1] if index + 1 < len(self._opens) else NEVER
