"""A copy of the data keys apart from the ledger: wrapped as they are there, a line of JSON for each.

Owns the form of the lines, and what a copy adds to a ledger that is older. A key that was destroyed stays so: by the
copy in the ledger, and by the ledger whatever the copy says. Every function works within a connection that
`SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from ledger.errors import LedgerError
from ledger.keys import data_keys
from ledger.keys.holds import Act
from ledger.keys.keeping import acts
from ledger.keys.keeping.erasing import destroy
from ledger.keys.keeping.figures import figures_of
from ledger.sql import tables
from sealing.port import KeptKey

_BY_A_COPY: Final = "copy of the keys"
"""Stands for the role of whoever erased it: a copy of the keys says who, and not as what."""
_KEY: Final[TypeAdapter[KeptKey]] = TypeAdapter(KeptKey)


class BadCopy(LedgerError):
    """It is no copy of data keys."""


class TakenIn(StrEnum):
    """What became of one key of a copy."""

    ADDED = "added"
    DESTROYED = "destroyed"
    """It was destroyed since the ledger's own copy, and is so again."""
    REWRAPPED = "wrapped as in the copy"
    """The ledger's was wrapped with a key that the ring has no more."""
    KEPT = "there already"
    ANOTHER = "another"
    """The reference has another key by now: what the copy's sealed stays unreadable."""


def lines_of(connection: Connection) -> Iterator[str]:
    """Every data key as a line, those that were destroyed among them."""
    table = tables.data_keys
    rows = connection.execute(select(table).order_by(table.c.made_at, table.c.id)).mappings()
    for row in rows:
        wrapped = row["wrapped"] and base64.b64encode(row["wrapped"]).decode()
        yield json.dumps({**row, "wrapped": wrapped}, default=datetime.isoformat)


def keys_in(lines: Iterable[str]) -> list[KeptKey]:
    """The keys that these lines hold. Raises `BadCopy`, which names the line."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            told = json.loads(line)
            wrapped = told["wrapped"] and base64.b64decode(told["wrapped"], validate=True)
            found.append(_KEY.validate_python({**told, "wrapped": wrapped}))
        except (ValueError, TypeError, KeyError):
            raise BadCopy(
                f"Line {number} is no data key: nothing was taken from the copy."
            ) from None
    return found


def take_in(
    connection: Connection, keys: Iterable[KeptKey], ring: AbstractSet[str]
) -> Counter[TakenIn]:
    """Add what the ledger lacks of these, and say how many became what; `ring` are the ids of the ring's keys."""
    return Counter(_take_in(connection, key, ring) for key in keys)


def _take_in(connection: Connection, key: KeptKey, ring: AbstractSet[str]) -> TakenIn:
    there = data_keys.find(connection, key.reference, None)
    if there is None:
        data_keys.keep(connection, key)
        if act := _erasure_of(key):
            acts.record(connection, replace(act, figures=figures_of(connection, key.reference)))
        return TakenIn.ADDED
    if there.id != key.id:
        return TakenIn.ANOTHER
    if there.wrapped is None:
        return TakenIn.KEPT
    if act := _erasure_of(key):
        destroy(connection, there, act)
        return TakenIn.DESTROYED
    if key.wrapped and there.ring_key not in ring and key.ring_key in ring:
        data_keys.wrap_all_anew(connection, [(there, key.ring_key, key.wrapped)])
        return TakenIn.REWRAPPED
    return TakenIn.KEPT


def _erasure_of(key: KeptKey) -> Act | None:
    """The act of erasing that the copy knows of and the ledger lost; none where the key was not destroyed."""
    if key.wrapped is not None or key.destroyed_at is None:
        return None
    by = key.destroyed_by or ""
    return Act(
        reference=key.reference, what="erase", at=key.destroyed_at, actor_id=by, actor_name=by,
        actor_role=_BY_A_COPY, reason=key.reason,
    )  # fmt: skip
