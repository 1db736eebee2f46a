"""The ledger in a SQL database: SQLite or PostgreSQL.

Owns what is read of one complaint, and how the port's other methods map to `writing` and `listing`.
What is kept beside the complaints (closures, measures, samples) is functions of a SQLAlchemy
`Connection`, which `reading` and `writing` run in a transaction, telling the database's errors as the
ledger's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, Select, select

from activities.contracts import LedgerEntry
from domain.complaint.decider.registry import Event
from domain.complaint.views.read_model import ClockStanding, RemedyStanding, Standing
from ledger import closures
from ledger.errors import CharterNotKept
from ledger.keys import data_keys
from ledger.keys.bodies import sealed, texts_of
from ledger.keys.within import knowing
from ledger.keys.words import read_words
from ledger.migrations import schema as migrating
from ledger.paging import COMPLAINTS, REMEDIES
from ledger.port import (
    LIST_LIMIT,
    Ledger,
    Listing,
    NoticeFate,
    NoticeOnRecord,
    NoticeState,
    Page,
    RemedyListing,
    Waiting,
)
from ledger.rows import NOTICE, Row, entry_rows, read_events
from ledger.sql import tables, waiting
from ledger.sql.batching import Batches
from ledger.sql.databases import Database, Work
from ledger.sql.listing import Reading
from ledger.sql.statements import fields_of, insert_into
from ledger.sql.writing import Job, Outcome, Told, change_nothing, write_jobs
from sealing.data_keys import DataKeys
from sealing.port import KeptKey, KeyRing

T = TypeVar("T")


class SqlLedger(Ledger):
    """A ledger in a SQL database."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        """Does not connect before it has to. With a `ring`, what is written is sealed."""
        self._keys = DataKeys(ring, self) if ring else None
        self._database = database
        self.shown = database.shown
        self._batches, self._turns = Batches(self._write), asyncio.Lock()

    @property
    def has_ring(self) -> bool:
        """Whether it seals, and reads what is sealed."""
        return self._keys is not None

    async def record(self, entry: LedgerEntry) -> None:
        rows = entry_rows(entry)
        if self._keys is None:
            await self._batches.add(rows)
            return
        # A key may be waited for; entries are written in the order in which they came all the same.
        async with self._turns:
            rows = sealed(rows, await self._keys.of(entry.reference))
            written = asyncio.ensure_future(self._batches.add(rows))
        await written

    async def keep_charter(self, digest: str, packed: bytes) -> None:
        def keep(connection: Connection) -> None:
            insert = insert_into(connection.dialect.name, tables.charters)
            connection.execute(
                insert.on_conflict_do_nothing(), {"digest": digest, "packed": packed}
            )

        await self.writing(keep)

    async def charter(self, digest: str) -> bytes:
        table = tables.charters.c
        for row in await self._found(select(table.packed).where(table.digest == digest)):
            return bytes(row["packed"])
        raise CharterNotKept(digest)

    async def closed_days(self, region: str, charter: str) -> Mapping[date, str]:
        return await self.reading(lambda c: closures.closed_days(c, region, charter))

    async def mark(
        self, fate: NoticeFate, letter: bytes | None = None, *, again: bool = False
    ) -> NoticeState:
        return await self._batches.add(Told(fate, letter, again)) or NoticeState.OWED

    async def fate(self, key: str) -> NoticeFate:
        query = select(tables.fates).where(tables.fates.c.key == key)
        for row in await self.reading(
            lambda c: read_words(c, tables.fates, c.execute(query).mappings())
        ):
            return NoticeFate(**{**row, "state": NoticeState(row["state"])})
        return NoticeFate(key=key, state=NoticeState.OWED)

    async def mailboxes_waiting(self) -> tuple[str, ...]:
        return await self.reading(waiting.mailboxes_waiting)

    async def waiting(self, mailbox: str) -> tuple[Waiting, ...]:
        return await self.reading(lambda c: waiting.waiting_for(c, mailbox))

    async def take_up(self, mailbox: str, digest: str) -> None:
        await self.writing(lambda c: waiting.take_up(c, mailbox, digest))

    async def told(self, fates: Sequence[NoticeFate]) -> None:
        await self.writing(lambda c: waiting.told(c, fates))

    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        return await self.reading(lambda c: data_keys.find(c, reference, key_id))

    async def keep_data_key(self, key: KeptKey) -> KeptKey:
        return await self.writing(lambda c: data_keys.keep(c, key))

    async def ring_keys(self) -> frozenset[str]:
        return await self.reading(data_keys.ring_keys)

    async def events(self, reference: str) -> tuple[Event, ...]:
        table = tables.events.c
        query = select(table.body).where(table.reference == reference).order_by(table.number)
        return read_events(
            await self.reading(lambda c: texts_of(c, c.execute(query).scalars().all()))
        )

    async def standing(self, reference: str) -> Standing | None:
        table = tables.complaints
        query = select(*fields_of(Standing, table)).where(table.c.reference == reference)
        found = await self._found(query)
        return Standing(**found[0]) if found else None

    async def clocks(self, reference: str) -> tuple[ClockStanding, ...]:
        table = tables.clocks
        query = select(*fields_of(ClockStanding, table)).where(table.c.reference == reference)
        found = await self._found(query.order_by(table.c.started_at, table.c.id))
        return tuple(ClockStanding(**row) for row in found)

    async def notices(self, reference: str) -> tuple[NoticeOnRecord, ...]:
        notices, fates = tables.notices.c, tables.fates.c
        query = (
            select(tables.notices, *(each for each in fates if each.name != "key"))
            .outerjoin_from(tables.notices, tables.fates, fates.key == notices.key)
            .where(notices.reference == reference)
            .order_by(notices.owed_at, notices.event, notices.position)
        )

        def found(connection: Connection) -> tuple[NoticeOnRecord, ...]:
            rows = read_words(connection, tables.fates, connection.execute(query).mappings())
            texts = texts_of(connection, [row["body"] for row in rows])
            return tuple(_on_record(row, text) for row, text in zip(rows, texts, strict=True))

        return await self.reading(found)

    async def complaints(
        self, *, where: Listing, after: str | None = None, limit: int = LIST_LIMIT
    ) -> Page[Standing]:
        return await self.reading(lambda c: Reading(COMPLAINTS, where).page(c, after, limit))

    async def remedies(
        self, *, where: RemedyListing, after: str | None = None, limit: int = LIST_LIMIT
    ) -> Page[RemedyStanding]:
        return await self.reading(lambda c: Reading(REMEDIES, where).page(c, after, limit))

    async def require_ready(self, *, to_write: bool = False) -> None:
        state = await self.reading(migrating.state_within)
        migrating.require_current(state, self._database.shown)
        if to_write:
            await self.writing(change_nothing)

    async def reading(self, work: Work[T]) -> T:
        """What the work returns, all of it seen at one instant. Raises `LedgerUnavailable`.

        The work may run on another thread, and nothing of it may outlive it.
        """
        return await self._database.read(lambda c: work(knowing(c, self._keys, writes=False)))

    async def writing(self, work: Work[T]) -> T:
        """What the work returns, once committed; nothing is kept when it raises.

        Raises `LedgerFault` for what the database refuses. The work may be run again after a
        failure, so doing it twice has to be the same as doing it once.
        """
        return await self._database.write(lambda c: work(knowing(c, self._keys, writes=True)))

    async def close(self) -> None:
        await self._batches.finish()
        await self._database.close()

    async def _write(self, jobs: Sequence[Job]) -> list[Outcome]:
        return await self.writing(lambda c: write_jobs(c, jobs))

    async def _found(self, query: Select[Any]) -> Sequence[RowMapping]:
        return await self.reading(lambda c: c.execute(query).mappings().all())


def _on_record(row: Row, text: str) -> NoticeOnRecord:
    fate = NoticeFate(
        key=row["key"],
        state=NoticeState(row["state"] or NoticeState.OWED),
        message_id=row["message_id"],
        at=row["at"],
        detail=row["detail"],
        channel=row["channel"],
    )
    return NoticeOnRecord(notice=NOTICE.validate_json(text), owed_at=row["owed_at"], fate=fate)
