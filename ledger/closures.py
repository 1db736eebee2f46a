"""Emergency closures in the ledger: what complaints are pinned with that open after one was added.

Owns how they are kept. What a closure does to a running complaint is the core's business. Every
function works within a connection that `SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from ledger.rows import row_of
from ledger.sql import tables
from ledger.sql.statements import insert_into

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
    issuer: str | None = None
    """Who issued the token that proved it; none where nobody has to prove anything."""
    token: str | None = None
    """That token's id."""


def every_closure(connection: Connection) -> tuple[Closure, ...]:
    """All that were added, by region and day."""
    table = tables.closures
    query = select(table).order_by(table.c.region, table.c.day, table.c.charter)
    return tuple(Closure(**row) for row in connection.execute(query).mappings())


def closed_days(connection: Connection, region: str, charter: str) -> dict[date, str]:
    """The closed days that hold for a charter of that region, each with its reason."""
    return {
        each.day: each.reason
        for each in every_closure(connection)
        if each.region == region and each.charter in {EVERY_CHARTER, charter}
    }


def add_closures(connection: Connection, closures: Sequence[Closure]) -> int:
    """Keeps them and says how many are new; a day that is there already stays as it is."""
    insert = insert_into(connection.dialect.name, tables.closures).on_conflict_do_nothing()
    rows = [row_of(each) for each in closures]
    return sum(connection.execute(insert, row).rowcount for row in rows)
