"""Charter and calendar as a complaint is pinned with them.

Owns from which day to which day a pinned calendar reaches. Keeping what is pinned is the affair
of `activities.pinning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, UTC, date, datetime, time
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from charters.bank_holidays import known_until
from charters.calendars import resolve_terms
from charters.files import CharterBook
from domain.calendar.pinned import BeyondCalendar, Calendar
from domain.charter.rules import closed_on, pack
from domain.charter.tables import Charter

NO_CLOSURES: Final[Mapping[date, str]] = MappingProxyType({})
FIRST_YEAR = 1972
"""The first whole year under the law that bank holidays rest on: no receipt lies before it."""


def resolve(
    book: CharterBook, charter_id: str, received_at: datetime, until: datetime | None = None,
    closed: Mapping[date, str] = NO_CLOSURES,
) -> tuple[Charter, Calendar]:  # fmt: skip
    """The charter, and its calendar from the year before receipt to the second after it or `until`.

    `closed` are days on which its region closed in an emergency, each with its reason.
    The calendar ends earlier where bank holidays are not known that far. Raises `UnknownCharter`,
    `CharterFaults`, and `BeyondCalendar` for a receipt outside the years whose bank holidays are known.
    """
    charter = book.get(charter_id)
    return charter, calendar_for(charter, received_at, until, closed)


def calendar_for(
    charter: Charter, received_at: datetime, until: datetime | None, closed: Mapping[date, str]
) -> Calendar:
    """The calendar that a complaint under the charter, received then, is pinned with; see `resolve`."""
    day = received_at.astimezone(UTC).date()
    earliest = date(FIRST_YEAR, 1, 1)
    if day < earliest:
        raise BeyondCalendar(day, earliest, known_until(), charter.calendar.region)
    year = until.astimezone(UTC).year if until else day.year
    last = min(date(min(year + 2, MAXYEAR), 12, 31), known_until())
    # A receipt beyond the data is for the calendar to refuse, in its own words.
    calendar = resolve_terms(charter.calendar, date(day.year - 1, 1, 1), max(day, last))
    for each, reason in sorted(closed.items()):
        calendar = closed_on(calendar, (each,), reason)
    return calendar


def pinned_for(
    charter: Charter, received_at: datetime, until: datetime, closed: Mapping[date, str]
) -> bytes:
    """Charter and calendar, packed, as a complaint received then is pinned with them now.

    Errors as `calendar_for`.
    """
    text = charter.model_dump_json(by_alias=True, exclude_unset=True)
    days = received_at.astimezone(UTC).date(), until.astimezone(UTC).date()
    return _packed_for(text, *days, tuple(sorted(closed.items())))


@lru_cache(maxsize=64)
def _packed_for(
    charter: str, received: date, until: date, closed: tuple[tuple[date, str], ...]
) -> bytes:
    """Made once for all complaints of a charter and a day."""
    known = Charter.model_validate_json(charter)
    midday = time(12, tzinfo=UTC)
    at, present = datetime.combine(received, midday), datetime.combine(until, midday)
    return pack(known, calendar_for(known, at, present, dict(closed)))
