"""Recording what happened, and at once sending the notices that it owes.

Owns the order (first the ledger, then each person's notices) and which of the ledger's errors are
worth another try. One activity for the whole change keeps a complaint's history short. Must not
know adapters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import contracts
from activities.contracts import Fate, LedgerEntry, Unsent
from activities.counting import count_entry, count_letters
from activities.notifications import Begun, Notifications
from domain.complaint.features.people.reaching import NoticeUndeliverable
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
    async def record_and_send(self, packed: bytes, held: tuple[str, ...] = ()) -> list[Unsent]:
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
        _, attempts_made = await asyncio.gather(self._record(entry), attempts)
        begun = {notice.key: each for notice, each in zip(first, attempts_made, strict=True)}
        count_entry(entry)
        unsent = await asyncio.gather(*(self._send(lane, held, begun) for lane in lanes.values()))
        stayed = [one for lane in unsent for one in lane]
        if len(stayed) < len(entry.prompt):
            count_letters(entry)
        return stayed

    async def _record(self, entry: LedgerEntry) -> None:
        try:
            await self._ledger.record(entry)
        except NotRecorded as error:
            raise given_up(error) from error
        for event in entry.events:
            if isinstance(event, NoticeUndeliverable) and event.command_id:
                await self._came_back(event)

    async def _came_back(self, event: NoticeUndeliverable) -> None:
        """A letter that somebody reports is no longer told as delivered, whoever it was that said so."""
        known = await self._ledger.fate(event.notice)
        if known.state is NoticeState.DELIVERED:
            told: dict[str, Any] = {
                "state": NoticeState.UNDELIVERED,
                "at": event.at,
                "detail": event.reason,
            }
            await self._ledger.mark(replace(known, **told))

    async def _send(
        self, lane: list[Notice], held: tuple[str, ...], begun: Mapping[str, Begun]
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
                unsent.append(Unsent(notice.key, delivery.fate, delivery.detail, delivery.address))
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
