"""The calendar that is pinned to a complaint: which days are worked, and what the clock shows.

Owns the closed days, the opening hours and the UTC offsets of one region and organisation,
as data that travels with the complaint, and the elementary questions to them. Imports no
time-zone database and no holiday package: both could change under a running complaint.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property
from itertools import pairwise
from typing import Literal

from domain.calendar.months import months_later
from domain.errors import UpholdError

Span = tuple[int, int]
"""Opening and closing time of a day, in minutes after local midnight."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60


def in_words(day: date) -> str:
    """`Saturday 3 October 2026`, whatever the machine's language."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


class BeyondCalendar(UpholdError, ValueError):
    """A count that leaves the days for which the calendar has data. Never answered by a guess."""

    def __init__(self, day: date, first_day: date, last_day: date, version: str) -> None:
        """`day` is the day asked about, or the day from which the count left the calendar."""
        self.day, self.first_day, self.last_day, self.version = day, first_day, last_day, version
        super().__init__(
            f"Cannot count at or from {in_words(day)}: calendar {version} is known only from "
            f"{in_words(first_day)} to {in_words(last_day)}."
        )

    def again(self) -> BeyondCalendar:
        """The same error, to keep or to raise anew: without where it was raised before."""
        return BeyondCalendar(self.day, self.first_day, self.last_day, self.version)

    @property
    def reach(self) -> str:
        """Which days can be counted, and whether a refreshed calendar could reach further."""
        reach = f"Days from {in_words(self.first_day)} to {in_words(self.last_day)} can be counted."
        if self.day < self.first_day:
            return reach
        return f"{reach} An administrator can refresh the calendar, if later days are known by now."


@dataclass(frozen=True)
class Calendar:
    """Everything that a count of days depends on. Equal data, equal version, equal hash.

    The fields are the wire format. Look-up tables are derived from them on first use and are
    neither compared nor serialised; parse a pinned calendar once and share it.
    """

    region: str
    time_zone: str
    version: str
    first_day: date
    last_day: date
    hours: tuple[Span | None, ...]
    """Monday to Sunday; None where the organisation does not open."""
    closures: tuple[tuple[date, str], ...]
    """Bank holidays and closures of the organisation, with what each is called."""
    offsets: tuple[tuple[datetime, int], ...]
    """From which UTC instant the local clock is how many seconds ahead of UTC."""
    receipt: Literal["same-day", "next-working-day"]
    closed_day: Literal["earlier", "later"]

    def __post_init__(self) -> None:
        if self.first_day > self.last_day:
            raise ValueError(f"first_day {self.first_day} is after last_day {self.last_day}")
        if len(self.hours) != len(DAYS):
            raise ValueError(f"hours has {len(self.hours)} entries, not one for each weekday")
        if not any(self.hours):
            raise ValueError("hours has no working day at all")
        for name, span in zip(DAYS, self.hours, strict=True):
            if span and not 0 <= span[0] < span[1] <= _MINUTES_A_DAY:
                raise ValueError(f"hours on {name}: {span} does not open before it closes")
        for field, keys in (("closures", self.closures), ("offsets", self.offsets)):
            if any(one[0] >= two[0] for one, two in pairwise(keys)):
                raise ValueError(f"{field} are not in order, or name one twice")
        if not self.offsets or self.offsets[0][0].date() > self.first_day:
            raise ValueError(f"offsets do not reach back to first_day {self.first_day}")

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Calendars of one region differ in what an organisation adds: told apart here, their
        # long lists need not be compared at every look-up.
        terms = (self.hours, len(self.closures), self.receipt, self.closed_day)
        return hash((self.version, self.first_day, self.last_day, terms))

    # --- the local clock ------------------------------------------------------------------

    def local_time(self, instant: datetime) -> datetime:
        """The naive local time at an aware instant. ValueError if naive; BeyondCalendar."""
        if instant.tzinfo is None:
            raise ValueError(f"{instant.isoformat()} has no time zone")
        moment = instant.astimezone(UTC)
        index = bisect_right(self._instants, moment) - 1
        if index < 0:
            raise self._beyond(moment.date())
        local = (moment + self._steps[index]).replace(tzinfo=None)
        # The midnight that ends the last day belongs to the day after: it must have a name.
        if not self.first_day - _DAY <= local.date() <= self.last_day + _DAY:
            raise self._beyond(local.date())
        return local

    def in_local_time(self, instant: datetime) -> datetime:
        """The same instant by the local clock, with its offset; as it is beyond the calendar."""
        try:
            local = self.local_time(instant)
        except BeyondCalendar:
            return instant
        offset = local.replace(tzinfo=UTC) - instant
        return local.replace(tzinfo=timezone(offset))

    def local_day(self, instant: datetime) -> date:
        """The local date at an aware instant. ValueError if naive; BeyondCalendar."""
        if instant.tzinfo is UTC:
            # As `local_time`, without making the times between.
            index = bisect_right(self._instants, instant) - 1
            day = (instant + self._steps[index]).date() if index >= 0 else date.min
            if self.first_day <= day <= self.last_day:
                return day
        return self.local_time(instant).date()

    def instant(self, day: date, minute: int) -> datetime:
        """The UTC instant of so many minutes after midnight by the local clock.

        A time that the clock skips or shows twice is read with the offset before the change:
        the skipped 01:30 is 02:30 summer time, the doubled 01:30 is the first one.
        """
        wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
        step = self._steps[bisect_right(self._walls, wall)]
        return (wall - step).replace(tzinfo=UTC)

    def opening_time(self, day: date) -> datetime:
        """The UTC instant at which the day's business begins; on a closed day, at the earliest usual hour."""
        span = self.hours[day.weekday()] if self.is_working(day) else None
        return self.instant(day, span[0] if span else self._earliest_opening)

    def close_of_business(self, day: date) -> datetime:
        """The UTC instant at which the day's business ends; on a closed day, at the latest usual hour."""
        span = self.hours[day.weekday()] if self.is_working(day) else None
        return self.instant(day, span[1] if span else self._latest_close)

    def end_of_day(self, day: date) -> datetime:
        """The UTC instant of the local midnight that ends the day."""
        self._index(day)
        return self.instant(day, _MINUTES_A_DAY)

    # --- working days ---------------------------------------------------------------------

    def is_working(self, day: date) -> bool:
        """Whether the day counts as a working day. BeyondCalendar."""
        rank, index = self._rank, self._index(day)
        return rank[index + 1] > rank[index]

    def why_closed(self, day: date) -> str | None:
        """`Saturday`, `Christmas Day` …, or None on a working day. BeyondCalendar.

        A holiday on a day that is closed every week did not close it: the weekday is named.
        """
        self._index(day)
        if self.hours[day.weekday()] is None:
            return DAYS[day.weekday()]
        return self._closure_names.get(day)

    def day_of_receipt(self, instant: datetime) -> date:
        """The day 0 of what was received at an instant, by the calendar's receipt rule."""
        if self.receipt == "same-day":
            return self.local_day(instant)
        local = self.local_time(instant)
        day = local.date()
        span = self.hours[day.weekday()]
        if span and self.is_working(day) and local.hour * 60 + local.minute < span[1]:
            return day
        return self.next_working_day(day)

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after a day. BeyondCalendar."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day strictly before a day. BeyondCalendar."""
        return self.add_working_days(day, -1)

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day strictly after (below 0: before) a day; 0 is the day itself."""
        index = self._index(day)
        if count == 0:
            return day
        nth = self._rank[index + 1] + count - 1 if count > 0 else self._rank[index] + count
        if not 0 <= nth < len(self._working):
            raise self._beyond(day)
        return date.fromordinal(self._working[nth])

    def working_days_between(self, after: date, through: date) -> int:
        """How many working days lie after the one day, up to and including the other."""
        return self._rank[self._index(through) + 1] - self._rank[self._index(after) + 1]

    def add_months(self, day: date, count: int) -> date:
        """The same day so many months on (or back), clipped to the month's end. BeyondCalendar."""
        moved = months_later(day, count)
        self._index(moved)
        return moved

    def settle(self, day: date, not_before: date) -> date:
        """The day, or the working day to which the closed-day rule moves it; later than `not_before`.

        Moving earlier must not take the whole budget away: where the working day before is
        not later than `not_before`, the day moves later.
        """
        if self.is_working(day):
            return day
        if self.closed_day == "earlier":
            earlier = self.previous_working_day(day)
            if earlier > not_before:
                return earlier
        return self.next_working_day(day)

    # --- derived tables -------------------------------------------------------------------

    def _index(self, day: date) -> int:
        index = day.toordinal() - self._first
        if not 0 <= index < len(self._rank) - 1:
            raise self._beyond(day)
        return index

    def _beyond(self, day: date) -> BeyondCalendar:
        return BeyondCalendar(day, self.first_day, self.last_day, self.version)

    @cached_property
    def _first(self) -> int:
        return self.first_day.toordinal()

    @cached_property
    def _closure_names(self) -> dict[date, str]:
        return dict(self.closures)

    @cached_property
    def _working(self) -> array[int]:
        """The ordinals of the working days; compact, as thousands of complaints may hold one."""
        every = range(self._first, self.last_day.toordinal() + 1)
        days = ((number, date.fromordinal(number)) for number in every)
        closed = self._closure_names
        return array("i", (n for n, d in days if self.hours[d.weekday()] and d not in closed))

    @cached_property
    def _rank(self) -> array[int]:
        """How many working days come before each day: makes every count a look-up."""
        days = self.last_day.toordinal() - self._first + 1
        working = {number - self._first for number in self._working}
        rank = array("i", [0])
        for index in range(days):
            rank.append(rank[-1] + (index in working))
        return rank

    @cached_property
    def _earliest_opening(self) -> int:
        return min(span[0] for span in self.hours if span)

    @cached_property
    def _latest_close(self) -> int:
        return max(span[1] for span in self.hours if span)

    @cached_property
    def _instants(self) -> list[datetime]:
        return [instant.astimezone(UTC) for instant, _ in self.offsets]

    @cached_property
    def _steps(self) -> list[timedelta]:
        return [timedelta(seconds=seconds) for _, seconds in self.offsets]

    @cached_property
    def _walls(self) -> list[datetime]:
        """Until when, by the local clock, the offset before each change is used."""
        changes = [instant.replace(tzinfo=None) for instant in self._instants[1:]]
        pairs = zip(changes, pairwise(self._steps), strict=True)
        return [change + max(before, after) for change, (before, after) in pairs]
