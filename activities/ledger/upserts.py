"""Statements that write a row once, however often they are run, on SQLite and on PostgreSQL.

Owns what differs between the two databases in saying so. Knows no table.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(dialect: str, table: Table) -> Any:
    """An insert that has `on_conflict_do_nothing` and `on_conflict_do_update`.

    `dialect` is a connection's `dialect.name`.
    """
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def upsert(dialect: str, table: Table, newer: str | None = None) -> Any:
    """An insert that takes the place of the row with the same primary key.

    Where `newer` names a column, only a row with a greater value in it does.
    """
    insert = insert_into(dialect, table)
    keys = [column.name for column in table.primary_key]
    return insert.on_conflict_do_update(
        index_elements=keys,
        set_={c.name: insert.excluded[c.name] for c in table.columns if c.name not in keys},
        where=insert.excluded[newer] > table.c[newer] if newer else None,
    )
