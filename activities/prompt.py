"""The prompt try: one entry recorded and its notices sent in a single activity.

Owns nothing but the order: first the ledger, then all notices at once. One activity for the whole
change keeps a complaint's history short. Must not know adapters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from temporalio import activity

from activities import contracts
from activities.contracts import Fate, LedgerEntry, Unsent
from activities.notifications import Notifications
from activities.records import Records
from domain.notices import Notice


class Prompt:
    """What a change owes, done at once where that is quick."""

    def __init__(self, records: Records, notifications: Notifications) -> None:
        """The same activities do it patiently where it is not."""
        self._records, self._notifications = records, notifications

    @activity.defn(name=contracts.RECORD_AND_SEND)
    async def record_and_send(self, packed: bytes, held: tuple[str, ...]) -> list[Unsent]:
        """As `perform`, for an entry as `contracts.pack_entry` packs it."""
        return await self.perform(contracts.unpack_entry(packed), held)

    async def perform(self, entry: LedgerEntry, held: tuple[str, ...]) -> list[Unsent]:
        """The notices that did not go out, those in `held` among them; raises what recording does.

        Doing it again is safe: the ledger knows its events and the fate of every notice.
        """
        await self._records.record(entry)
        return await self.send(entry.notices, held)

    async def send(self, notices: Sequence[Notice], held: tuple[str, ...]) -> list[Unsent]:
        """Those of the notices that did not go out; what owes them has to be on record already."""
        lanes: dict[str, list[Notice]] = {}
        for notice in notices:
            lanes.setdefault(contracts.lane_of(notice), []).append(notice)
        unsent = await asyncio.gather(*(self._send(lane, held) for lane in lanes.values()))
        return [one for lane in unsent for one in lane]

    @activity.defn(name=contracts.RECORD)
    async def record(self, packed: bytes) -> None:
        """Record an entry as `contracts.pack_entry` packs it, and nothing else."""
        await self._records.record(contracts.unpack_entry(packed))

    async def _send(self, lane: list[Notice], held: tuple[str, ...]) -> list[Unsent]:
        """Send one person's notices in their order; behind one that waits, the others wait too."""
        unsent: list[Unsent] = []
        waiting = False
        for notice in lane:
            if waiting or notice.key in held:
                waiting = True
                unsent.append(Unsent(notice.key, Fate.DEFERRED))
                continue
            delivery = await self._notifications.send_notice_promptly(notice)
            waiting = delivery.fate is Fate.DEFERRED
            if delivery.fate is not Fate.DELIVERED:
                unsent.append(Unsent(notice.key, delivery.fate, delivery.detail))
        return unsent
