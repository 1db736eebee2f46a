"""Owns the typed verbs of appointments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.complaint.commands import Actor
from domain.vocabulary import Held
from domain.wire import Person
from starter.sending import Sending
from starter.status import Summary


class AppointmentVerbs(Sending):
    """The verbs by which somebody is met in person; `appointment` is its number, where several run."""

    async def request_appointment(
        self,
        reference: str,
        actor: Actor,
        about: str,
        requested_at: datetime,
        *,
        with_whom: str | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Record that an appointment was asked for; `requested_at` must know its time zone."""
        fields = {"about": about, "requested_at": requested_at} | _given(with_whom=with_whom)
        return await self.send("request_appointment", reference, actor, command_id, fields)

    async def arrange_appointment(
        self,
        reference: str,
        actor: Actor,
        at: datetime,
        officer: Person,
        *,
        place: str | None = None,
        appointment: int | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Give the customer a time with a named officer; `at` must know its time zone."""
        fields = {"at": at, "officer": officer} | _given(place=place, appointment=appointment)
        return await self.send("arrange_appointment", reference, actor, command_id, fields)

    async def cancel_appointment(
        self,
        reference: str,
        actor: Actor,
        reason: str,
        *,
        arrange_anew: bool = True,
        appointment: int | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Call an appointment off; unless nobody wants one any more, it is arranged anew."""
        fields = {"reason": reason, "arrange_anew": arrange_anew} | _given(appointment=appointment)
        return await self.send("cancel_appointment", reference, actor, command_id, fields)

    async def record_appointment(
        self,
        reference: str,
        actor: Actor,
        held: Held,
        note: str = "",
        *,
        appointment: int | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Put on record what became of an appointment."""
        fields = {"held": held, "note": note} | _given(appointment=appointment)
        return await self.send("record_appointment", reference, actor, command_id, fields)


def _given(**optional: Any) -> dict[str, Any]:
    return {name: value for name, value in optional.items() if value is not None}
