"""Calendars made from outside data: bank holidays, dated overrides and time-zone rules.

Owns the look-up that the core must not do: it runs in an activity or in a script, and what it
returns travels with the complaint. Must not be imported by `domain` or `workflows`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.metadata import version as installed
from importlib.resources import files
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
from pydantic import TypeAdapter

from activities.calendar_overrides import Overrides, load_overrides
from domain.calendar.counting import BeyondCalendar, Calendar
from domain.charter.terms import WEEKDAYS, CalendarTerms
from domain.errors import UpholdError

REGIONS: Mapping[str, str] = MappingProxyType(
    {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
)
"""The regions that are known, by their name in a charter; the values are the package's own."""

Hours = tuple[tuple[int, int] | None, ...]

_WIRE = TypeAdapter(Calendar)
_OBSERVED = " (observed)"


class UnknownRegion(UpholdError, ValueError):
    """A region for which there is no bank-holiday data; `allowed` lists those there are."""

    def __init__(self, region: str) -> None:
        """`region` is the value as it was written."""
        self.region, self.allowed = region, tuple(REGIONS)
        super().__init__(f"{region!r} is not a known region. Allowed: {', '.join(REGIONS)}.")


class UnknownTimeZone(UpholdError, ValueError):
    """A time zone that the time-zone data does not hold."""

    def __init__(self, time_zone: str) -> None:
        """`time_zone` is the value as it was written."""
        self.time_zone = time_zone
        super().__init__(
            f"{time_zone!r} is not a known time zone. "
            "Allowed: a name of the tz database, such as 'Europe/London'."
        )


def known_until() -> date:
    """The last day for which bank holidays can be counted."""
    return _overrides().known_until


def resolve_calendar(
    region: str,
    time_zone: str,
    receipt: Literal["same-day", "next-working-day"],
    closed_day: Literal["earlier", "later"],
    hours: Hours,
    extra_closures: Mapping[date, str],
    first_day: date,
    last_day: date | None = None,
) -> Calendar:
    """The calendar of an organisation from `first_day` to `last_day` (default: `known_until()`).

    `hours` are minutes after midnight, Monday to Sunday. A bank holiday keeps its name where
    the organisation is closed as well; days on which it never opens are left out, as they are
    closed anyway. Raises UnknownRegion, UnknownTimeZone, and BeyondCalendar for a `last_day`
    past the data.
    """
    if region not in REGIONS:
        raise UnknownRegion(region)
    last = known_until() if last_day is None else last_day
    if last > known_until():
        raise BeyondCalendar(last, first_day, known_until(), _sources())
    closed = {**extra_closures, **bank_holidays(region, first_day, last)}
    closures = (
        (day, reason)
        for day, reason in sorted(closed.items())
        if first_day <= day <= last and hours[day.weekday()]
    )
    unnamed = Calendar(
        region=region,
        time_zone=time_zone,
        version="",
        first_day=first_day,
        last_day=last,
        hours=hours,
        closures=tuple(closures),
        offsets=tuple(_offsets(time_zone, first_day, last)),
        receipt=receipt,
        closed_day=closed_day,
    )
    digest = hashlib.sha256(_WIRE.dump_json(unnamed)).hexdigest()[:12]
    return replace(unnamed, version=f"{region} {_sources()} {digest}")


def resolve_terms(terms: CalendarTerms, first_day: date, last_day: date | None = None) -> Calendar:
    """The calendar that a charter's calendar table describes. Errors as `resolve_calendar`."""
    spans = (terms.hours.get(weekday) for weekday in WEEKDAYS)
    return resolve_calendar(
        region=terms.region,
        time_zone=terms.time_zone,
        receipt=terms.receipt,
        closed_day=terms.closed_day,
        hours=tuple(
            (s.open.hour * 60 + s.open.minute, s.close.hour * 60 + s.close.minute) if s else None
            for s in spans
        ),
        extra_closures={closure.day: closure.reason for closure in terms.closures},
        first_day=first_day,
        last_day=last_day,
    )


def bank_holidays(region: str, first_day: date, last_day: date) -> dict[date, str]:
    """The bank holidays of a region within these days, overrides applied. UnknownRegion."""
    if region not in REGIONS:
        raise UnknownRegion(region)
    overrides = _overrides()
    years = range(first_day.year, last_day.year + 1)
    listed = holidays.country_holidays("GB", subdiv=REGIONS[region], years=years, language="en_GB")
    found = {day: _name(title, overrides.names) for day, title in listed.items()}
    for addition in overrides.addition:
        if addition.region == region:
            found[addition.day] = addition.reason
    for removal in overrides.removal:
        if removal.region == region:
            found.pop(removal.day, None)
    return {day: name for day, name in sorted(found.items()) if first_day <= day <= last_day}


def _name(title: str, names: Mapping[str, str]) -> str:
    parts = []
    for part in title.split("; "):
        plain = part.removesuffix(_OBSERVED)
        parts.append(names.get(plain, plain) + (" (substitute day)" if plain != part else ""))
    return " and ".join(parts)


@cache
def _overrides() -> Overrides:
    source = files("activities.calendar_data").joinpath("overrides.toml")
    return load_overrides(source.read_text(encoding="utf-8"), "overrides.toml", tuple(REGIONS))


def _sources() -> str:
    dated = _overrides().dated.isoformat()
    return f"holidays-{installed('holidays')} tzdata-{installed('tzdata')} overrides-{dated}"


@cache
def _zone(name: str) -> ZoneInfo:
    """The zone by the tzdata package, not by the machine's files, so that a version names it."""
    package = files("tzdata")
    if name not in package.joinpath("zones").read_text(encoding="utf-8").split():
        raise UnknownTimeZone(name)
    with package.joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def _offsets(time_zone: str, first_day: date, last_day: date) -> Iterator[tuple[datetime, int]]:
    """Each UTC instant from which another offset holds, to the second, from before the first day."""
    zone = _zone(time_zone)

    def offset(moment: datetime) -> int:
        return int((moment.astimezone(zone).utcoffset() or timedelta()).total_seconds())

    day = timedelta(days=1)
    moment = datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC) - 2 * day
    end = datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) + 3 * day
    yield moment, offset(moment)
    while moment < end:
        low, high = moment, moment + day
        if offset(low) != offset(high):
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            high = high.replace(microsecond=0)
            yield high, offset(high)
        moment += day
