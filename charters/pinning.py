"""Charter and calendar as a complaint is pinned with them.

Owns from which day to which day a pinned calendar reaches. Keeping what is pinned is the affair
of `activities.pinning`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from charters.bank_holidays import known_until
from charters.calendars import resolve_terms
from charters.files import CharterBook
from domain.calendar.pinned import BeyondCalendar
from domain.charter.rules import Rules, closed_on, pack, unpack
from domain.charter.tables import Charter

NO_CLOSURES: Final[Mapping[date, str]] = MappingProxyType({})
FIRST_YEAR = 1972
"""The first whole year under the law that bank holidays rest on: no receipt lies before it."""


def pinned_rules(
    book: CharterBook, charter_id: str, received_at: datetime, until: datetime | None = None
) -> Rules:
    """The rules that a complaint under the charter, received then, is pinned with; see `pinned_for`.

    Raises `UnknownCharter`, `CharterFaults`, and as `pinned_for`.
    """
    charter = book.get(charter_id)
    return unpack(pinned_for(charter, received_at, until or received_at, NO_CLOSURES))


def pinned_for(
    charter: Charter, received_at: datetime, until: datetime, closed: Mapping[date, str]
) -> bytes:
    """Charter and calendar, packed, as a complaint received then is pinned with them at `until`.

    The calendar reaches from the year before receipt to the second after `until`, or ends earlier where
    bank holidays are not known that far. `closed` are days on which the region closed in an emergency, each
    with its reason. Raises `BeyondCalendar` for a receipt outside the years whose bank holidays are known.
    """
    text = charter.model_dump_json(by_alias=True, exclude_unset=True)
    days = received_at.astimezone(UTC).date(), until.astimezone(UTC).date()
    return _packed_for(text, *days, tuple(sorted(closed.items())))


@lru_cache(maxsize=64)
def _packed_for(
    charter: str, received: date, until: date, closed: tuple[tuple[date, str], ...]
) -> bytes:
    """Made once for all complaints of a charter and a day."""
    known, earliest = Charter.model_validate_json(charter), date(FIRST_YEAR, 1, 1)
    if received < earliest:
        raise BeyondCalendar(received, earliest, known_until(), known.calendar.region)
    last = min(date(min(until.year + 2, MAXYEAR), 12, 31), known_until())
    # A receipt beyond the data is for the calendar to refuse, in its own words.
    calendar = resolve_terms(known.calendar, date(received.year - 1, 1, 1), max(received, last))
    for day, reason in closed:
        calendar = closed_on(calendar, (day,), reason)
    return pack(known, calendar)
