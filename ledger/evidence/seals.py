"""Seals: what was on record at an instant, signed.

Owns how a seal is made and how its root is counted: a hash of the root before, of the seal itself, and of the last
links of every complaint with new events, or with letters that left or acts on its keeping since. Whoever keeps one root elsewhere can show that nothing behind it was altered,
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
    Table,
    collate,
    func,
    insert,
    literal,
    or_,
    select,
    text,
)

from ledger.evidence.keys import SealKey
from ledger.rows import row_of
from ledger.sql import tables
from ledger.sql.statements import fields_of

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
    names = [column.name for column in tables.sealed.columns]
    count = connection.execute(insert(tables.sealed).from_select(names, _new(number))).rowcount
    if before and not count:
        return before, 0
    root = root_of(
        before.root if before else NO_ROOT, number, now, key.name, rows_of(connection, number)
    )
    made = Seal(
        number=number, at=now.astimezone(UTC), root=root, signature=key.sign(root), key=key.name
    )
    connection.execute(insert(tables.seals), row_of(made))
    return made, count


def last_seal(connection: Connection) -> Seal | None:
    """The last seal; none before the first."""
    found = connection.execute(_seals().order_by(tables.seals.c.number.desc()).limit(1)).mappings()
    return next((Seal(**row) for row in found), None)


def newest_seal(connection: Connection) -> tuple[int, str] | None:
    """Number and root of the last seal, whatever else its row holds; none before the first."""
    seals = tables.seals.c
    query = select(seals.number, seals.root).order_by(seals.number.desc()).limit(1)
    found = connection.execute(query).first()
    return (found.number, found.root) if found else None


def every_seal(connection: Connection) -> tuple[Seal, ...]:
    """All seals, the first one first: one a day, so a few thousand in ten years."""
    found = connection.execute(_seals().order_by(tables.seals.c.number)).mappings()
    return tuple(Seal(**row) for row in found)


def rows_of(connection: Connection, seal: int) -> Iterator[Sequence[Any]]:
    """What a seal seals: reference, then last event, letter and act, each with its link; by the bytes of the reference."""
    sealed = tables.sealed.c
    heads = sealed.head, sealed.letters, sealed.letters_head, sealed.acts, sealed.acts_head
    query = select(sealed.reference, sealed.number, *heads).where(sealed.seal == seal)
    query = query.order_by(bytewise(connection, sealed.reference))
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


def _new(seal: int) -> Select[Any]:
    """What that seal seals, in the order of its columns: every complaint with more than an earlier one sealed."""
    complaints, sealed = tables.complaints.c, tables.sealed.c
    letters, letters_head = _last_of(tables.letters)
    acts, acts_head = _last_of(tables.keeping)

    def known(number: ColumnElement[int]) -> ColumnElement[int]:
        found = select(func.max(number)).where(sealed.reference == complaints.reference)
        return func.coalesce(found.scalar_subquery(), 0)

    return (
        select(
            literal(seal),
            complaints.reference,
            complaints.events,
            complaints.head,
            func.coalesce(letters.number, 0),
            letters_head,
            func.coalesce(acts.number, 0),
            acts_head,
        )
        .outerjoin(letters.reference.table, letters.reference == complaints.reference)
        .outerjoin(acts.reference.table, acts.reference == complaints.reference)
        .where(
            or_(
                complaints.events > known(sealed.number),
                func.coalesce(letters.number, 0) > known(sealed.letters),
                func.coalesce(acts.number, 0) > known(sealed.acts),
            )
        )
    )


def _last_of(table: Table) -> tuple[Any, ColumnElement[str]]:
    """The last number of each complaint in that table, and its link in a query of complaints; empty where there is none."""
    rows = table.c
    numbered = select(rows.reference, func.max(rows.number).label("number"))
    last = numbered.group_by(rows.reference).subquery().c
    link = select(rows.link).where(
        rows.reference == tables.complaints.c.reference, rows.number == last.number
    )
    return last, func.coalesce(link.scalar_subquery(), "")


def _seals() -> Select[Any]:
    return select(*fields_of(Seal, tables.seals))


def _line(*values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
