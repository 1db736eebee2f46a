"""Opens the database of an address. Loads no other than that."""

from __future__ import annotations

from ledger.databases.urls import Address, SqliteAddress
from ledger.databases.work import Database


def database_at(address: Address, *, create: bool = False) -> Database:
    """The database of that address; `create` makes the folder and the file of a file."""
    if isinstance(address, SqliteAddress):
        from ledger.databases.sqlite import Sqlite

        return Sqlite(address, create=create)
    from ledger.databases.postgres import Postgres

    return Postgres(address)
