"""Opens the ledger that a URL names.

Owns which adapter a URL gets. No adapter is imported before its URL asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import BadLedgerUrl
from ledger.port import Ledger
from sealing.port import KeyRing

if TYPE_CHECKING:
    from ledger.databases.work import Database
    from ledger.sql.ledger import SqlLedger
    from ledger.sql.opened import OpenedLedger


def open_ledger(url: str, ring: KeyRing | None = None) -> Ledger:
    """The ledger that the URL names; it connects when it is first used, and creates nothing.

    `sqlite:///FOLDER/FILE`, `postgresql://USER:PASSWORD@HOST/DATABASE` or `memory://`. With a `ring` what is
    personal in a database is sealed, and read again.
    Raises `BadLedgerUrl`, which names the URL without its password.
    """
    from ledger.databases.urls import parse_address

    if parse_address(url) is None:
        from ledger.memory import MemoryLedger

        return MemoryLedger()
    return open_sql_ledger(url, ring)


def open_sql_ledger(url: str, ring: KeyRing | None = None) -> SqlLedger:
    """As `open_ledger`, for what only a database can answer: `memory://` is a `BadLedgerUrl`."""
    from ledger.sql.ledger import SqlLedger

    return SqlLedger(_database(url), ring)


def open_to_read(url: str, ring: KeyRing | None = None) -> Ledger | OpenedLedger:
    """As `open_ledger`, for who records nothing: what events are read with is loaded when any are asked for."""
    from ledger.databases.urls import parse_address

    return open_ledger(url) if parse_address(url) is None else open_database(url, ring)


def open_database(url: str, ring: KeyRing | None = None) -> OpenedLedger:
    """As `open_to_read`, for what only a database can answer: `memory://` is a `BadLedgerUrl`."""
    from ledger.sql.opened import OpenedLedger

    return OpenedLedger(_database(url), ring)


def _database(url: str) -> Database:
    from ledger.databases.opening import database_at
    from ledger.databases.urls import parse_address

    address = parse_address(url)
    if address is None:
        msg = (
            "The ledger at memory:// ends with its process, so it holds nothing that could be read"
            " here: name a file (sqlite:///FOLDER/FILE) or a PostgreSQL database."
        )
        raise BadLedgerUrl(msg)
    return database_at(address)
