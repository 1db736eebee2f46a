"""Remedies in a SQL database, SQLite or PostgreSQL.

Owns the statements that write and read them, on the connections of a `SqlLedger`.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, func, select

from activities.contracts import RemedyEntry
from activities.ledger import schema
from activities.ledger.port import LIST_LIMIT
from activities.ledger.remedies import (
    RemedyRows,
    check_against,
    read_events,
    read_standing,
    remedy_rows,
)
from activities.ledger.upserts import insert_into, upsert
from domain.complaint.features.remedies.remedy_events import RemedyEvent
from domain.complaint.features.remedies.remedy_standing import RemedyStanding

if TYPE_CHECKING:
    from activities.ledger.sql import SqlLedger

_STANDINGS = select(schema.remedies)


class SqlRemedies:
    """The remedies of a ledger in a database; each method is as the port says."""

    def __init__(self, ledger: SqlLedger) -> None:
        """The ledger stays the caller's to close."""
        self._ledger = ledger

    async def record(self, entry: RemedyEntry) -> None:
        """As the port says."""
        rows = remedy_rows(entry)
        await self._ledger.writing(lambda connection: _write(connection, rows))

    async def events(self, remedy_id: str) -> tuple[RemedyEvent, ...]:
        """As the port says."""
        table = schema.remedy_events
        query = select(table.c.body).where(table.c.id == remedy_id).order_by(table.c.number)
        return await self._ledger.reading(lambda c: read_events(list(c.scalars(query))))

    async def of(self, reference: str) -> tuple[RemedyStanding, ...]:
        """As the port says."""
        table = schema.remedies
        query = _STANDINGS.where(table.c.reference == reference).order_by(table.c.number)
        return await self._ledger.reading(lambda c: _read(c, query))

    async def list(
        self,
        *,
        charter: str | None = None,
        state: str | None = None,
        owner: str | None = None,
        due_before: date | None = None,
        limit: int = LIST_LIMIT,
    ) -> tuple[RemedyStanding, ...]:
        """As the port says."""
        table, query = schema.remedies, _STANDINGS
        given = {"charter": charter, "state": state, "owner_id": owner}
        for name, value in given.items():
            if value is not None:
                query = query.where(table.c[name] == value)
        if due_before is not None:
            query = query.where(table.c.due_on < due_before)
        query = query.order_by(table.c.due_on, table.c.id).limit(limit)
        return await self._ledger.reading(lambda c: _read(c, query))


def _read(connection: Connection, query: Select[Any]) -> tuple[RemedyStanding, ...]:
    return tuple(read_standing(row._asdict()) for row in connection.execute(query))


def _write(connection: Connection, rows: RemedyRows) -> None:
    dialect, table = connection.dialect.name, schema.remedies
    _lock(connection, rows.id)
    found = connection.scalar(select(table.c.as_of).where(table.c.id == rows.id))
    last: int = found or 0
    check_against(rows, last, _overlap(connection, rows, last))
    if rows.last <= last:
        return
    connection.execute(upsert(dialect, table, newer="as_of"), rows.standing)
    new = [row for row in rows.events if row["number"] > last]
    connection.execute(schema.remedy_events.insert(), new)
    if rows.notices:
        # Their keys name the event that owes them: what is on record already is the same notice.
        connection.execute(
            insert_into(dialect, schema.notices).on_conflict_do_nothing(), rows.notices
        )


def _overlap(connection: Connection, rows: RemedyRows, last: int) -> dict[int, str]:
    if rows.first > last:
        return {}
    table = schema.remedy_events
    query = select(table.c.number, table.c.body).where(
        table.c.id == rows.id, table.c.number.between(rows.first, rows.last)
    )
    return {row.number: row.body for row in connection.execute(query)}


def _lock(connection: Connection, remedy_id: str) -> None:
    # SQLite's write transaction holds the whole file; PostgreSQL has no row to lock for a remedy
    # that is not there yet.
    if connection.dialect.name == "postgresql":
        digest = hashlib.blake2b(remedy_id.encode(), digest_size=8, person=b"remedy").digest()
        key = int.from_bytes(digest, signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(key)))
