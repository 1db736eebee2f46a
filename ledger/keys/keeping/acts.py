"""The record of who kept complaints from being erased, let them go, and erased them.

Owns how an act is numbered, chained to the one before and read, and that why a complaint was erased is all of its words that can still be read then. Every function works within a connection that `SqlLedger.reading` or
`SqlLedger.writing` opened; an act is recorded in the transaction in which it is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any, Final

from sqlalchemy import Connection, insert, select

from ledger.evidence.chain import hashed
from ledger.keys.holds import Act
from ledger.keys.words import WITH, read_words, sealed_within
from ledger.rows import row_of
from ledger.sql import tables
from ledger.sql.statements import fields_of

_TOLD: Final = (
    "what", "actor_id", "actor_name", "actor_role", "issuer", "token", "reason", "figures", WITH,
)  # fmt: skip


def record(connection: Connection, act: Act) -> None:
    """Put the act on record, after those before it."""
    table = tables.keeping
    own = select(table.c.number, table.c.link).where(table.c.reference == act.reference)
    last = connection.execute(own.order_by(table.c.number.desc()).limit(1)).first()
    number, head = (last.number, last.link) if last else (0, first_act(act.reference))
    row = row_of(replace(act, number=number + 1)) | {WITH: None}
    if act.what != "erase":
        row = sealed_within(connection, table, row, act.reference)
    connection.execute(insert(table), row | {"link": link_of(head, row)})


def first_act(reference: str) -> str:
    """What the chain of the acts on a complaint's keeping begins from, in hexadecimal digits."""
    return hashed("keeping", reference)


def link_of(before: str, row: Mapping[Any, Any]) -> str:
    """The link of an act behind `before`; the row is one of the table `keeping`, its words as they are kept."""
    at = row["at"].astimezone(UTC).isoformat()
    told = (row[each] or "" for each in _TOLD)
    return hashed(before, row["reference"], str(row["number"]), at, *told)


def acts_on(connection: Connection, reference: str) -> tuple[Act, ...]:
    """What was done about the keeping of the complaint, in order."""
    table = tables.keeping
    query = select(*fields_of(Act, table), table.c[WITH]).where(table.c.reference == reference)
    query = query.order_by(table.c.number)
    rows = read_words(connection, table, connection.execute(query).mappings())
    return tuple(Act(**row) for row in rows)


def erased_of(connection: Connection, references: Iterable[str]) -> frozenset[str]:
    """Which of the complaints were erased."""
    keys = tables.data_keys.c
    asked = keys.reference.in_([*references]) & keys.destroyed_at.is_not(None)
    return frozenset(connection.execute(select(keys.reference).where(asked)).scalars())
