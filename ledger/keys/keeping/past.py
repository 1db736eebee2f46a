"""Complaints that ended long ago and can still be read: where to look for what is kept for too long.

Owns the reading, a page at a time. What is due the domain says; this only leaves out what cannot be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from domain.complaint.views.standings import Standing
from ledger.keys.keeping.erasing import hold_of
from ledger.sql import tables


@dataclass(frozen=True, slots=True)
class Past:
    """A complaint that ended, and who holds it, if anybody does."""

    standing: Standing
    held_by: str | None


def long_ended(
    connection: Connection, before: Mapping[str, datetime], after: str, limit: int, *, held: bool
) -> tuple[Past, ...]:
    """So many complaints after that reference, in order, that can be read and owe nothing; those on hold, or the others.

    `before` says by charter until when (UTC) they ended.
    """
    rows, keys, holds = tables.complaints, tables.data_keys.c, tables.holds.c
    ended = [
        and_(rows.c.charter == charter, rows.c.closed_at < at) for charter, at in before.items()
    ]
    if not ended:
        return ()
    query = (
        select(*(rows.c[name] for name in Standing.__slots__))
        .join_from(rows, tables.data_keys, keys.reference == rows.c.reference)
        .outerjoin(tables.holds, holds.reference == rows.c.reference)
        .where(rows.c.ended, keys.destroyed_at.is_(None), rows.c.reference > after, or_(*ended))
        .where(holds.reference.is_not(None) if held else holds.reference.is_(None))
        .order_by(rows.c.reference)
        .limit(limit)
    )
    found = connection.execute(query).mappings().all()
    return tuple(
        Past(
            Standing(**{name: row[name] for name in Standing.__slots__}),
            _holder(connection, row["reference"]) if held else None,
        )
        for row in found
    )


def _holder(connection: Connection, reference: str) -> str | None:
    hold = hold_of(connection, reference)
    return hold.by if hold else None
