"""The figures that stay of a complaint that was erased, as one digest.

Owns what goes into it: how the complaint stands, its clocks and its remedies, as their rows are. Nobody can fold its
events any more, so that digest is what those rows are compared with. Works within a connection that
`SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from ledger.sql import tables

_COUNTED: Final = (tables.complaints, tables.clocks, tables.remedies)


def figures_of(connection: Connection, reference: str) -> str:
    """In hexadecimal digits the SHA-256 of those rows; a column that is empty does not count, so one may be added."""
    made = hashlib.sha256()
    for table in _COUNTED:
        found = connection.execute(select(table).where(table.c.reference == reference)).mappings()
        rows = [{n: value for n, value in row.items() if value not in (None, ())} for row in found]
        lines = sorted(json.dumps(row, default=_told, sort_keys=True) for row in rows)
        made.update(json.dumps([table.name, lines]).encode())
    return made.hexdigest()


def _told(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
