"""Calendars made from outside data: bank holidays and time-zone rules.

Owns the look-up that the core must not do: it runs in an activity or in a script, and what it
returns travels with the complaint. Must not be imported by `domain` or `workflows`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.metadata import version as installed
from importlib.resources import files
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from charters.bank_holidays import bank_holidays, known_until, sources
from domain.calendar.pinned import BeyondCalendar, Calendar
from domain.charter.terms import WEEKDAYS, CalendarTerms

_WIRE = TypeAdapter(Calendar)


def resolve_terms(terms: CalendarTerms, first_day: date, last_day: date | None = None) -> Calendar:
    """The calendar that a charter's calendar table describes (until `known_until()` by default).

    A bank holiday keeps its name where the organisation is closed as well; days on which it never
    opens are left out, as they are closed anyway. Raises BeyondCalendar for a `last_day` past the data.
    """
    last = last_day or known_until()
    if last > known_until():
        raise BeyondCalendar(last, first_day, known_until(), sources())
    spans = (terms.hours.get(weekday) for weekday in WEEKDAYS)
    hours = tuple((span.open, span.close) if span else None for span in spans)
    closed = {closure.day: closure.reason for closure in terms.closures}
    closed |= bank_holidays(terms.region, first_day, last)
    unnamed = Calendar(
        region=terms.region,
        time_zone=terms.time_zone,
        version="",
        first_day=first_day,
        last_day=last,
        hours=hours,
        closures=tuple(
            (day, reason)
            for day, reason in sorted(closed.items())
            if first_day <= day <= last and hours[day.weekday()]
        ),
        offsets=tuple(_offsets(terms.time_zone, first_day, last)),
        receipt=terms.receipt,
        closed_day=terms.closed_day,
    )
    digest = hashlib.sha256(_WIRE.dump_json(unnamed)).hexdigest()[:12]
    version = f"{terms.region} {sources()} tzdata-{installed('tzdata')} {digest}"
    return replace(unnamed, version=version)


@cache
def time_zones() -> frozenset[str]:
    """Every time zone that is known."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@cache
def _zone(name: str) -> ZoneInfo:
    """The zone by the tzdata package, not by the machine's files, so that a version names it."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
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
