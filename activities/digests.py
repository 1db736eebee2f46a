"""The day's digest of a mailbox: all that waited for it, told in one note, once.

Owns the order. What waits is taken up by the digest of the day, that is sent like any notice under its own
key, and only when it has been delivered are the others said to be told. So nothing is told twice, however
often it is tried, and what a day could not send the next one takes up. What stands in it is the core's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from temporalio import activity

from activities.contracts import DIGEST_MAILBOXES, SEND_DIGEST, DigestRequest, Fate
from activities.notifications import Notifications
from domain.charter.rules import unpack
from domain.complaint.decider.evolve import fold
from domain.complaint.notify.facts import day_of
from domain.complaint.state import Complaint
from domain.complaint.views.digest import Item, digest_key, digest_of, item_of
from domain.errors import UpholdError
from domain.notices import Notice
from ledger.errors import LedgerUnavailable
from ledger.port import Ledger, NoticeFate, NoticeState, Waiting

_log = structlog.stdlib.get_logger("digests")
_PASSED_ON = "/post-room"
"""The mark of a digest that the mailbox refused and the post room was given to pass on."""
Case = tuple[Complaint, tuple[object, ...]]
"""A complaint as the ledger has it, and its events."""


class Digests:
    """The activities that send digests."""

    def __init__(
        self,
        ledger: Ledger,
        notifications: Notifications,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`ledger` knows what waits, `notifications` sends what is made of it."""
        self._ledger, self._notifications, self._now = ledger, notifications, now

    @activity.defn(name=DIGEST_MAILBOXES)
    async def mailboxes(self) -> list[str]:
        """The mailboxes for which something waits."""
        return list(await self._ledger.mailboxes_waiting())

    @activity.defn(name=SEND_DIGEST)
    async def send(self, request: DigestRequest) -> str:
        """Send the mailbox its digest of that day, and return what became of it in a word or two.

        On a day that is closed for all that waits nothing is sent; nor where nothing is left to tell.
        Raises what `send_notice` does; nothing is lost by trying again, today or on another day.
        """
        waiting = await self._ledger.waiting(request.mailbox)
        cases = await self._cases(waiting)
        open_for = [
            complaint.rules.calendar
            for complaint, _ in cases.values()
            if _works(complaint, request.at)
        ]
        if not waiting:
            return "nothing waits"
        if not open_for:
            return "closed today" if cases else "what waits cannot be read"
        key = digest_key(request.mailbox, open_for[0].local_day(request.at))
        waiting = await self._without_told(waiting)
        if not any(each.digest == key for each in waiting):
            if await self._arrived(key):
                return "sent before"
            await self._ledger.take_up(request.mailbox, key)
            waiting = await self._ledger.waiting(request.mailbox)
            cases = await self._cases(waiting)
        taken = [each.notice for each in waiting if each.digest == key]
        # What cannot be read is left waiting, and holds back nothing else.
        return await self._tell(
            key, request, [one for one in taken if one.reference in cases], cases
        )

    async def _tell(
        self, key: str, request: DigestRequest, taken: list[Notice], cases: dict[str, Case]
    ) -> str:
        stands: dict[str, Item] = {}
        for notice in taken:
            complaint, events = cases[notice.reference]
            today = day_of(complaint, request.at)
            if item := item_of(complaint, events[notice.event - 1], notice, today):
                stands[notice.key] = item
        if stands:
            first = next(each for each in taken if each.key in stands)
            complaint, _ = cases[first.reference]
            role, items = first.recipient.name, list(stands.values())
            day = day_of(complaint, request.at)
            digest = digest_of(request.mailbox, day, complaint, role, items)
            if not await self._delivered(replace(digest, key=key)):
                return "not sent: mailbox and post room refused it"
        await self._settle(key, taken, stands)
        return f"told {len(stands)}" if stands else "nothing left to tell"

    async def _delivered(self, digest: Notice) -> bool:
        """Whether the mailbox took it or, where it refuses for good, the post room to pass it on."""
        delivery = await self._notifications.send_notice(digest)
        if delivery.fate is Fate.REFUSED:
            _log.error("digest refused", digest=digest.key, reason=delivery.detail)
            to_pass_on = replace(digest.recipient, email=None)
            delivery = await self._notifications.send_notice(
                replace(digest, key=digest.key + _PASSED_ON, recipient=to_pass_on)
            )
        return delivery.fate is Fate.DELIVERED

    async def _without_told(self, waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
        """What waits still, once that is settled which a digest has told without saying so."""
        left = []
        by_digest: dict[str | None, list[Waiting]] = {}
        for each in waiting:
            by_digest.setdefault(each.digest, []).append(each)
        for key, some in by_digest.items():
            if key and await self._arrived(key):
                notices = [each.notice for each in some]
                await self._settle(key, notices, {notice.key for notice in notices})
            else:
                left += some
        return tuple(left)

    async def _arrived(self, key: str) -> bool:
        return await self._notifications.arrived(key) or await self._notifications.arrived(
            key + _PASSED_ON
        )

    async def _settle(self, key: str, taken: Iterable[Notice], told: Iterable[str]) -> None:
        at, keys = self._now(), set(told)
        await self._ledger.told(
            [
                NoticeFate(
                    key=notice.key,
                    state=NoticeState.DELIVERED if notice.key in keys else NoticeState.LAPSED,
                    at=at,
                    detail=f"in {key}" if notice.key in keys else "done before it was told",
                )
                for notice in taken
            ]
        )

    async def _cases(self, waiting: Iterable[Waiting]) -> dict[str, Case]:
        """The complaints of what waits, by reference; without one whose record cannot be read."""
        found: dict[str, Case] = {}
        for reference in dict.fromkeys(each.notice.reference for each in waiting):
            try:
                events = await self._ledger.events(reference)
                rules = unpack(await self._ledger.charter(events[0].digest))
                found[reference] = fold(rules, events), events
            except LedgerUnavailable:
                raise
            except (UpholdError, ValueError) as error:  # whatever somebody has put into a row of it
                # Another's error may quote what is in the row.
                said = str(error) if isinstance(error, UpholdError) else type(error).__name__
                _log.error("not in the digest", reference=reference, reason=said)
        return found


def _works(complaint: Complaint, at: datetime) -> bool:
    """Whether the organisation works on that day; a day beyond the calendar is like any other."""
    calendar, day = complaint.rules.calendar, day_of(complaint, at)
    return day > calendar.last_day or calendar.is_working(day)
