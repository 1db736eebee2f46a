"""What mail is told to: complaints on the server, and the ledger.

Owns which of their errors are for good. A message that the server did not take stays where it came in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.errors import Refused, Unproven, WrongRole
from ledger.port import Ledger, NoticeFate, NoticeOnRecord, NoticeState
from mail.undelivered import Unplaced
from sealing.errors import KeyDestroyed
from starter.client import Complaints
from starter.wire.errors import AlreadyClosed, UnknownComplaint

_OURS = (Unproven, WrongRole)
"""It is us who are not known, or may not do it: the next message would fare no better."""


class MailOffice:
    """Sends verbs as one actor, and looks letters up in the ledger."""

    def __init__(self, complaints: Complaints, ledger: Ledger, actor: Mapping[str, str]) -> None:
        """`actor` is whoever reads the mail, such as an app."""
        self._complaints, self._ledger, self._actor = complaints, ledger, actor

    async def knows(self, reference: str) -> bool:
        """Whether the ledger has such a complaint."""
        return await self._ledger.standing(reference) is not None

    async def letters(self, reference: str) -> tuple[NoticeOnRecord, ...]:
        """Every letter of the complaint, from the ledger; none of what was erased, which nobody can read."""
        try:
            return await self._ledger.notices(reference)
        except KeyDestroyed:
            return ()

    async def send(self, verb: str, reference: str, fields: Mapping[str, Any]) -> None:
        """Send the verb. Raises `Unplaced` where it is refused for good, and whatever else the client raises."""
        try:
            await self._complaints.execute(verb, reference, {"actor": self._actor, **fields})
        except _OURS:
            raise
        except (Refused, UnknownComplaint, KeyDestroyed) as refused:
            raise Unplaced(str(refused)) from refused

    async def open(self, opening: Mapping[str, Any]) -> None:
        """Open the complaint, once.

        Raises `Unplaced`, also where a complaint of other words has that reference, and whatever else the client raises.
        """
        try:
            started = await self._complaints.open(opening)
        except _OURS:
            raise
        except (Refused, AlreadyClosed, KeyDestroyed) as refused:
            raise Unplaced(str(refused)) from refused
        if started.differs:
            raise Unplaced(f"{started.reference} was opened before, with other words or dates.")

    async def is_undelivered(self, key: str) -> bool:
        """Whether the ledger says that the letter did not arrive."""
        return (await self._ledger.fate(key)).state is NoticeState.UNDELIVERED

    async def undelivered(self, key: str, reason: str) -> None:
        """Mark the letter in the ledger."""
        at, known = datetime.now(UTC), await self._ledger.fate(key)
        await self._ledger.mark(
            NoticeFate(
                key=key, state=NoticeState.UNDELIVERED, message_id=known.message_id, at=at,
                detail=reason, channel=known.channel,
            )
        )  # fmt: skip
