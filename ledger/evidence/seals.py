"""Seals: what was on record at an instant, signed.

Owns how a seal is made and how its root is counted: a hash of the root before, of the seal itself, and of the last
link of every complaint with new events. Whoever keeps one root elsewhere can show that nothing behind it was altered,
though somebody had rewritten whole chains. Works within a connection that `SqlLedger` opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    collate,
    func,
    insert,
    literal,
    select,
    text,
)

from ledger.evidence.keys import SealKey
from ledger.sql import tables

AT_A_TIME = 1000
"""Rows that are read from the database at once."""
_LOCK_KEY = 0x7365616C  # "seal": one at a time
NO_ROOT = ""
"""What the first seal's root is counted from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One seal. Root and signature are hexadecimal digits."""

    number: int
    at: datetime
    root: str
    signature: str
    key: str
    """The name of the key that it was signed with."""


def seal_within(connection: Connection, key: SealKey, now: datetime) -> tuple[Seal, int]:
    """The last seal, made now where there are new events, and how many complaints it seals.

    0 where nothing is new; then the last seal stands, and is returned. Raises nothing of its own.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"))
    before = last_seal(connection)
    number = before.number + 1 if before else 1
    sealed, complaints = tables.sealed.c, tables.complaints.c
    known = (
        select(func.max(sealed.number))
        .where(sealed.reference == complaints.reference)
        .scalar_subquery()
    )
    new = select(literal(number), complaints.reference, complaints.events, complaints.head).where(
        complaints.events > func.coalesce(known, 0)
    )
    names = [column.name for column in tables.sealed.columns]
    count = connection.execute(insert(tables.sealed).from_select(names, new)).rowcount
    if before and not count:
        return before, 0
    root = root_of(
        before.root if before else NO_ROOT, number, now, key.name, rows_of(connection, number)
    )
    made = Seal(
        number=number, at=now.astimezone(UTC), root=root, signature=key.sign(root), key=key.name
    )
    connection.execute(insert(tables.seals), {n: getattr(made, n) for n in Seal.__slots__})
    return made, count


def last_seal(connection: Connection) -> Seal | None:
    """The last seal; none before the first."""
    found = connection.execute(_seals().order_by(tables.seals.c.number.desc()).limit(1)).mappings()
    return next((Seal(**row) for row in found), None)


def every_seal(connection: Connection) -> tuple[Seal, ...]:
    """All seals, the first one first: one a day, so a few thousand in ten years."""
    found = connection.execute(_seals().order_by(tables.seals.c.number)).mappings()
    return tuple(Seal(**row) for row in found)


def rows_of(connection: Connection, seal: int) -> Iterator[Sequence[Any]]:
    """What a seal seals: reference, number of the last event and its link, by the bytes of the reference."""
    sealed = tables.sealed.c
    query = (
        select(sealed.reference, sealed.number, sealed.head)
        .where(sealed.seal == seal)
        .order_by(bytewise(connection, sealed.reference))
    )
    yield from connection.execute(query, execution_options={"yield_per": AT_A_TIME})


def root_of(before: str, number: int, at: datetime, key: str, rows: Iterable[Sequence[Any]]) -> str:
    """The root of a seal behind the root `before`, in hexadecimal digits."""
    made = hashlib.sha256(_line(before, number, at.astimezone(UTC).isoformat(), key))
    for row in rows:
        made.update(_line(*row))
    return made.hexdigest()


def bytewise(connection: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """The column in an order that is the same in every database, whatever language it sorts by."""
    return collate(column, "C") if connection.dialect.name == "postgresql" else column


def _seals() -> Select[Any]:
    return select(*(tables.seals.c[name] for name in Seal.__slots__))


def _line(*values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
