"""Owns the typed verbs about the people in a case: who acts, and how the customer wants to hear."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.calendar.interval import UpdateInterval
from domain.complaint.commands import Actor
from domain.complaint.notify.contact_limits import Limit
from domain.complaint.opening import Representative
from domain.vocabulary import Channel, NoticesTo
from domain.wire import Person
from starter.sending import Sending
from starter.status import Summary


class PeopleVerbs(Sending):
    """The verbs about the customer and whoever acts for them."""

    async def name_representative(
        self,
        reference: str,
        actor: Actor,
        representative: Representative,
        *,
        command_id: str | None = None,
    ) -> Summary:
        """Say who is to act for the customer; they may, once authority is given."""
        fields = {"representative": representative}
        return await self.send("name_representative", reference, actor, command_id, fields)

    async def ask_authority(
        self, reference: str, actor: Actor, *, command_id: str | None = None
    ) -> Summary:
        """Ask the customer whether their representative may act for them."""
        return await self.send("ask_authority", reference, actor, command_id)

    async def give_authority(
        self,
        reference: str,
        actor: Actor,
        how: str,
        *,
        scope: str | None = None,
        notices_to: NoticesTo = NoticesTo.BOTH,
        command_id: str | None = None,
    ) -> Summary:
        """Record the customer's authority, how it was given, and where letters go from now on."""
        fields = {"how": how, "scope": scope, "notices_to": notices_to}
        return await self.send("give_authority", reference, actor, command_id, fields)

    async def prefer(
        self,
        reference: str,
        actor: Actor,
        *,
        channel: Channel | None = None,
        language: str | None = None,
        update_interval: UpdateInterval | None = None,
        adjustments: Sequence[str] | None = None,
        email: str | None = None,
        phone: str | None = None,
        address: str | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Say how the customer wants to hear from now on; what is left out stays as it is."""
        fields = {
            "channel": channel,
            "language": language,
            "update_interval": update_interval,
            "adjustments": None if adjustments is None else tuple(adjustments),
            "email": email,
            "phone": phone,
            "address": address,
        }
        return await self.send("prefer", reference, actor, command_id, fields)

    async def declare_conflict(
        self,
        reference: str,
        actor: Actor,
        reason: str,
        *,
        person: Person | None = None,
        handler: Person | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Bar the actor, or `person`, for a conflict of interest; `handler` takes over at once."""
        fields = {"reason": reason, "person": person, "handler": handler and handler.model_dump()}
        return await self.send("declare_conflict", reference, actor, command_id, fields)

    async def restrict_contact(
        self,
        reference: str,
        actor: Actor,
        limits: Sequence[Limit],
        reason: str,
        approved_by: Actor,
        review_on: date,
        *,
        command_id: str | None = None,
    ) -> Summary:
        """Limit contact with the customer until a review; somebody else has to approve it."""
        fields = {
            "limits": tuple(limits),
            "reason": reason,
            "approved_by": approved_by,
            "review_on": review_on,
        }
        return await self.send("restrict_contact", reference, actor, command_id, fields)

    async def review_restriction(
        self,
        reference: str,
        actor: Actor,
        reason: str,
        *,
        keep: bool,
        review_on: date | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Keep the limits of contact until a further date, or end them."""
        fields = {"keep": keep, "reason": reason, "review_on": review_on}
        return await self.send("review_restriction", reference, actor, command_id, fields)

    async def lift_restriction(
        self, reference: str, actor: Actor, reason: str, *, command_id: str | None = None
    ) -> Summary:
        """End the limits of contact before their review."""
        return await self.send("lift_restriction", reference, actor, command_id, {"reason": reason})

    async def withdraw_authority(
        self, reference: str, actor: Actor, reason: str, *, command_id: str | None = None
    ) -> Summary:
        """Record that the representative may act no longer."""
        return await self.send(
            "withdraw_authority", reference, actor, command_id, {"reason": reason}
        )
