"""A ledger's database, opened with its keys: what staff read of complaints, and work within a transaction.

Owns how work reaches the database with what it seals and reads with. What is kept beside the complaints (closures,
measures, samples) is functions of a SQLAlchemy `Connection`, which `reading` and `writing` run in a transaction,
telling the database's errors as the ledger's own. Must not import at the top what events are read with: whoever lists
or shows starts in half the time without.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, RowMapping, Select, false, select, update

from domain.complaint.views.standings import ClockStanding, RemedyStanding, Standing
from domain.notices import NOTICE_JSON
from ledger.databases.work import Database, T, Work
from ledger.keys import data_keys
from ledger.keys.bodies import texts_of
from ledger.keys.within import knowing
from ledger.keys.words import WITH, read_words
from ledger.migrations import schema as migrating
from ledger.paging import COMPLAINTS, REMEDIES
from ledger.port import (
    LIST_LIMIT,
    Listing,
    NoticeFate,
    NoticeOnRecord,
    NoticeState,
    Page,
    RemedyListing,
)
from ledger.rows import Row
from ledger.sql import tables
from ledger.sql.listing import Reading
from sealing.data_keys import DataKeys
from sealing.port import KeptKey, KeyRing, KeyStore

if TYPE_CHECKING:
    from domain.complaint.decider.registry import Event


class OpenedLedger(KeyStore):
    """The database of a ledger with its keys; each method is what the port says of it."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        """Does not connect before it has to. With a `ring`, what is written is sealed."""
        self._keys = DataKeys(ring, self) if ring else None
        self._database = database
        self.shown = database.shown

    @property
    def has_ring(self) -> bool:
        """Whether it seals, and reads what is sealed."""
        return self._keys is not None

    async def __aenter__(self) -> Self:
        """The ledger itself; leaving the block closes it."""
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def events(self, reference: str) -> tuple[Event, ...]:
        from ledger.entries import read_events

        table = tables.events.c
        query = select(table.body).where(table.reference == reference).order_by(table.number)
        return read_events(
            await self.reading(lambda c: texts_of(c, c.execute(query).scalars().all()))
        )

    async def standing(self, reference: str) -> Standing | None:
        table = tables.complaints.c
        columns = (table[name] for name in Standing.__slots__)
        found = await self._found(select(*columns).where(table.reference == reference))
        return Standing(**found[0]) if found else None

    async def clocks(self, reference: str) -> tuple[ClockStanding, ...]:
        table = tables.clocks.c
        columns = (table[name] for name in ClockStanding.__slots__)
        query = select(*columns).where(table.reference == reference)
        found = await self._found(query.order_by(table.started_at, table.id))
        return tuple(ClockStanding(**row) for row in found)

    async def notices(self, reference: str) -> tuple[NoticeOnRecord, ...]:
        notices, fates = tables.notices.c, tables.fates.c
        query = (
            select(
                tables.notices,
                *(
                    fates.state,
                    fates.message_id,
                    fates.at,
                    fates.detail,
                    fates.channel,
                    fates[WITH],
                ),
            )
            .outerjoin_from(tables.notices, tables.fates, fates.key == notices.key)
            .where(notices.reference == reference)
            .order_by(notices.owed_at, notices.event, notices.position)
        )

        def found(connection: Connection) -> tuple[NoticeOnRecord, ...]:
            rows = read_words(connection, tables.fates, connection.execute(query).mappings())
            texts = texts_of(connection, [row["body"] for row in rows])
            return tuple(_on_record(row, text) for row, text in zip(rows, texts, strict=True))

        return await self.reading(found)

    async def _found(self, query: Select[Any]) -> Sequence[RowMapping]:
        return await self.reading(lambda c: c.execute(query).mappings().all())

    async def complaints(
        self, *, where: Listing, after: str | None = None, limit: int = LIST_LIMIT
    ) -> Page[Standing]:
        return await self.reading(lambda c: Reading(COMPLAINTS, where).page(c, after, limit))

    async def remedies(
        self, *, where: RemedyListing, after: str | None = None, limit: int = LIST_LIMIT
    ) -> Page[RemedyStanding]:
        return await self.reading(lambda c: Reading(REMEDIES, where).page(c, after, limit))

    async def data_key(
        self, *, reference: str | None = None, key_id: str | None = None
    ) -> KeptKey | None:
        return await self.reading(lambda c: data_keys.find(c, reference, key_id))

    async def keep_data_key(self, key: KeptKey) -> KeptKey:
        return await self.writing(lambda c: data_keys.keep(c, key))

    async def ring_keys(self) -> frozenset[str]:
        return await self.reading(data_keys.ring_keys)

    async def require_ready(self, *, to_write: bool = False) -> None:
        state = await self.reading(migrating.state_within)
        migrating.require_current(state, self._database.shown)
        if to_write:
            await self.writing(_change_nothing)

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
        """Lets go of the database."""
        await self._database.close()


def _on_record(row: Row, text: str) -> NoticeOnRecord:
    fate = NoticeFate(
        key=row["key"],
        state=NoticeState(row["state"] or NoticeState.OWED),
        message_id=row["message_id"],
        at=row["at"],
        detail=row["detail"],
        channel=row["channel"],
    )
    return NoticeOnRecord(notice=NOTICE_JSON.validate_json(text), owed_at=row["owed_at"], fate=fate)


def _change_nothing(connection: Connection) -> None:
    """As a write, but of no row: whoever may only read is refused."""
    connection.execute(update(tables.fates).where(false()).values(detail=None))
