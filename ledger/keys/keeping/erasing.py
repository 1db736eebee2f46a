"""Erasing a complaint from the ledger, and the holds that forbid it.

Owns what is destroyed: the data key, by what the complaint is found, and words that were written without a ring.
Events, letters and all other words stay as sealed texts that nobody can read, with their chain; so do the figures. Every function works within a transaction
that `SqlLedger.writing` opened.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, case, delete, select, update

from ledger.errors import LedgerError
from ledger.keys import data_keys
from ledger.keys.bodies import stands_clear
from ledger.keys.holds import Act, Hold
from ledger.keys.keeping import acts
from ledger.keys.keeping.figures import figures_of
from ledger.keys.words import ERASED, WITH, WORDS, read_words, sealed_within
from ledger.rows import row_of
from ledger.sql import tables
from ledger.sql.statements import upsert
from sealing.port import KeptKey


class CannotErase(LedgerError):
    """The complaint is held, or nothing of it was ever sealed."""


def hold(connection: Connection, wanted: Hold, act: Act) -> None:
    """Keep the complaint from being erased; a hold that was there is replaced."""
    acts.record(connection, act)
    row = sealed_within(connection, tables.holds, row_of(wanted), wanted.reference)
    connection.execute(upsert(connection.dialect.name, tables.holds), row)


def release(connection: Connection, act: Act) -> Hold | None:
    """Let the complaint be erased again; returns the hold that there was."""
    if found := hold_of(connection, act.reference):
        connection.execute(delete(tables.holds).where(tables.holds.c.reference == act.reference))
        acts.record(connection, act)
    return found


def hold_of(connection: Connection, reference: str) -> Hold | None:
    """The hold on the complaint; none if there is none."""
    query = select(tables.holds).where(tables.holds.c.reference == reference)
    found = read_words(connection, tables.holds, connection.execute(query).mappings())
    return Hold(**found[0]) if found else None


def require_erasable(connection: Connection, reference: str) -> None:
    """Return where the complaint may be erased. Raises `CannotErase`."""
    if held := hold_of(connection, reference):
        raise CannotErase(
            f"{reference} is on hold since {held.since:%-d %B %Y}: {held.by} set it ({held.reason})."
            f" Nothing was erased. `uphold unhold {reference}` releases it."
        )
    kept = data_keys.find(connection, reference, None)
    if kept is None:
        raise CannotErase(
            f"{reference} was never sealed, so there is no key to destroy: what is on record of it stays readable."
        )
    if stands_clear(connection, reference):
        raise CannotErase(
            f"{reference} was opened before there was a key ring: what was recorded then stays readable, so it cannot be erased."
        )
    if kept.destroyed_at:
        raise CannotErase(
            f"{reference} was erased on {kept.destroyed_at:%-d %B %Y} by {kept.destroyed_by}: {kept.reason}"
        )


def erase(connection: Connection, act: Act) -> None:
    """Destroy the complaint's key, and what is not under it. Raises `CannotErase`."""
    require_erasable(connection, act.reference)
    if kept := data_keys.find(connection, act.reference, None):
        destroy(connection, kept, act)


def destroy(connection: Connection, kept: KeptKey, act: Act) -> None:
    """Destroy that key with what is not under it, and record the act with the figures that stay."""
    data_keys.destroy(connection, kept, act.at, act.actor_id, act.reason or "")
    forget(connection, act.reference)
    acts.record(connection, replace(act, figures=figures_of(connection, act.reference)))


def forget(connection: Connection, reference: str) -> None:
    """Take away what is not under the complaint's key: by what it is found, what waits, and words in the clear."""
    letters = select(tables.notices.c.key).where(tables.notices.c.reference == reference)
    connection.execute(delete(tables.found_by).where(tables.found_by.c.reference == reference))
    connection.execute(delete(tables.waiting).where(tables.waiting.c.key.in_(letters)))
    for table, its_own in (
        (tables.remedies, tables.remedies.c.reference == reference),
        (tables.fates, tables.fates.c.key.in_(letters)),
        (tables.satisfaction, tables.satisfaction.c.reference == reference),
    ):
        words = {name: _overwritten(table.c[name]) for name in WORDS[table]}
        clear = update(table).where(its_own, table.c[WITH].is_(None))
        connection.execute(clear.values(words))


def _overwritten(column: ColumnElement[str]) -> ColumnElement[str]:
    """That it was erased, where there was anything."""
    return case((column.is_not(None), ERASED))
