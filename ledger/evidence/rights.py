"""What the role of workers and staff may do in a ledger on PostgreSQL: read all, add to all, alter no record.

Owns the grants. The role that sets the ledger up owns its tables and is no worker's: whoever owns a table may do
anything to it. Works within a transaction of the owner.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Table, text

from ledger.errors import CannotGrant
from ledger.sql import tables

_KEPT_FOR_GOOD: Final = frozenset({tables.complaints, tables.fates, tables.data_keys})
"""Rows of these are brought up to date, and none is ever taken away."""
_READ: Final = ("alembic_version",)
"""What says of which version the tables are."""


def grant_within(connection: Connection, role: str) -> None:
    """Give the role what workers need, and take all else that it had here. Raises `CannotGrant`."""
    if connection.dialect.name != "postgresql":
        raise CannotGrant(
            "A ledger in a file has no roles: its own triggers refuse every alteration."
        )
    _require_worker(connection, role)
    to = connection.dialect.identifier_preparer.quote_identifier(role)
    names = [*tables.metadata.tables, *_READ]
    run = connection.exec_driver_sql
    run(f"REVOKE ALL ON {', '.join(names)} FROM PUBLIC, {to}")
    run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    run(f"GRANT USAGE ON SCHEMA public TO {to}")
    run(f"GRANT SELECT ON {', '.join(names)} TO {to}")
    for table in tables.metadata.sorted_tables:
        run(f"GRANT {', '.join(_rights(table))} ON {table.name} TO {to}")


def _rights(table: Table) -> tuple[str, ...]:
    if table in tables.APPEND_ONLY:
        return ("INSERT",)
    return ("INSERT", "UPDATE") if table in _KEPT_FOR_GOOD else ("INSERT", "UPDATE", "DELETE")


def _require_worker(connection: Connection, role: str) -> None:
    """Raises `CannotGrant` for a role that is not there, or that no right could keep from anything."""
    found = connection.execute(
        text(
            "SELECT rolsuper OR pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = :role"
        ),
        {"role": role},
    ).scalar_one_or_none()
    if found is None:
        raise CannotGrant(f"There is no role {role!r} in this database.")
    if found:
        raise CannotGrant(
            f"The role {role!r} owns the ledger's tables or may act as who does, so no right keeps it from altering"
            " what is on record. Set the ledger up as another role than that of the workers."
        )
