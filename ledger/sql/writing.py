"""What is written to the ledger, within one transaction that somebody else opened and commits.

Owns the rule that a number is recorded once and in order, chained to the one before. Must not know which
database it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Connection,
    Table,
    bindparam,
    func,
    select,
)

from ledger.entries import EntryRows, check_against
from ledger.errors import NotRecorded
from ledger.evidence.chain import first_link, link_up
from ledger.evidence.letters import keep_letters
from ledger.keys.bodies import texts_of
from ledger.keys.finding import digests_of
from ledger.keys.words import sealed_within
from ledger.port import NoticeFate, NoticeState
from ledger.rows import reference_of, row_of
from ledger.sql import tables
from ledger.sql.statements import Prepared, insert_into, rows_among, selecting, upsert


@dataclass(frozen=True, slots=True)
class Told:
    """How far a notice has come, and what is about to be handed over."""

    fate: NoticeFate
    letter: bytes | None = None
    again: bool = False
    """Whether it is kept though somebody has tried before."""

    @property
    def key(self) -> str:
        """The notice's."""
        return self.fate.key


Job = EntryRows | Told
Outcome = NotRecorded | NoticeState | None


def write_jobs(connection: Connection, jobs: Sequence[Job]) -> list[Outcome]:
    """Writes what can be written, and returns for each job why not, or what a mark replaced.

    No two jobs may be of the same complaint or notice. A job that is refused leaves no trace.
    """
    entries = {job.reference: job for job in jobs if isinstance(job, EntryRows)}
    told = {job.key: job for job in jobs if isinstance(job, Told)}
    leaving = {reference_of(key) or key for key, job in told.items() if job.letter is not None}
    hold(connection, [*entries, *told, *(leaving - set(entries))])
    refused = _write_entries(connection, entries) if entries else {}
    before = write_fates(connection, {key: job.fate for key, job in told.items()}) if told else {}
    if leaving:
        _keep_letters(connection, told.values(), before)
    return [
        refused.get(job.reference) if isinstance(job, EntryRows) else before.get(job.key)
        for job in jobs
    ]


def _keep_letters(
    connection: Connection, told: Iterable[Told], before: Mapping[str, NoticeState]
) -> None:
    """Keep the letters of these that leave: where nobody has tried before, or it is tried again."""
    leaving = {
        job.key: (job.fate.at, job.letter)
        for job in told
        if job.letter is not None and job.fate.at and (job.again or job.key not in before)
    }
    keep_letters(connection, leaving, [key for key in leaving if key in before])


def write_fates(connection: Connection, fates: Mapping[str, NoticeFate]) -> dict[str, NoticeState]:
    """Writes how far each notice has come, by its key, and returns how far it had before."""
    found = _among(connection, _FATES, fates)
    before = {key: NoticeState(state) for key, (state,) in found.items()}
    told = [
        sealed_within(connection, tables.fates, row_of(fate), reference_of(fate.key))
        for fate in fates.values()
        if fate.key not in before or not before[fate.key].outlasts(fate.state)
    ]
    if told:
        _MARKING.write(connection, told)
    return before


def _write_entries(
    connection: Connection, entries: Mapping[str, EntryRows]
) -> dict[str, NotRecorded]:
    lasts = _among(connection, _LASTS, entries)
    refused: dict[str, NotRecorded] = {}
    new: list[EntryRows] = []
    for entry in entries.values():
        last, head = lasts.get(entry.reference) or (0, first_link(entry.reference))
        try:
            check_against(entry, last, _overlap(connection, entry, last))
        except NotRecorded as error:
            refused[entry.reference] = error
            continue
        if entry.last > last:
            new.append(_continuing(entry, last, head))
    for statement, rows in (
        (_STANDINGS, [entry.standing for entry in new]),
        (_EVENTS, [row for entry in new for row in entry.events]),
        (_CLOCKS, [row for entry in new for row in entry.clocks]),
        (_REMEDIES, [row for entry in new for row in entry.remedies]),
        (_NOTICES, [row for entry in new for row in entry.notices]),
        (_WAITING, [row for entry in new for row in entry.waiting]),
        (_FOUND_BY, digests_of(connection, ((e.reference, m) for e in new for _, m in e.marks))),
    ):
        if rows:
            statement.write(connection, rows)
    return refused


def _continuing(entry: EntryRows, last: int, head: str) -> EntryRows:
    """What of the entry is not on record yet, chained to the last event that is."""
    events = [row for row in entry.events if row["number"] > last]
    letters = [row for row in entry.notices if row["event"] > last]
    standing = entry.standing | {"head": link_up(head, events, letters)}
    waiting = [row for row in entry.waiting if row["event"] > last]
    marks = [(number, mark) for number, mark in entry.marks if number > last]
    new = replace(entry, events=events, notices=letters, waiting=waiting, marks=marks)
    return replace(new, standing=standing)


def hold(connection: Connection, keys: Sequence[str]) -> None:
    """Nobody else writes of these complaints and notices until the end.

    SQLite's write transaction holds the whole file. PostgreSQL has no row to lock for what is not
    there yet; the order of the locks keeps two writers from waiting on each other.
    """
    if connection.dialect.name == "postgresql":
        _LOCKS.read(connection, {"keys": sorted(map(_lock_key, keys))})


def _lock_key(key: str) -> int:
    digest = hashlib.blake2b(key.encode(), digest_size=8, person=b"uphold").digest()
    return int.from_bytes(digest, signed=True)


def _among(connection: Connection, statement: Prepared, keys: Iterable[str]) -> dict[str, Any]:
    """What `selecting` finds for each of these keys that is there, as a tuple."""
    return {key: tuple(found) for key, *found in rows_among(connection, statement, keys)}


def _overlap(connection: Connection, entry: EntryRows, last: int) -> dict[int, str]:
    if entry.first > last:
        return {}
    table = tables.events
    found = connection.execute(
        select(table.c.number, table.c.body).where(
            table.c.reference == entry.reference,
            table.c.number.between(entry.first, entry.last),
        )
    )
    rows = found.all()
    texts = texts_of(connection, [row.body for row in rows])
    return {row.number: text for row, text in zip(rows, texts, strict=True)}


# --- the statements of every step ---------------------------------------------------------------


def _selecting(key: Column[Any], *what: Column[Any]) -> Prepared:
    return Prepared(lambda dialect: selecting(dialect, key, *what))


def _locking(_: str) -> Any:
    keys = func.unnest(bindparam("keys", type_=ARRAY(BigInteger))).column_valued("key")
    return select(func.pg_advisory_xact_lock(keys))


def _upserting(table: Table, newer: str | None = None) -> Prepared:
    return Prepared(lambda dialect: upsert(dialect, table, newer))


_LOCKS = Prepared(_locking)
_LASTS = _selecting(
    tables.complaints.c.reference, tables.complaints.c.events, tables.complaints.c.head
)
_FATES = _selecting(tables.fates.c.key, tables.fates.c.state)
_MARKING = _upserting(tables.fates)
_STANDINGS = _upserting(tables.complaints, "events")
_CLOCKS = _upserting(tables.clocks, "as_of")
_REMEDIES = _upserting(tables.remedies, "as_of")
_EVENTS = Prepared(lambda dialect: insert_into(dialect, tables.events))
_NOTICES = Prepared(lambda dialect: insert_into(dialect, tables.notices))
_FOUND_BY = Prepared(lambda dialect: insert_into(dialect, tables.found_by).on_conflict_do_nothing())
_WAITING = Prepared(lambda dialect: insert_into(dialect, tables.waiting))
