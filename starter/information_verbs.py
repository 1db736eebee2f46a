"""Owns the typed verbs of questions to the customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.complaint.commands import Actor
from starter.sending import Sending
from starter.status import Summary


class InformationVerbs(Sending):
    """The verbs by which the customer is asked, and by which they answer."""

    async def ask_information(
        self,
        reference: str,
        actor: Actor,
        questions: Sequence[str],
        *,
        answer_by: date | None = None,
        essential: bool = True,
        stops_clock: bool = False,
        command_id: str | None = None,
    ) -> Summary:
        """Ask the customer; what is essential closes the complaint in the end, after due notice."""
        fields: dict[str, Any] = {
            "questions": tuple(questions), "essential": essential, "stops_clock": stops_clock,
        }  # fmt: skip
        if answer_by is not None:
            fields["answer_by"] = answer_by
        return await self.send("ask_information", reference, actor, command_id, fields)

    async def revise_information(
        self,
        reference: str,
        actor: Actor,
        reason: str,
        *,
        answer_by: date | None = None,
        request: int | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Give the customer until another day to answer or, without one, take the question back."""
        fields: dict[str, Any] = {"reason": reason}
        if answer_by is not None:
            fields["answer_by"] = answer_by
        if request is not None:
            fields["request"] = request
        return await self.send("revise_information", reference, actor, command_id, fields)

    async def record_information(
        self,
        reference: str,
        actor: Actor,
        summary: str,
        *,
        request: int | None = None,
        command_id: str | None = None,
    ) -> Summary:
        """Record the answer to one request by its number or, without it, to all that are open."""
        fields: dict[str, Any] = {"summary": summary}
        if request is not None:
            fields["request"] = request
        return await self.send("record_information", reference, actor, command_id, fields)
