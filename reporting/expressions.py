"""The few things that SQLite and PostgreSQL say differently, and those that every query needs.

Owns what is said of an event's body, and the conditions that many share. Knows no query.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from activities.ledger import schema
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
    events = schema.events.c
    return (
        schema.complaints.c.charter == charter,
        events.kind == kind,
        events.at >= period.begins,
        events.at < period.ends,
    )


def counted_if(*conditions: Any) -> Any:
    """How many rows fulfil all conditions."""
    return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)
