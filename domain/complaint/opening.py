"""What a complaint starts with: the one JSON argument of the wire contract.

Owns the shape of the argument. Extra optional fields may be added, none may be renamed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from domain.calendar.interval import UpdateInterval
from domain.vocabulary import Channel, Correspondent, Topic
from domain.wire import Body, Handler, Instant, Language, Line, Person, Reference, Wire


class Complainant(Wire):
    """The customer, and how they want to hear."""

    name: Line
    email: Line | None = None
    phone: Line | None = None
    address: Line | None = None
    preferred_channel: Channel = Channel.EMAIL
    language: Language = "en"
    adjustments: tuple[Line, ...] = ()
    update_interval: Annotated[
        UpdateInterval | None,
        Field(description='how often they want to hear, as {"weeks": 2}, or "none"'),
    ] = None


class Representative(Wire):
    """Somebody who acts for the customer; nothing is sent to them without authority."""

    kind: Correspondent = Field(description="Who they are to the customer; not `customer`.")
    name: Line = Field(description="Their name.")
    email: Line | None = Field(default=None, description="Their e-mail.")
    phone: Line | None = Field(default=None, description="Their telephone.")
    address: Line | None = Field(default=None, description="Their address.")
    authorised: bool = Field(
        default=False,
        description="Whether the customer has given authority already: at the opening.",
    )

    @model_validator(mode="after")
    def _not_the_customer(self) -> Self:
        if self.kind is Correspondent.CUSTOMER:
            msg = "a representative's kind is friend, relative, organisation, professional or mp"
            raise ValueError(msg)
        return self


class SubjectCase(Wire):
    """The case that the complaint is about."""

    reference: Line
    open: bool = True
    answered_at: Instant | None = None
    handler: Handler | None = None


def _named(given: object) -> object:
    """An id alone names somebody as well, as in the cell of a table."""
    return {"id": given, "name": given} if isinstance(given, str) else given


Named = Annotated[Person, BeforeValidator(_named)]


class Opening(Wire):
    """Everything that is known of a complaint when it is received."""

    reference: Reference
    charter: Line
    received_at: Instant
    channel: Channel
    about: Annotated[tuple[Topic, ...], Field(min_length=1)]
    details: Body
    remedy_sought: Body | None = None
    contact_so_far: Body | None = Field(
        default=None, description="what contact there was about it before"
    )
    complainant: Complainant
    representative: Representative | None = None
    subject_case: SubjectCase | None = None
    complained_of: Annotated[tuple[Named, ...], Field(max_length=20)] = Field(
        default=(), description="whoever it is about: they never have it in hand"
    )
    service: Line | None = Field(
        default=None, description="a service of the charter that has a timescale of its own"
    )
    stage: Line | None = Field(
        default=None, description="a later stage to open at, where the charter allows it"
    )

    @property
    def correspondent(self) -> Correspondent:
        """The kind of whoever brings the complaint."""
        return self.representative.kind if self.representative else Correspondent.CUSTOMER

    @property
    def answered_at(self) -> datetime | None:
        """When the subject case was answered, if it was."""
        return self.subject_case.answered_at if self.subject_case else None
