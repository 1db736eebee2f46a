"""Owns the verbs as typed methods: one for each, with its own fields.

Every method takes the reference and the actor, answers how the complaint stands afterwards, and
raises the refusal if the rules do not allow it. `command_id` is the name under which the command
is done once: without one each call has a new one, so **a caller that tries again must pass its
own**, the same each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from domain.complaint.commands import Actor
from domain.vocabulary import Channel, ContactKind, FromWhom, Outcome, ReassignReason
from domain.wire import Person
from starter.appointment_verbs import AppointmentVerbs
from starter.correcting_verbs import CorrectingVerbs
from starter.information_verbs import InformationVerbs
from starter.people_verbs import PeopleVerbs
from starter.sending import Fields
from starter.status import Summary

__all__ = ["Fields", "Verbs"]


class Verbs(CorrectingVerbs, AppointmentVerbs, PeopleVerbs, InformationVerbs):
    """Every verb that can be sent to a running complaint."""

    async def allocate(
        self, reference: str, actor: Actor, handler: Person, *, command_id: str | None = None
    ) -> Summary:
        """Give the complaint to a handler at its present stage."""
        return await self.send(
            "allocate", reference, actor, command_id, {"handler": handler.model_dump()}
        )

    async def introduce(
        self, reference: str, actor: Actor, *, command_id: str | None = None
    ) -> Summary:
        """Record that the handler has introduced themselves to the customer."""
        return await self.send("introduce", reference, actor, command_id)

    async def acknowledge(
        self,
        reference: str,
        actor: Actor,
        *,
        contact: int | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Acknowledge the complaint at its stage or, with `contact`, one inbound contact."""
        fields = {} if contact is None else {"contact": contact}
        return await self.send("acknowledge", reference, actor, command_id, fields)

    async def update(
        self, reference: str, actor: Actor, message: str, *, command_id: str | None = None
    ) -> Summary:
        """Tell the customer where things stand."""
        return await self.send("update", reference, actor, command_id, {"message": message})

    async def extend(
        self,
        reference: str,
        actor: Actor,
        new_due: date,
        reason: str,
        *,
        promise: str | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Move a due date, with a reason, before it passes; `promise` where several could be."""
        fields: dict[str, Any] = {"new_due": new_due, "reason": reason}
        if promise is not None:
            fields["promise"] = promise
        return await self.send("extend", reference, actor, command_id, fields)

    async def pause(
        self,
        reference: str,
        actor: Actor,
        reason: str,
        review_on: date,
        *,
        third_party: str | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Stop the clocks that may be paused, while facts are checked (with a third party)."""
        fields: dict[str, Any] = {"reason": reason, "review_on": review_on}
        if third_party is not None:
            fields["third_party"] = third_party
        return await self.send("pause", reference, actor, command_id, fields)

    async def resume(
        self, reference: str, actor: Actor, *, command_id: str | None = None
    ) -> Summary:
        """Let the paused clocks run on."""
        return await self.send("resume", reference, actor, command_id)

    async def record_contact(
        self,
        reference: str,
        actor: Actor,
        channel: Channel,
        from_whom: FromWhom,
        summary: str,
        received_at: datetime,
        *,
        contact_kind: ContactKind | None = None,
        answers: bool = False,
        command_id: str | None = None,
    ) -> Summary:
        """Record that something came in; `received_at` must know its time zone."""
        fields: dict[str, Any] = {
            "channel": channel,
            "from_whom": from_whom,
            "summary": summary,
            "received_at": received_at,
        }
        if contact_kind is not None:
            fields["contact_kind"] = contact_kind
        if answers:
            fields["answers"] = True
        return await self.send("record_contact", reference, actor, command_id, fields)

    async def answer_contact(
        self,
        reference: str,
        actor: Actor,
        contact: int,
        summary: str,
        *,
        command_id: str | None = None,
    ) -> Summary:
        """Answer one inbound contact by its number."""
        fields = {"contact": contact, "summary": summary}
        return await self.send("answer_contact", reference, actor, command_id, fields)

    async def escalate(
        self, reference: str, actor: Actor, to: str, grounds: str, *, command_id: str | None = None
    ) -> Summary:
        """Take the complaint to a later stage of the ladder, named by its id."""
        fields = {"to": to, "grounds": grounds}
        return await self.send("escalate", reference, actor, command_id, fields)

    async def reassign(
        self,
        reference: str,
        actor: Actor,
        handler: Person,
        reason: ReassignReason,
        *,
        command_id: str | None = None,
    ) -> Summary:
        """Give the complaint to another handler, and say why."""
        fields = {"handler": handler.model_dump(), "reason": reason}
        return await self.send("reassign", reference, actor, command_id, fields)

    async def reply(
        self,
        reference: str,
        actor: Actor,
        findings: str,
        outcome: Outcome,
        remedies: Sequence[str | Mapping[str, Any]] = (),
        *,
        command_id: str | None = None,
    ) -> Summary:
        """Answer the complaint at its stage."""
        fields = {"findings": findings, "outcome": outcome, "remedies": tuple(remedies)}
        return await self.send("reply", reference, actor, command_id, fields)

    async def accept(
        self, reference: str, actor: Actor, *, command_id: str | None = None
    ) -> Summary:
        """Record that the customer is content with the reply."""
        return await self.send("accept", reference, actor, command_id)

    async def withdraw(
        self, reference: str, actor: Actor, reason: str, *, command_id: str | None = None
    ) -> Summary:
        """Record that the customer takes the complaint back."""
        return await self.send("withdraw", reference, actor, command_id, {"reason": reason})

    async def reopen(
        self, reference: str, actor: Actor, reason: str, *, command_id: str | None = None
    ) -> Summary:
        """Take a replied or closed complaint up again at the stage it stood at."""
        return await self.send("reopen", reference, actor, command_id, {"reason": reason})

    async def close(
        self, reference: str, actor: Actor, reason: str, *, command_id: str | None = None
    ) -> Summary:
        """Close the complaint for a reason that no other verb covers."""
        return await self.send("close", reference, actor, command_id, {"reason": reason})

    async def pass_to_decision(
        self, reference: str, actor: Actor, *, command_id: str | None = None
    ) -> Summary:
        """Record that the subject case has gone to its decision maker."""
        return await self.send("pass_to_decision", reference, actor, command_id)

    async def conclude_case(
        self,
        reference: str,
        actor: Actor,
        answered_at: datetime,
        *,
        command_id: str | None = None,
    ) -> Summary:
        """Record that the subject case was answered; `answered_at` must know its time zone."""
        fields = {"answered_at": answered_at}
        return await self.send("conclude_case", reference, actor, command_id, fields)

    async def refresh(
        self, reference: str, actor: Actor, *, command_id: str | None = None
    ) -> Summary:
        """Pin the charter and calendar anew, as they stand now."""
        return await self.send("refresh", reference, actor, command_id)
