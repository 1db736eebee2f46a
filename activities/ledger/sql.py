"""The ledger in a SQL database: SQLite or PostgreSQL.

Owns how the port's methods map to `writing`, `reading` and `migrating`. Holds no SQL.

What is kept beside the complaints (remedies, measures, samples, reports) has ports of its own, in
modules of their own, on the same database: they take a `SqlLedger` and hand it functions of a
SQLAlchemy `Connection`, which runs them in a transaction and tells the database's errors as its own.

    class SqlRemedies:
        def __init__(self, ledger: SqlLedger) -> None:
            self._ledger = ledger

        async def remedy(self, id: str) -> Remedy | None:
            return await self._ledger.reading(lambda connection: _read(connection, id))

`upserts` builds the statements that both databases understand; `open_sql_ledger` (in the package)
opens one from a URL and refuses a ledger in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Self, TypeVar

from sqlalchemy import select

from activities.contracts import LedgerEntry
from activities.ledger import migrating, reading, schema, writing
from activities.ledger.batching import Batches
from activities.ledger.databases import Database, Work
from activities.ledger.errors import NotRecorded
from activities.ledger.marks import attempted, delivered, refused
from activities.ledger.port import LIST_LIMIT, NoticeFate, NoticeOnRecord, PromiseFigure
from activities.ledger.remedies_sql import SqlRemedies
from activities.ledger.rows import entry_rows, to_utc
from activities.ledger.writing import Job
from domain.complaint.decider.record import Event
from domain.complaint.views.status import ClockStanding, Standing

T = TypeVar("T")


class SqlLedger:
    """A ledger in a SQL database; each method is as the port says."""

    def __init__(self, database: Database) -> None:
        """Does not connect before it has to."""
        self._database = database
        self.shown = database.shown
        self._batches = Batches(self._write)

    async def __aenter__(self) -> Self:
        """The ledger itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes the ledger."""
        await self.close()

    async def record(self, entry: LedgerEntry) -> None:
        """As the port says."""
        await self._batches.add(entry_rows(entry))

    async def keep_charter(self, digest: str, packed: bytes, charter_id: str, version: str) -> None:
        """As the port says."""
        row = {"digest": digest, "packed": packed, "charter": charter_id, "version": version}
        await self._database.write(lambda c: writing.write_charter(c, row))

    async def charter(self, digest: str) -> bytes:
        """As the port says."""
        return await self._database.read(lambda c: reading.read_charter(c, digest))

    async def notice_attempted(self, key: str, message_id: str, at: datetime) -> None:
        """As the port says."""
        await self._batches.add(attempted(key, message_id, at))

    async def notice_delivered(self, key: str, at: datetime, where: str) -> None:
        """As the port says."""
        await self._batches.add(delivered(key, at, where))

    async def notice_refused(self, key: str, at: datetime, reason: str) -> None:
        """As the port says."""
        await self._batches.add(refused(key, at, reason))

    async def notice_fate(self, key: str) -> NoticeFate | None:
        """As the port says."""
        return await self._database.read(lambda c: reading.read_fate(c, key))

    async def events(self, reference: str) -> tuple[Event, ...]:
        """As the port says."""
        return await self._database.read(lambda c: reading.read_record(c, reference))

    async def standing(self, reference: str) -> Standing | None:
        """As the port says."""
        return await self._database.read(lambda c: reading.read_standing(c, reference))

    async def clocks(self, reference: str) -> tuple[ClockStanding, ...]:
        """As the port says."""
        return await self._database.read(lambda c: reading.read_clocks(c, reference))

    async def notices(self, reference: str) -> tuple[NoticeOnRecord, ...]:
        """As the port says."""
        return await self._database.read(lambda c: reading.read_notices(c, reference))

    async def list_standings(
        self,
        *,
        charter: str | None = None,
        stage: str | None = None,
        state: str | None = None,
        due_before: datetime | None = None,
        handler: str | None = None,
        limit: int = LIST_LIMIT,
    ) -> tuple[Standing, ...]:
        """As the port says."""
        before = to_utc(due_before) if due_before else None
        given = {"charter": charter, "stage": stage, "state": state, "handler_id": handler}
        wanted = {name: value for name, value in given.items() if value is not None}
        return await self._database.read(lambda c: reading.read_standings(c, wanted, before, limit))

    async def references(self) -> tuple[str, ...]:
        """As the port says."""
        return await self._database.read(reading.read_references)

    async def promise_figures(self, charter: str) -> tuple[PromiseFigure, ...]:
        """As the port says."""
        return await self._database.read(lambda c: reading.read_figures(c, charter))

    @property
    def remedies(self) -> SqlRemedies:
        """As the port says."""
        return SqlRemedies(self)

    async def ping(self) -> None:
        """As the port says."""
        await self._database.read(
            lambda c: c.execute(select(schema.complaints.c.events).limit(1)).first()
        )

    async def require_ready(self) -> None:
        """As the port says."""
        state = await self._database.read(migrating.state_within)
        migrating.require_current(state, self._database.shown)

    async def reading(self, work: Work[T]) -> T:
        """What the work returns, all of it seen at one instant. Raises `LedgerUnavailable`.

        The work may run on another thread, and nothing of it may outlive it.
        """
        return await self._database.read(work)

    async def writing(self, work: Work[T]) -> T:
        """What the work returns, once committed; nothing is kept when it raises.

        Raises `LedgerFault` for what the database refuses. The work may be run again after a
        failure, so doing it twice has to be the same as doing it once.
        """
        return await self._database.write(work)

    async def close(self) -> None:
        """As the port says."""
        await self._batches.finish()
        await self._database.close()

    async def _write(self, jobs: Sequence[Job]) -> list[NotRecorded | None]:
        return await self._database.write(lambda c: writing.write_jobs(c, jobs))
