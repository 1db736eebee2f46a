"""The ledger: the SQL record of events, clocks, notices and outcomes, behind one port.

Owns `open_ledger` and the names that the rest of Uphold uses. No adapter is imported before its
URL asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities.ledger.errors import (
    BadLedgerUrl,
    CharterNotKept,
    ConflictingRecord,
    LedgerError,
    LedgerFault,
    LedgerGap,
    LedgerNotReady,
    LedgerUnavailable,
    MalformedEntry,
    NotRecorded,
)
from activities.ledger.port import Ledger, NoticeFate, NoticeOnRecord, NoticeState, PromiseFigure

if TYPE_CHECKING:
    from activities.ledger.sql import SqlLedger

__all__ = [
    "BadLedgerUrl",
    "CharterNotKept",
    "ConflictingRecord",
    "Ledger",
    "LedgerError",
    "LedgerFault",
    "LedgerGap",
    "LedgerNotReady",
    "LedgerUnavailable",
    "MalformedEntry",
    "NotRecorded",
    "NoticeFate",
    "NoticeOnRecord",
    "NoticeState",
    "PromiseFigure",
    "open_ledger",
    "open_sql_ledger",
]


def open_ledger(url: str) -> Ledger:
    """The ledger that the URL names; it connects when it is first used, and creates nothing.

    `sqlite:///FOLDER/FILE`, `postgresql://USER:PASSWORD@HOST/DATABASE` or `memory://`.
    Raises `BadLedgerUrl`, which names the URL without its password.
    """
    from activities.ledger.urls import MemoryAddress, parse_address

    if isinstance(parse_address(url), MemoryAddress):
        from activities.ledger.memory import MemoryLedger

        return MemoryLedger()
    return open_sql_ledger(url)


def open_sql_ledger(url: str) -> SqlLedger:
    """As `open_ledger`, for what only a database can answer: `memory://` is a `BadLedgerUrl`."""
    from activities.ledger.databases import Postgres, Sqlite
    from activities.ledger.sql import SqlLedger
    from activities.ledger.urls import MemoryAddress, SqliteAddress, parse_address

    address = parse_address(url)
    if isinstance(address, MemoryAddress):
        msg = (
            "The ledger at memory:// ends with its process, so it holds nothing that could be read"
            " here: name a file (sqlite:///FOLDER/FILE) or a PostgreSQL database."
        )
        raise BadLedgerUrl(msg)
    return SqlLedger(Sqlite(address) if isinstance(address, SqliteAddress) else Postgres(address))
