"""Owns the typed verbs that put a record right: dates, duplicates, calendars, charters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from domain.complaint.commands import Actor
from starter.sending import Sending
from starter.status import Summary


class CorrectingVerbs(Sending):
    """The verbs by which dates move though nobody asked for more time."""

    async def correct(
        self,
        reference: str,
        actor: Actor,
        received_at: datetime,
        reason: str,
        *,
        contact: int | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Put right when the complaint or, with `contact`, one inbound contact was received."""
        fields = {"received_at": received_at, "reason": reason}
        if contact is not None:
            fields |= {"contact": contact}
        return await self.send("correct", reference, actor, command_id, fields)

    async def take_in(
        self,
        reference: str,
        actor: Actor,
        duplicate: str,
        received_at: datetime,
        reason: str,
        *,
        command_id: str | None = None,
    ) -> Summary:
        """Take a duplicate in; `received_at` is when that was received. `merge` closes it then."""
        fields = {"duplicate": duplicate, "received_at": received_at, "reason": reason}
        return await self.send("take_in", reference, actor, command_id, fields)

    async def merge(
        self, reference: str, actor: Actor, into: str, reason: str, *, command_id: str | None = None
    ) -> Summary:
        """Close the complaint as a duplicate of `into`, which has taken it in already."""
        fields = {"into": into, "reason": reason}
        return await self.send("merge", reference, actor, command_id, fields)

    async def apply_closure(
        self,
        reference: str,
        actor: Actor,
        days: Sequence[date],
        reason: str,
        *,
        command_id: str | None = None,
    ) -> Summary:
        """Count these days as closed."""
        fields = {"days": tuple(days), "reason": reason}
        return await self.send("apply_closure", reference, actor, command_id, fields)

    async def migrate(
        self, reference: str, actor: Actor, to_version: str, *, command_id: str | None = None
    ) -> Summary:
        """Go on under that version of the charter, which the workers have to know."""
        return await self.send("migrate", reference, actor, command_id, {"to_version": to_version})
