"""What a complaint starts with: the one JSON argument of the wire contract.

Owns the shape of the argument, and how a complaint keeps whoever acts for the customer. Extra optional fields may be added, none may be renamed.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from domain import value
from domain.calendar.interval import UpdateInterval
from domain.vocabulary import Channel, ContactKind, Correspondent, NoticesTo, Topic
from domain.wire import Body, Handler, Instant, Language, Line, Person, Reference, Wire


class Complainant(Wire):
    """The customer, and how they want to hear."""

    name: Line
    email: Line | None = None
    phone: Line | None = None
    address: Line | None = None
    preferred_channel: Channel = Channel.EMAIL
    language: Language = "en"
    adjustments: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    update_interval: Annotated[
        UpdateInterval | None,
        Field(description='how often they want to hear, as {"weeks": 2}, or "none"'),
    ] = None


def customer_key(customer: Complainant) -> str:
    """Short digests of the customer's name and of how they are reached, which name nobody."""
    name = " ".join(customer.name.casefold().split())
    said = {kind: getattr(customer, kind) or "" for kind in ("email", "phone", "address")}
    plain = {kind: "".join(filter(str.isalnum, text.casefold())) for kind, text in said.items()}
    plain["phone"] = plain["phone"][-9:]  # with or without the country's number
    own = [f"{kind[0]}{_digest(f'{name} {text}')[:12]}" for kind, text in plain.items() if text]
    return ".".join((_digest(name)[:16], *own))


def same_customer(customer: Complainant, key: str) -> bool:
    """Whether that `customer_key` is this customer's: the name is the same, and nothing speaks against it.

    Two people may have one name. Where both keys say how somebody is reached in the same way, by e-mail for
    instance, one such way has to be the same.
    """
    name, *theirs = key.split(".")
    own_name, *own = customer_key(customer).split(".")
    comparable = {each[:1] for each in theirs} & {each[:1] for each in own}
    return name == own_name and (not comparable or bool(set(theirs) & set(own)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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


@value(frozen=True, slots=True)
class Helper:
    """Somebody who acts for the customer, or would; several may, each with an authority of their own."""

    who: Representative
    notices_to: NoticesTo = NoticesTo.BOTH
    authority_due: date | None = None
    """When the customer is reminded that this authority is waited for."""
    wrote: bool = False
    """Whether they wrote to us themselves, so that they know of the complaint."""

    @property
    def hears(self) -> bool:
        """Whether letters about the case go to them."""
        return self.who.authorised and self.notices_to is not NoticesTo.CUSTOMER

    def named(self, name: str) -> bool:
        """Whether that is what they are called."""
        return self.who.name.casefold() == name.casefold()


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
    contact_kind: ContactKind | None = Field(
        default=None, description="what sort of message it was; a `call` was taken there and then"
    )
    about: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=20)]
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
    answer_wanted: bool = Field(
        default=False, description="of feedback alone: whether it asks for an answer"
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
