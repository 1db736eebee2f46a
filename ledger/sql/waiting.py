"""What waits for the digest of a mailbox, within a connection that somebody else opened.

Owns how it is read, taken up by a digest and told, and how it is made again of the notes themselves. That a note
waits is written with its entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, insert, or_, select, update

from domain.notices import NOTICE_JSON
from ledger.keys.bodies import texts_of
from ledger.port import NoticeFate, NoticeState, Waiting
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
        Waiting(NOTICE_JSON.validate_json(text), row.digest)
        for row, text in zip(rows, texts, strict=True)
    )


def wait_again(connection: Connection, reference: str, *, dry_run: bool) -> Iterator[str]:
    """Let every note of the complaint wait that nobody has told, and no other; say which did not.

    Which digest took it up stays where that is known. Where it is lost, the next digest takes it up: staff may read a
    line twice.
    """
    notices, fates, table = tables.notices.c, tables.fates.c, tables.waiting
    over = [NoticeState.DELIVERED, NoticeState.REFUSED, NoticeState.LAPSED]
    untold = connection.execute(
        select(notices.body)
        .outerjoin_from(tables.notices, tables.fates, fates.key == notices.key)
        .where(notices.reference == reference, or_(fates.key.is_(None), fates.state.not_in(over)))
        .order_by(notices.owed_at, notices.key)
    )
    owed = map(NOTICE_JSON.validate_json, texts_of(connection, untold.scalars().all()))
    wanted = {notice.key: notice.recipient.email for notice in owed if notice.waits}
    own = select(notices.key).where(notices.reference == reference)
    there = connection.execute(select(table.c.key, table.c.mailbox).where(table.c.key.in_(own)))
    found = {row.key: row.mailbox for row in there}
    for key in sorted(wanted.keys() | found.keys()):
        if wanted.get(key) == found.get(key):
            continue
        yield f"note {key}: it {'waits' if key in wanted else 'was told'}, and that was not so on record"
        if dry_run:
            continue
        connection.execute(delete(table).where(table.c.key == key))
        if key in wanted:
            row = {"key": key, "mailbox": wanted[key], "digest": None}
            connection.execute(insert(table), row)


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
