"""The ledger in a SQL database: SQLite or PostgreSQL.

Owns what only workers ask of it: that entries are recorded, and how far notices have come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, select

from activities.contracts import LedgerEntry
from ledger import closures
from ledger.databases.work import Database
from ledger.entries import entry_rows
from ledger.errors import CharterNotKept
from ledger.keys.bodies import sealed
from ledger.keys.words import read_words
from ledger.port import Ledger, NoticeFate, NoticeState, Waiting
from ledger.sql import tables, waiting
from ledger.sql.batching import Batches
from ledger.sql.opened import OpenedLedger
from ledger.sql.statements import insert_into
from ledger.sql.writing import Job, Outcome, Told, write_jobs
from sealing.port import KeyRing


class SqlLedger(OpenedLedger, Ledger):
    """A ledger in a SQL database."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        """As an opened one."""
        super().__init__(database, ring)
        self._batches, self._turns = Batches(self._write), asyncio.Lock()

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

    async def close(self) -> None:
        await self._batches.finish()
        await super().close()

    async def _write(self, jobs: Sequence[Job]) -> list[Outcome]:
        return await self.writing(lambda c: write_jobs(c, jobs))
