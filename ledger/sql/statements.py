"""Statements for SQLite and PostgreSQL: what the two say differently, and what is run often.

Owns upserts, and statements that are compiled once. Knows no table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.sql.expression import ClauseElement


def insert_into(dialect: str, table: Table) -> Any:
    """An insert that can be told what to do where the row is there already.

    `dialect` is a connection's `dialect.name`; the other is not loaded.
    """
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


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


def lock_table(connection: Connection, table: Table) -> None:
    """One at a time reads and changes the table; SQLite's write transaction sees to that itself."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")


def selecting(dialect: str, key: Column[Any], *what: Column[Any]) -> Select[Any]:
    """What stands beside each of the keys that `rows_among` gives; together with the key."""
    among: ColumnElement[bool] = key == any_(bindparam("keys", type_=ARRAY(Text)))
    if dialect == "sqlite":
        each = func.json_each(bindparam("keys", type_=Text)).table_valued("value")
        among = key.in_(select(each.c.value))
    return select(key, *what).where(among)


def rows_among(
    connection: Connection, statement: Prepared, keys: Iterable[str]
) -> list[tuple[Any, ...]]:
    """The rows that a statement of `selecting` finds for these keys."""
    given = list(keys) if connection.dialect.name == "postgresql" else json.dumps(list(keys))
    return [tuple(row) for row in statement.read(connection, {"keys": given})]


class Prepared:
    """A statement that is compiled once for each database and run on the driver's own cursor.

    SQLAlchemy takes several times as long for one execution as SQLite does for the statement. So
    what every complaint's every step writes goes this way, and all else goes SQLAlchemy's.
    """

    def __init__(self, build: Callable[[str], ClauseElement]) -> None:
        """`build` makes the statement for a dialect of that name."""
        self._build = build
        self._known: dict[str, _Compiled] = {}

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each of the rows, which name its parameters."""
        compiled = self._compiled(connection)
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(compiled.text, [compiled.bound(row) for row in rows])
        finally:
            cursor.close()

    def read(self, connection: Connection, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Every row that it finds, as the driver gives it."""
        compiled = self._compiled(connection)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(compiled.text, compiled.bound(given))
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def _compiled(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect
        if dialect.name not in self._known:
            self._known[dialect.name] = _Compiled(self._build(dialect.name), dialect)
        return self._known[dialect.name]


class _Compiled:
    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._constants = {n: value for n, value in compiled.params.items() if value is not None}
        self._binds = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]

    def bound(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """The parameters in their order, as the driver takes them."""
        if self._constants:
            row = {**self._constants, **row}
        return tuple([made(row[name]) if made else row[name] for name, made in self._binds])
