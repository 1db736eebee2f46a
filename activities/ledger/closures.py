"""Emergency closures in the ledger: what complaints are pinned with that open after one was added.

Owns the port and its adapters. What a closure does to a running complaint is the core's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection, select

from activities.ledger import schema
from activities.ledger.port import Ledger
from activities.ledger.sql import SqlLedger
from activities.ledger.upserts import insert_into

EVERY_CHARTER = ""
"""Stands for every charter of the region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """One day on which a region, or the organisation of one charter in it, was closed."""

    region: str
    day: date
    charter: str = EVERY_CHARTER
    reason: str
    added_at: datetime
    added_by: str


class Closures(Protocol):
    """The closures that were added. Every method may raise `LedgerUnavailable`."""

    async def of(self, region: str, charter: str) -> Mapping[date, str]:
        """The closed days that hold for a charter of that region, each with its reason."""
        ...

    async def add(self, closures: Sequence[Closure]) -> int:
        """Keeps them and says how many are new; a day that is there already stays as it is."""
        ...

    async def every(self) -> tuple[Closure, ...]:
        """All that were added, by region and day."""
        ...


class MemoryClosures:
    """Closures that end with their process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, date, str], Closure] = {}

    async def of(self, region: str, charter: str) -> Mapping[date, str]:
        """As the port says."""
        return _holding(await self.every(), region, charter)

    async def add(self, closures: Sequence[Closure]) -> int:
        """As the port says."""
        before = len(self._kept)
        for each in closures:
            self._kept.setdefault((each.region, each.day, each.charter), each)
        return len(self._kept) - before

    async def every(self) -> tuple[Closure, ...]:
        """As the port says."""
        return tuple(self._kept[key] for key in sorted(self._kept))


class SqlClosures:
    """The closures of a ledger in a database."""

    def __init__(self, ledger: SqlLedger) -> None:
        """The ledger stays the caller's to close."""
        self._ledger = ledger

    async def of(self, region: str, charter: str) -> Mapping[date, str]:
        """As the port says."""
        return _holding(await self._ledger.reading(lambda c: _read(c, region)), region, charter)

    async def add(self, closures: Sequence[Closure]) -> int:
        """As the port says."""
        return await self._ledger.writing(lambda c: _add(c, closures))

    async def every(self) -> tuple[Closure, ...]:
        """As the port says."""
        return await self._ledger.reading(lambda c: _read(c, None))


def closures_of(ledger: Ledger) -> Closures:
    """The closures kept beside that ledger: in its database, or in memory."""
    return SqlClosures(ledger) if isinstance(ledger, SqlLedger) else MemoryClosures()


def _holding(found: Sequence[Closure], region: str, charter: str) -> Mapping[date, str]:
    return {
        each.day: each.reason
        for each in found
        if each.region == region and each.charter in (EVERY_CHARTER, charter)
    }


def _read(connection: Connection, region: str | None) -> tuple[Closure, ...]:
    table = schema.closures
    query = select(table).order_by(table.c.region, table.c.day, table.c.charter)
    if region is not None:
        query = query.where(table.c.region == region)
    return tuple(Closure(**row) for row in connection.execute(query).mappings())


def _add(connection: Connection, closures: Sequence[Closure]) -> int:
    table, added = schema.closures, 0
    for each in closures:
        row = {name: getattr(each, name) for name in Closure.__slots__}
        insert = insert_into(connection.dialect.name, table).values(row)
        added += connection.execute(insert.on_conflict_do_nothing()).rowcount
    return added
