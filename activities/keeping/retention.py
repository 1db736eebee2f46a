"""Which complaints have been kept for as long as their charters say.

Owns the search: through the ledger's pages, each complaint held against what its charter says now and what it said
under which the complaint ran.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from charters.files import CharterBook
from domain.charter.feature_tables import RetentionTerms
from domain.charter.rules import unpack
from domain.charter.tables import Charter
from domain.complaint.views.keeping import Due, due
from domain.errors import UpholdError
from ledger.errors import CharterNotKept
from ledger.keys.keeping.past import Past, long_ended
from ledger.sql.ledger import SqlLedger

_log = structlog.stdlib.get_logger("keeping")
_PAGE: Final = 500
_SHORTEST_MONTH: Final = timedelta(days=28)
HELD_SHOWN: Final = 50
"""So many of those on hold are looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """Some of what is due, and where to go on looking."""

    due: tuple[Due, ...]
    after: str | None
    """None where nothing more is due."""


class Retention:
    """What is due at one instant (UTC)."""

    def __init__(self, ledger: SqlLedger, book: CharterBook, now: datetime) -> None:
        """Reads the charters that hold now; one that cannot be read lets nothing go."""
        self._ledger, self._now = ledger, now
        self._charters: dict[str, Charter] = {}
        self._then: dict[str, RetentionTerms | None] = {}
        for each in book.ids():
            try:
                charter = book.get(each)
            except UpholdError as error:
                _log.error(
                    "charter not read, so nothing of it is erased", charter=each, reason=str(error)
                )
                continue
            if charter.retention:
                self._charters[each] = charter

    async def due(self, after: str, limit: int) -> Found:
        """So many complaints that are due, after that reference and in order."""
        found: list[Due] = []
        while page := await self._page(after, held=False):
            for each in page:
                after = each.standing.reference
                if one := await self._due(each):
                    found.append(one)
                if len(found) == limit:
                    return Found(tuple(found), after)
        return Found(tuple(found), None)

    async def all_due(self) -> AsyncIterator[Due]:
        """All that is due, in the order of their references."""
        after: str | None = ""
        while after is not None:
            found = await self.due(after, _PAGE)
            for each in found.due:
                yield each
            after = found.after

    async def held(self) -> tuple[tuple[Due, str], ...]:
        """What would be due but for a hold, and whose hold that is: some of it, if there is much."""
        page = await self._page("", held=True)
        found = [(await self._due(each), each.held_by) for each in page[:HELD_SHOWN]]
        return tuple((one, by) for one, by in found if one and by)

    async def _page(self, after: str, *, held: bool) -> tuple[Past, ...]:
        before = {
            each.id: self._now - each.retention.shortest.in_months * _SHORTEST_MONTH
            for each in self._charters.values()
            if each.retention
        }
        return await self._ledger.reading(lambda c: long_ended(c, before, after, _PAGE, held=held))

    async def _due(self, past: Past) -> Due | None:
        standing, charter = past.standing, self._charters[past.standing.charter]
        if standing.closed_at is None:
            return None
        zone = ZoneInfo(charter.calendar.time_zone)
        ended_on, today = (at.astimezone(zone).date() for at in (standing.closed_at, self._now))
        if due(standing, ended_on, today, charter.retention, None) is None:
            return None  # so that its old charter is not unpacked for nothing
        then = await self._terms_then(standing.digest)
        return due(standing, ended_on, today, charter.retention, then)

    async def _terms_then(self, digest: str) -> RetentionTerms | None:
        if digest not in self._then:
            try:
                self._then[digest] = unpack(await self._ledger.charter(digest)).charter.retention
            except CharterNotKept:
                self._then[digest] = None
        return self._then[digest]
