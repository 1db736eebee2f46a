"""An event: what happened, numbered 1, 2, 3 … within a complaint.

Owns what every event carries. Each kind is with its feature, the JSON form of all in
`decider.registry`. Events are never changed or renumbered once they are recorded; a new field must
have a default.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from domain import value
from domain.complaint.commands import Actor, Proof


@value(frozen=True, slots=True, kw_only=True)
class Happened:
    """What every event carries: its number, its instant (UTC), who and by which command."""

    number: int
    at: datetime
    actor: Actor | None = None
    command_id: str | None = None
    in_welsh: dict[str, str | tuple[str, ...]] | None = None
    """What it says to the customer in Welsh, by the field that says it in English."""
    proof: Annotated[Proof | None, Field(exclude_if=lambda proof: proof is None)] = None
    """By what it was proven who acts, where that was asked for."""

    @property
    def acted_at(self) -> datetime:
        """The instant (UTC) of the act itself, where somebody else's was entered later."""
        return getattr(self, "received_at", None) or self.at

    def said_in_welsh(self, name: str) -> Any:
        """What the field of that name says in Welsh; none where nobody gave that."""
        return (self.in_welsh or {}).get(name)
