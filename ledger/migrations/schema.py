"""Creating the ledger's tables and bringing them up to date.

Owns the run of the migrations and the judgement whether a database has this program's tables.
A step back is not offered: an older program is served from a backup. Alembic is loaded by whoever creates tables, and
not by everybody who reads them: it takes as long as the rest of a list.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, inspect, text

from ledger.databases.opening import database_at
from ledger.databases.urls import SqliteAddress, parse_address
from ledger.errors import LedgerNotReady
from ledger.evidence.rights import grant_within

if TYPE_CHECKING:
    from alembic.config import Config

SchemaState = Literal["missing", "behind", "current", "ahead"]
"""`ahead`: a newer program has set the ledger up."""

_WORDS = {
    "missing": "has no tables yet; `uphold setup` creates them",
    "behind": "has the tables of an earlier version; `uphold setup` brings them up to date",
    "ahead": "was set up by a newer version than this one; run that version, or restore a backup",
}
_MIGRATIONS = Path(__file__).parent
_LOCK_KEY = 0x7570686F6C64  # "uphold": one set-up at a time
_NOTED = text("SELECT version_num FROM alembic_version")


async def upgrade(url: str, role: str | None = None) -> None:
    """Creates what is missing and brings the tables up to date; folder and file as well.

    `role` names who may then work with the tables (`evidence.rights`). Raises `BadLedgerUrl`, `CannotGrant`,
    `LedgerUnavailable`, or `LedgerNotReady` for a newer version's tables.
    """
    address = parse_address(url)
    if address is None:
        return
    database = database_at(address, create=True)
    try:
        await database.write(lambda connection: _upgrade_within(connection, database.shown, role))
    finally:
        await database.close()


async def schema_state(url: str) -> SchemaState:
    """Whether the ledger has this program's tables. Changes nothing, creates nothing.

    Raises `BadLedgerUrl` or `LedgerUnavailable`.
    """
    address = parse_address(url)
    if address is None:
        return "current"
    if isinstance(address, SqliteAddress) and not address.file.exists():
        return "missing"
    database = database_at(address)
    try:
        return await database.read(state_within)
    finally:
        await database.close()


def state_within(connection: Connection) -> SchemaState:
    """Whether the database behind this connection has this program's tables."""
    noted = connection.scalar(_NOTED) if inspect(connection).has_table("alembic_version") else None
    if noted is None:
        return "missing"
    known = revisions(_MIGRATIONS)
    if noted == known[-1]:
        return "current"
    return "behind" if noted in known else "ahead"


@cache
def revisions(migrations: Path) -> tuple[str, ...]:
    """The revisions of the tables, the newest last: the file of each begins with its name."""
    files = (migrations / "versions").glob("[0-9]*.py")
    return tuple(sorted(file.name.split("_", 1)[0] for file in files))


def require_current(state: SchemaState, shown: str) -> None:
    """Raises `LedgerNotReady`, saying what to do, unless the tables are this program's."""
    if state != "current":
        raise LedgerNotReady(f"The ledger at {shown} {_WORDS[state]}.")


def _upgrade_within(connection: Connection, shown: str, role: str | None) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"))
    state = state_within(connection)
    if state == "ahead":
        require_current(state, shown)
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if role:
        grant_within(connection, role)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
