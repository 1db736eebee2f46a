"""The record of what was asked of the key service: rows are added, and never altered.

Every function works within a connection that `SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, select

from ledger.rows import row_of
from ledger.sql import tables
from ledger.sql.statements import fields_of, insert_into
from sealing.port import KeyUse

MADE: Final = "made"


def note(connection: Connection, uses: Mapping[str, KeyUse]) -> None:
    """Add the uses, each under an id of its own: one that is there already is left as it is."""
    if uses:
        insert = insert_into(connection.dialect.name, tables.key_uses)
        rows = [{"id": each} | row_of(use) for each, use in uses.items()]
        connection.execute(insert.on_conflict_do_nothing(), rows)


def uses_of(connection: Connection, reference: str) -> tuple[KeyUse, ...]:
    """What was asked of that reference, in order."""
    table = tables.key_uses
    query = select(*fields_of(KeyUse, table)).where(table.c.reference == reference)
    query = query.order_by(table.c.at)
    return tuple(KeyUse(**row) for row in connection.execute(query).mappings())


def made_for(connection: Connection, reference: str) -> tuple[str, str] | None:
    """For whom the key service made the key of that reference, as issuer and id; none where it did not."""
    table = tables.key_uses.c
    query = select(table.issuer, table.who)
    made = query.where(table.reference == reference, table.what == MADE)
    found = connection.execute(made).first()
    return (found.issuer, found.who) if found else None
