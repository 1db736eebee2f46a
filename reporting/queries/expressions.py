"""The few things that SQLite and PostgreSQL say differently, and those that every query needs.

Owns what is said of an event's body, and the conditions that many share. Knows no query.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from ledger.sql import tables
from reporting.heard import Count
from reporting.period import Period


class said(FunctionElement[str]):  # noqa: N801 - it is used as an SQL function
    """A top-level field of a JSON text, as text: `said(events.c.body, "reason")`."""

    type = Text()
    inherit_cache = True
    name = "said"


@compiles(said, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    body, field = (compiler.process(clause, **given) for clause in element.clauses)
    return f"json_extract({body}, '$.' || {field})"


@compiles(said, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    body, field = (compiler.process(clause, **given) for clause in element.clauses)
    # PostgreSQL refuses the whole text for one NUL that somebody typed.
    return rf"(CAST(replace({body}, '\u0000', '\ufffd') AS json) ->> {field})"


def happened(charter: str, period: Period, kind: str) -> tuple[ColumnElement[bool], ...]:
    """The events of a kind in the period, where `events` is joined with `complaints`."""
    events = tables.events.c
    return (
        tables.complaints.c.charter == charter,
        events.kind == kind,
        events.at >= period.begins,
        events.at < period.ends,
    )


def tally(
    connection: Connection, name: ColumnElement[Any], query: Select[Any]
) -> tuple[Count, ...]:
    """How many rows of the query have each value of that column, the most frequent first."""
    found = query.add_columns(name.label("name")).subquery()
    count = func.count()
    counted = (
        select(found.c.name, count.label("count"))
        .group_by(found.c.name)
        .order_by(count.desc(), found.c.name)
    )
    return tuple(Count(**row) for row in connection.execute(counted).mappings())


def counted_if(*conditions: Any) -> Any:
    """How many rows fulfil all conditions."""
    return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)
