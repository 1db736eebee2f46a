"""What a complaint starts with: the one JSON argument of the wire contract.

Owns the shape of the argument. Extra optional fields may be added, none may be renamed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from domain.intervals import UpdateInterval
from domain.vocabulary import Channel, Correspondent, Topic

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Body = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]


EARLIEST, LATEST = datetime(1972, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between these lies every instant that somebody can mean; beyond them lie slips of the pen."""


def _in_utc(instant: datetime) -> datetime:
    try:
        moment = instant.astimezone(UTC)
    except OverflowError:
        moment = datetime.min.replace(tzinfo=UTC)
    if not EARLIEST <= moment < LATEST:
        msg = f"it is not between {EARLIEST.year} and {LATEST.year}"
        raise ValueError(msg)
    return moment


def _in_our_time(day: date) -> date:
    if not EARLIEST.date() <= day < LATEST.date():
        msg = f"it is not between {EARLIEST.year} and {LATEST.year}"
        raise ValueError(msg)
    return day


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An instant with its offset, kept in UTC."""
Day = Annotated[date, AfterValidator(_in_our_time)]
"""A local day."""


class Wire(BaseModel):
    """A value that comes in from outside: frozen, and no field that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Wire):
    """Somebody with an id in the organisation's directory."""

    id: Line
    name: Line

    @property
    def identity(self) -> str:
        """The id as people are told apart by it: capitals make nobody somebody else."""
        return self.id.casefold()


class Handler(Person):
    """Whoever has a complaint in hand, and how the customer reaches them directly."""

    email: Line | None = None
    phone: Line | None = None


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

    kind: Annotated[Correspondent, Field(description="not `customer`")]
    name: Line
    email: Line | None = None
    phone: Line | None = None
    address: Line | None = None
    authorised: bool = False

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
