"""The activity that pins a charter and its calendar to a complaint.

Owns what is looked up when a complaint starts; the answer travels in the workflow's history and
in the ledger, so that no later release, charter or bank holiday changes a running complaint.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import contracts
from activities.calendars import known_until, resolve_terms
from activities.charter_faults import CharterFaults
from activities.charter_files import CharterBook
from domain.calendar.counting import BeyondCalendar, Calendar
from domain.charter.rules import closed_on, pack, unpack
from domain.charter.tables import Charter
from domain.complaint.views.status import Standing
from domain.errors import UnknownCharter

NO_CLOSURES: Final[Mapping[date, str]] = MappingProxyType({})
FIRST_YEAR = 1972
"""The first whole year under the law that bank holidays rest on: no receipt lies before it."""


class CharterKeeper(Protocol):
    """Where pinned charters are kept, once for each digest: the ledger."""

    async def keep_charter(self, digest: str, packed: bytes, charter_id: str, version: str) -> None:
        """Keep it; the same digest again changes nothing."""

    async def standing(self, reference: str) -> Standing | None:
        """How a complaint stands; None for an unknown reference."""


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


@lru_cache(maxsize=64)
def _packed_for(
    charter: str, received: int, until: int, closed: tuple[tuple[date, str], ...]
) -> bytes:
    known = Charter.model_validate_json(charter)
    at, present = datetime(received, 7, 1, tzinfo=UTC), datetime(until, 7, 1, tzinfo=UTC)
    return pack(known, calendar_for(known, at, present, dict(closed)))


def pinned_for(
    charter: Charter, received_at: datetime, until: datetime, closed: Mapping[date, str]
) -> bytes:
    """Charter and calendar as a complaint received then would be pinned with them now."""
    years = received_at.astimezone(UTC).year, until.astimezone(UTC).year
    text = charter.model_dump_json(by_alias=True, exclude_unset=True)
    return _packed_for(text, *years, tuple(sorted(closed.items())))


class ClosedDays(Protocol):
    """Where days are found on which a region closed in an emergency."""

    async def of(self, region: str, charter: str) -> Mapping[date, str]:
        """The closed days that hold for a charter of that region, each with its reason."""


class Charters:
    """Charters by their id, pinned for a complaint on request."""

    def __init__(
        self, book: CharterBook, ledger: CharterKeeper, closures: ClosedDays | None = None
    ) -> None:
        """`book` is where charters are found, `ledger` where pinned ones are kept."""
        self._book, self._ledger, self._closures = book, ledger, closures
        # Complaints of one year share their calendar: it is made once for each charter.
        self._packed: dict[tuple[str, int, int], tuple[Charter, Mapping[date, str], bytes]] = {}
        self._kept: set[str] = set()

    @activity.defn(name=contracts.RESOLVE_CHARTER)
    async def resolve_charter(self, request: contracts.CharterRequest) -> bytes:
        """The charter and its calendar, packed, and kept in the ledger under their digest.

        A charter that is unknown or faulty, a receipt beyond the calendar, or a reference that is
        on record already (its workflow was terminated, or forgotten by the server) fails for good.
        """
        if request.opens and await self._ledger.standing(request.opens):
            raise ApplicationError(
                f"{request.opens} is on record already. Give the complaint a reference of its own.",
                type="ReferenceUsed",
                non_retryable=True,
            )
        try:
            charter = self._book.get(request.charter)
            packed = self._pinned(charter, request, await self._closed(charter))
        except (UnknownCharter, CharterFaults, BeyondCalendar) as error:
            raise ApplicationError(
                str(error), type=type(error).__name__, non_retryable=True
            ) from error
        digest = unpack(packed).digest
        if digest not in self._kept:
            await self._ledger.keep_charter(digest, packed, charter.id, charter.version)
            self._kept.add(digest)
        return packed

    async def _closed(self, charter: Charter) -> Mapping[date, str]:
        if self._closures is None:
            return {}
        return await self._closures.of(charter.calendar.region, charter.id)

    def _pinned(
        self, charter: Charter, request: contracts.CharterRequest, closed: Mapping[date, str]
    ) -> bytes:
        received, until = request.received_at, request.until or request.received_at
        place = (charter.id, received.astimezone(UTC).year, until.astimezone(UTC).year)
        held = self._packed.get(place)
        if held and held[0] is charter and held[1] == closed:
            return held[2]
        packed = pack(*resolve(self._book, charter.id, received, until, closed))
        self._packed[place] = (charter, closed, packed)
        return packed
