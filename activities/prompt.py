"""The prompt try: one entry recorded and its notices sent in a single activity.

Owns nothing but the order: first the ledger, then all notices at once. One activity for the whole
change keeps a complaint's history short. Must not know adapters.
"""

from __future__ import annotations

import asyncio

from temporalio import activity

from activities import contracts
from activities.contracts import Fate, LedgerEntry, Unsent
from activities.notifications import Notifications
from activities.records import Records


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
        prompt = [notice for notice in entry.notices if notice.key not in held]
        deliveries = await asyncio.gather(
            *(self._notifications.send_notice_promptly(notice) for notice in prompt)
        )
        return [
            *(Unsent(key, Fate.DEFERRED) for key in held),
            *(
                Unsent(notice.key, delivery.fate, delivery.detail)
                for notice, delivery in zip(prompt, deliveries, strict=True)
                if delivery.fate is not Fate.DELIVERED
            ),
        ]
