"""The blind index: complaints are found by whoever they name, and nobody reads in it who that is.

Owns the digests: an HMAC-SHA256 of each thing that a complaint is found by, under a key of its field that is derived
from the organisation's data key. Equal things have equal digests, so whoever has the database sees that two
complaints share something, and not what. Without a ring the key is no secret: everything is readable then as it is.
Every function works within a connection that `SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from domain.complaint.views.finding import Field, Mark, Way
from ledger.keys import data_keys
from ledger.keys.within import key_within
from ledger.sql import tables
from sealing.cipher import DataKey
from sealing.errors import RingKeyMissing
from sealing.port import ORGANISATION

_OPEN: Final = DataKey("", ORGANISATION, bytes(32))
"""Stands for the key where there is no ring."""


def digests_of(connection: Connection, marks: Iterable[tuple[str, Mark]]) -> list[dict[str, Any]]:
    """The rows for these marks, each beside the reference of its complaint."""
    given = list(dict.fromkeys(marks))
    key = key_within(connection, ORGANISATION) if given else None
    return [_row(key or _OPEN, reference, mark) for reference, mark in given]


def finding(
    connection: Connection, reference: ColumnElement[str], wanted: Iterable[Iterable[Way]]
) -> list[ColumnElement[bool]]:
    """What has to hold of the reference of a complaint that is found by each of these texts.

    Raises `RingKeyMissing` where what it is found by is sealed, and no ring is known here.
    """
    key = key_within(connection, ORGANISATION, make=False)
    if key is None and data_keys.find(connection, ORGANISATION, None):
        raise RingKeyMissing(
            "Complaints are found by sealed digests, and no key ring is known here. Set UPHOLD_KEY_RING."
        )
    keys = [_OPEN, key] if key else [_OPEN]  # what came before the ring stands under the first

    def has(mark: Mark) -> ColumnElement[bool]:
        table = tables.found_by.c
        digests = [_digest(each, mark) for each in keys]
        found = select(table.reference).where(table.field == mark.field, table.digest.in_(digests))
        return reference.in_(found)

    return [or_(*(and_(*map(has, way)) for way in ways)) for ways in wanted]


def put_right(
    connection: Connection, reference: str, marks: Iterable[Mark], *, dry_run: bool
) -> Iterator[str]:
    """Make by what the complaint is found anew, where it differs, and say so."""
    table = tables.found_by
    own = table.c.reference == reference
    key = key_within(connection, ORGANISATION, make=not dry_run) or _OPEN
    wanted = {(row["field"], row["digest"]) for row in (_row(key, reference, m) for m in marks)}
    found = connection.execute(select(table.c.field, table.c.digest).where(own))
    if wanted == {tuple(row) for row in found}:
        return
    yield "by what it is found: it was not what the events say"
    if not dry_run:
        connection.execute(delete(table).where(own))
        rows = [{"field": f, "digest": d, "reference": reference} for f, d in sorted(wanted)]
        if rows:
            connection.execute(insert(table), rows)


def found_rightly(connection: Connection, reference: str, marks: Iterable[Mark]) -> bool:
    """Whether the complaint is found by just these; what came before the ring may stand as it stood then."""
    table = tables.found_by.c
    key = key_within(connection, ORGANISATION, make=False) or _OPEN
    query = select(table.field, table.digest).where(table.reference == reference)
    found = {tuple(row) for row in connection.execute(query)}
    ways = [{(str(m.field), _digest(each, m)) for each in (key, _OPEN)} for m in marks]
    return found <= set().union(*ways) and all(found & way for way in ways)


def _row(key: DataKey, reference: str, mark: Mark) -> dict[str, Any]:
    return {"field": str(mark.field), "digest": _digest(key, mark), "reference": reference}


def _digest(key: DataKey, mark: Mark) -> str:
    own = _key_of(key, mark.field)
    return hmac.new(own, mark.value.encode(), hashlib.sha256).hexdigest()[:32]


@lru_cache(maxsize=32)
def _key_of(key: DataKey, field: Field) -> bytes:
    return key.derived(f"find by {field}")
