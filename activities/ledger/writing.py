"""What is written to the ledger, within one transaction that somebody else opened and commits.

Owns the rule that a number is recorded once and in order. Must not know which database it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select, text

from activities.ledger import schema
from activities.ledger.errors import NotRecorded
from activities.ledger.port import NoticeState
from activities.ledger.rows import EntryRows, FateMark, Row, check_against
from activities.ledger.upserts import insert_into, upsert

Job = EntryRows | FateMark

_LASTS = select(schema.complaints.c.reference, schema.complaints.c.events).where(
    schema.complaints.c.reference.in_(bindparam("references", expanding=True))
)
_LOCK = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")


def write_jobs(connection: Connection, jobs: Sequence[Job]) -> list[NotRecorded | None]:
    """Writes what can be written, and returns for each job why not, or None.

    No two jobs may be of the same complaint or notice. A job that is refused leaves no trace.
    """
    entries = [job for job in jobs if isinstance(job, EntryRows)]
    refused: dict[int, NotRecorded] = {}
    if entries:
        refused = _write_entries(connection, entries)
    if marks := [job.row for job in jobs if isinstance(job, FateMark)]:
        connection.execute(_marking(connection.dialect.name), marks)
    return [refused.get(id(job)) for job in jobs]


def write_charter(connection: Connection, row: Row) -> None:
    """Keeps a pinned charter, unless its digest is kept already."""
    insert = insert_into(connection.dialect.name, schema.charters)
    connection.execute(insert.on_conflict_do_nothing(), row)


def _write_entries(connection: Connection, entries: Sequence[EntryRows]) -> dict[int, NotRecorded]:
    references = [entry.reference for entry in entries]
    _lock(connection, references)
    found = connection.execute(_LASTS, {"references": references})
    lasts: dict[str, int] = {row.reference: row.events for row in found}
    refused: dict[int, NotRecorded] = {}
    new: list[EntryRows] = []
    for entry in entries:
        last = lasts.get(entry.reference, 0)
        try:
            check_against(entry, last, _overlap(connection, entry, last))
        except NotRecorded as error:
            refused[id(entry)] = error
            continue
        if entry.last > last:
            new.append(entry)
    _insert_entries(connection, new, lasts)
    return refused


def _insert_entries(
    connection: Connection, new: Sequence[EntryRows], lasts: Mapping[str, int]
) -> None:
    dialect = connection.dialect.name
    connect = (
        (_standing_upsert(dialect), [entry.standing for entry in new]),
        (schema.events.insert(), _after(new, "events", "number", lasts)),
        (_clock_upsert(dialect), [row for entry in new for row in entry.clocks]),
        (schema.notices.insert(), _after(new, "notices", "event", lasts)),
    )
    for statement, rows in connect:
        if rows:
            connection.execute(statement, rows)


def _after(new: Iterable[EntryRows], part: str, number: str, lasts: Mapping[str, int]) -> list[Row]:
    return [
        row
        for entry in new
        for row in getattr(entry, part)
        if row[number] > lasts.get(entry.reference, 0)
    ]


def _overlap(connection: Connection, entry: EntryRows, last: int) -> dict[int, str]:
    if entry.first > last:
        return {}
    table = schema.events
    found = connection.execute(
        select(table.c.number, table.c.body).where(
            table.c.reference == entry.reference,
            table.c.number.between(entry.first, entry.last),
        )
    )
    return {row.number: row.body for row in found}


def _lock(connection: Connection, references: Iterable[str]) -> None:
    # SQLite's write transaction holds the whole file. PostgreSQL has no row to lock for a
    # complaint that is not there yet; the order keeps two writers from waiting on each other.
    if connection.dialect.name == "postgresql":
        keys = sorted(_lock_key(reference) for reference in references)
        connection.execute(_LOCK, {"keys": keys})


def _lock_key(reference: str) -> int:
    digest = hashlib.blake2b(reference.encode(), digest_size=8, person=b"uphold").digest()
    return int.from_bytes(digest, signed=True)


@cache
def _standing_upsert(dialect: str) -> Any:
    return upsert(dialect, schema.complaints, newer="events")


@cache
def _clock_upsert(dialect: str) -> Any:
    return upsert(dialect, schema.clocks, newer="as_of")


@cache
def _marking(dialect: str) -> Any:
    """What arrived stays delivered, what was refused is not merely attempted again."""
    table = schema.fates
    insert = insert_into(dialect, table)
    new = insert.excluded
    stays = (table.c.state == NoticeState.DELIVERED) | (new.state == NoticeState.ATTEMPTED)
    latest = ("attempted_at", "message_id")
    return insert.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "state": case((stays, table.c.state), else_=new.state),
            **{name: func.coalesce(new[name], table.c[name]) for name in latest},
            **{
                name: func.coalesce(table.c[name], new[name])
                for name in ("delivered_at", "where", "refused_at", "reason")
            },
        },
    )
