"""Wrapped data keys in a SQL ledger: one for each complaint, and one for the organisation.

Owns how they are kept, wrapped anew and destroyed. What is destroyed leaves a row that says when, by whom and
why: its reference is never given another key. Every function works within a connection that
`SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from ledger.databases.work import LEAVES_NOTHING
from ledger.rows import row_of
from ledger.sql import tables
from ledger.sql.statements import insert_into
from sealing.port import KeptKey

AT_ONCE = 500
"""How many keys are wrapped anew in one transaction."""


def find(connection: Connection, reference: str | None, key_id: str | None) -> KeptKey | None:
    """The key of that reference, or of that id; none if there is none."""
    table = tables.data_keys
    which = table.c.reference == reference if key_id is None else table.c.id == key_id
    found = connection.execute(select(table).where(which)).mappings().first()
    return KeptKey(**found) if found else None


def keep(connection: Connection, key: KeptKey) -> KeptKey:
    """Keep the key and return it, or the one that its reference has already."""
    insert = insert_into(connection.dialect.name, tables.data_keys)
    connection.execute(insert.on_conflict_do_nothing(), row_of(key))
    return find(connection, key.reference, None) or key


def ring_keys(connection: Connection) -> frozenset[str]:
    """The ids of the ring's keys that any data key is wrapped with."""
    return frozenset(name for name in count_by_ring_key(connection) if name)


def count_by_ring_key(connection: Connection) -> dict[str, int]:
    """How many data keys are wrapped with each key of the ring; those that are destroyed under no name."""
    ring_key = tables.data_keys.c.ring_key
    found = connection.execute(select(ring_key, func.count()).group_by(ring_key))
    return {name: number for name, number in found}  # noqa: C416 - rows are no pairs to the type checker


def wrapped_otherwise(connection: Connection, ring_key: str) -> tuple[KeptKey, ...]:
    """Some of the data keys that are wrapped with another key of the ring than that; none if there are none."""
    table = tables.data_keys
    other = select(table).where(table.c.ring_key.not_in([ring_key, ""])).limit(AT_ONCE)
    return tuple(KeptKey(**row) for row in connection.execute(other).mappings())


def wrap_all_anew(connection: Connection, keys: Iterable[tuple[KeptKey, str, bytes]]) -> None:
    """Let each of the keys be wrapped so with that key of the ring, unless it was destroyed or wrapped meanwhile."""
    for key, ring_key, wrapped in keys:
        _change(connection, key, ring_key=ring_key, wrapped=wrapped)


def destroy(connection: Connection, key: KeptKey, at: datetime, by: str, reason: str) -> None:
    """Leave of the key that it was destroyed: its bytes are gone from the database's file."""
    _change(
        connection, key, ring_key="", wrapped=None, destroyed_at=at, destroyed_by=by, reason=reason
    )


def _change(connection: Connection, key: KeptKey, **values: Any) -> None:
    if connection.dialect.name == "sqlite":  # which else leaves old bytes where they were
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        connection.info[LEAVES_NOTHING] = True
    table = tables.data_keys
    this = (table.c.reference == key.reference, table.c.ring_key == key.ring_key)
    connection.execute(update(table).where(*this).values(**values))
