"""Erasing a complaint from the ledger, and the holds that forbid it.

Owns what is destroyed: the data key, and the few words that stand in columns of their own. Events and letters stay
as sealed texts that nobody can read, with their chain; so do the figures. Every function works within a transaction
that `SqlLedger.writing` opened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select, update

from ledger.errors import LedgerError
from ledger.keys import data_keys
from ledger.keys.holds import Hold
from ledger.sql import tables
from ledger.sql.statements import upsert

ERASED_WORDS: Final = "[erased]"


class CannotErase(LedgerError):
    """The complaint is held, or nothing of it was ever sealed."""


def hold(connection: Connection, wanted: Hold) -> None:
    """Keep the complaint from being erased; a hold that was there is replaced."""
    connection.execute(
        upsert(connection.dialect.name, tables.holds),
        {name: getattr(wanted, name) for name in Hold.__slots__},
    )


def release(connection: Connection, reference: str) -> Hold | None:
    """Let the complaint be erased again; returns the hold that there was."""
    found = hold_of(connection, reference)
    connection.execute(delete(tables.holds).where(tables.holds.c.reference == reference))
    return found


def hold_of(connection: Connection, reference: str) -> Hold | None:
    """The hold on the complaint; none if there is none."""
    query = select(tables.holds).where(tables.holds.c.reference == reference)
    found = connection.execute(query).mappings().first()
    return Hold(**found) if found else None


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
    if kept.destroyed_at:
        raise CannotErase(
            f"{reference} was erased on {kept.destroyed_at:%-d %B %Y} by {kept.destroyed_by}: {kept.reason}"
        )


def erase(connection: Connection, reference: str, at: datetime, by: str, reason: str) -> None:
    """Destroy the complaint's key, and the words that are not under it. Raises `CannotErase`."""
    require_erasable(connection, reference)
    if kept := data_keys.find(connection, reference, None):
        data_keys.destroy(connection, kept, at, by, reason)
    remedies, fates, answers = tables.remedies, tables.fates, tables.satisfaction
    connection.execute(
        update(remedies)
        .where(remedies.c.reference == reference)
        .values(text=ERASED_WORDS, reason=None)
    )
    letters = select(tables.notices.c.key).where(tables.notices.c.reference == reference)
    connection.execute(update(fates).where(fates.c.key.in_(letters)).values(detail=None))
    connection.execute(delete(tables.waiting).where(tables.waiting.c.key.in_(letters)))
    connection.execute(update(answers).where(answers.c.reference == reference).values(comment=None))
