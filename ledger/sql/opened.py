"""A ledger's database, opened with its keys, for who needs no complaint's events: lists, keys, what stands beside.

Owns how work reaches the database with what it seals and reads with. What is kept beside the complaints (closures,
measures, samples) is functions of a SQLAlchemy `Connection`, which `reading` and `writing` run in a transaction,
telling the database's errors as the ledger's own. Must not import anything of events: a list starts in half the time.
"""

from __future__ import annotations

from typing import Self

from sqlalchemy import Connection, false, update

from domain.complaint.views.standings import RemedyStanding, Standing
from ledger.databases.work import Database, T, Work
from ledger.keys import data_keys
from ledger.keys.within import knowing
from ledger.migrations import schema as migrating
from ledger.paging import COMPLAINTS, REMEDIES
from ledger.port import LIST_LIMIT, Listing, Page, RemedyListing
from ledger.sql import tables
from ledger.sql.listing import Reading
from sealing.data_keys import DataKeys
from sealing.port import KeptKey, KeyRing, KeyStore


class OpenedLedger(KeyStore):
    """The database of a ledger with its keys."""

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


def _change_nothing(connection: Connection) -> None:
    """As a write, but of no row: whoever may only read is refused."""
    connection.execute(update(tables.fates).where(false()).values(detail=None))
