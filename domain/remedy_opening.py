"""What a remedy starts with: the one JSON argument that its complaint gives it.

Owns the shape of the argument. A remedy outlives its complaint, so it is given all that it has to
know; extra optional fields may be added, none may be renamed.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.notices import Recipient
from domain.opening import Instant, Line, Reference, Wire
from domain.remedy_promise import PromisedRemedy


class People(Wire):
    """Whom a remedy writes to on the customer's side, and who may have nothing to do with it."""

    customer_name: Line
    recipients: tuple[Recipient, ...]
    barred: Annotated[
        tuple[str, ...], Field(description="identities of those with a declared conflict")
    ] = ()


class RemedyOpening(Wire):
    """Everything that is known of a remedy when a reply undertakes it."""

    reference: Reference
    charter: Line
    digest: str
    stage: Annotated[Line, Field(description="the stage that replied")]
    event: Annotated[int, Field(ge=1, description="the number of the complaint's event `replied`")]
    promised_at: Instant
    commitment: PromisedRemedy
    people: People

    @property
    def id(self) -> str:
        """`FO-2026-000123/1`."""
        return f"{self.reference}/{self.commitment.number}"
