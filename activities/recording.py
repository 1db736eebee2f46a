"""Recording what happened, and at once sending the notices that it owes.

Owns the order (first the ledger, then each person's notices) and which of the ledger's errors are
worth another try. One activity for the whole change keeps a complaint's history short. Must not
know adapters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import contracts
from activities.contracts import Fate, LedgerEntry, Unsent
from activities.notifications import Notifications
from domain.notices import Notice
from ledger.errors import NotRecorded
from ledger.port import Ledger, NoticeState

_log = structlog.stdlib.get_logger("records")


class Recording:
    """The activities that put a change on record."""

    def __init__(self, ledger: Ledger, notifications: Notifications) -> None:
        """`ledger` is where it is recorded, `notifications` sends what it owes."""
        self._ledger, self._notifications = ledger, notifications

    @activity.defn(name=contracts.RECORD_AND_SEND)
    async def record_and_send(self, packed: bytes, held: tuple[str, ...]) -> list[Unsent]:
        """As `perform`, for an entry as `contracts.pack_entry` packs it."""
        return await self.perform(contracts.unpack_entry(packed), held)

    @activity.defn(name=contracts.RECORD)
    async def record(self, packed: bytes) -> None:
        """Record an entry as `contracts.pack_entry` packs it, and nothing else."""
        await self._record(contracts.unpack_entry(packed))

    async def perform(self, entry: LedgerEntry, held: tuple[str, ...]) -> list[Unsent]:
        """The notices that did not go out, those in `held` among them, once the entry is recorded.

        What waits for a digest is recorded with it and sent by nobody here.
        What each person gets first is marked as attempted together with the entry, as a ledger that
        gathers what it is given needs one transaction for all of it. Doing it again is safe: the
        ledger knows its events and how far every notice has come.
        """
        lanes: dict[str, list[Notice]] = {}
        for notice in entry.prompt:
            lanes.setdefault(contracts.lane_of(notice), []).append(notice)
        first = [lane[0] for lane in lanes.values() if lane[0].key not in held]
        attempts = asyncio.gather(*(self._notifications.begin(notice) for notice in first))
        _, before = await asyncio.gather(self._record(entry), attempts)
        begun = {notice.key: state for notice, state in zip(first, before, strict=True)}
        unsent = await asyncio.gather(*(self._send(lane, held, begun) for lane in lanes.values()))
        return [one for lane in unsent for one in lane]

    async def _record(self, entry: LedgerEntry) -> None:
        try:
            await self._ledger.record(entry)
        except NotRecorded as error:
            raise given_up(error) from error

    async def _send(
        self, lane: list[Notice], held: tuple[str, ...], begun: Mapping[str, NoticeState]
    ) -> list[Unsent]:
        """Send one person's notices in their order; behind one that waits, the others wait too."""
        unsent: list[Unsent] = []
        waiting = False
        for notice in lane:
            if waiting or notice.key in held:
                waiting = True
                unsent.append(Unsent(notice.key, Fate.DEFERRED))
                continue
            delivery = await self._notifications.send_notice_promptly(notice, begun.get(notice.key))
            waiting = delivery.fate is Fate.DEFERRED
            if delivery.fate is not Fate.DELIVERED:
                unsent.append(Unsent(notice.key, delivery.fate, delivery.detail))
        return unsent


def given_up(error: NotRecorded) -> ApplicationError:
    """The failure, of the ledger error's name, of what can never be recorded; logs it."""
    kind = type(error).__name__
    _log.error(
        "not recorded",
        reference=error.reference,
        event_number=error.number,
        error=kind,
        reason=str(error),
    )
    return ApplicationError(str(error), type=kind, non_retryable=True)
