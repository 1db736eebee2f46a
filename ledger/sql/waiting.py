"""What waits for the digest of a mailbox, within a connection that somebody else opened.

Owns how it is read, taken up by a digest and told. That a note waits is written with its entry.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from ledger.keys.bodies import texts_of
from ledger.port import NoticeFate, Waiting
from ledger.rows import NOTICE
from ledger.sql import tables
from ledger.sql.writing import write_fates


def mailboxes_waiting(connection: Connection) -> tuple[str, ...]:
    """The mailboxes for which something waits, sorted."""
    mailbox = tables.waiting.c.mailbox
    return tuple(connection.scalars(select(mailbox).distinct().order_by(mailbox)))


def waiting_for(connection: Connection, mailbox: str) -> tuple[Waiting, ...]:
    """What waits for the mailbox, in the order in which it was owed."""
    notices, waiting = tables.notices.c, tables.waiting.c
    query = (
        select(notices.body, waiting.digest)
        .join_from(tables.waiting, tables.notices, waiting.key == notices.key)
        .where(waiting.mailbox == mailbox)
        .order_by(notices.owed_at, notices.key)
    )
    rows = connection.execute(query).all()
    texts = texts_of(connection, [row.body for row in rows])
    return tuple(
        Waiting(NOTICE.validate_json(text), row.digest)
        for row, text in zip(rows, texts, strict=True)
    )


def take_up(connection: Connection, mailbox: str, digest: str) -> None:
    """All that waits for the mailbox is the content of that digest."""
    table = tables.waiting
    connection.execute(update(table).where(table.c.mailbox == mailbox).values(digest=digest))


def told(connection: Connection, fates: Sequence[NoticeFate]) -> None:
    """What became of these; they wait no more."""
    if fates:
        write_fates(connection, {fate.key: fate for fate in fates})
        keys = [fate.key for fate in fates]
        connection.execute(delete(tables.waiting).where(tables.waiting.c.key.in_(keys)))
