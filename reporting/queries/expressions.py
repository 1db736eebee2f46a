"""The few things that SQLite and PostgreSQL say differently, and those that every query needs.

Owns what is said of an event's body, and the conditions that many share. Knows no query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, and_, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from ledger.keys.bodies import facts_of
from ledger.sql import tables
from reporting.period import Period
from reporting.sections import Count

Kind = TypeVar("Kind")


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


def within(period: Period, instant: Any) -> ColumnElement[bool]:
    """Whether that instant lies in the period."""
    return and_(instant >= period.begins, instant < period.ends)


def of_events(*columns: Any) -> Select[Any]:
    """These columns of events and of the complaints that they belong to."""
    events, complaints = tables.events, tables.complaints
    both = events.c.reference == complaints.c.reference
    return select(*columns).join_from(events, complaints, both)


def happened(charter: str, period: Period, kind: str, *columns: Any) -> Select[Any]:
    """These columns of the events of a kind in the period."""
    events = tables.events.c
    return of_events(*columns).where(
        tables.complaints.c.charter == charter, events.kind == kind, within(period, events.at)
    )


def with_facts(
    connection: Connection, query: Select[Any]
) -> Iterator[tuple[Row[Any], dict[str, Any]]]:
    """Each row of a query that asks for `body`, with what that event says."""
    rows = connection.execute(query).all()
    return zip(rows, facts_of(connection, [row.body for row in rows]), strict=True)


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


def most_frequent(counts: Counter[Kind]) -> list[tuple[Kind, int]]:
    """What was counted, the most frequent first."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def counted_if(*conditions: Any) -> Any:
    """How many rows fulfil all conditions."""
    return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)
