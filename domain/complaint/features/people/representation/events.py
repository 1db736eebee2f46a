"""The verbs and events of representation: who may act for the customer, and since when.

Owns their shapes. What follows from them is in `rules`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import Command, Entered, Reason
from domain.complaint.events import Happened
from domain.complaint.opening import Representative
from domain.vocabulary import Correspondent, NoticesTo
from domain.wire import Line

WHO = "Which of those who are named, by name; needed where it can be several."


class NameRepresentative(Entered):
    """Say who is to act for the customer, beside whoever does; they may, once authority is given."""

    verb = "name_representative"
    representative: Representative = Field(description="Who is to act.")


class AskAuthority(Command):
    """Ask the customer whether their representative may act for them."""

    verb = "ask_authority"
    who: Line | None = Field(default=None, description=WHO)


class GiveAuthority(Entered):
    """The customer has given their representative authority; from then on they may act."""

    verb = "give_authority"
    who: Line | None = Field(default=None, description=WHO)
    how: Line = Field(description="How it was given: by a signed form, on the phone …")
    scope: Line | None = Field(default=None, description="What they may do. Left out: all.")
    notices_to: NoticesTo = Field(
        default=NoticesTo.BOTH, description="Whom letters go to from now on."
    )


class WithdrawAuthority(Entered):
    """The customer takes their authority back, or the representative lays it down."""

    verb = "withdraw_authority"
    who: Line | None = Field(default=None, description=WHO)
    reason: Reason = Field(description="Why; goes on record.")


@value(frozen=True, slots=True, kw_only=True)
class RepresentativeNamed(Happened):
    """Somebody is to act for the customer, beside whoever does, and the customer was asked for authority."""

    kind: Literal["representative-named"] = "representative-named"
    representative: Representative
    remind_on: date | None = None
    promised: tuple[str, ...] = ()
    """The promises that are made again, as whoever was exempt from them no longer acts."""
    received_at: datetime | None = None
    """When they were named, if it was entered later."""


@value(frozen=True, slots=True, kw_only=True)
class AuthorityAsked(Happened):
    """The customer was asked whether their representative may act for them."""

    kind: Literal["authority-asked"] = "authority-asked"
    who: str
    remind_on: date | None = None


@value(frozen=True, slots=True, kw_only=True)
class AuthorityReminded(Happened):
    """The authority has not come: the customer was reminded, and staff told."""

    kind: Literal["authority-reminded"] = "authority-reminded"
    who: str


@value(frozen=True, slots=True, kw_only=True)
class AuthorityGiven(Happened):
    """The representative may act; the customer has said so."""

    kind: Literal["authority-given"] = "authority-given"
    who: str
    whose: Correspondent
    """The kind of representative."""
    how: str
    scope: str | None = None
    notices_to: NoticesTo = NoticesTo.BOTH
    exempted: tuple[str, ...] = ()
    """The promises that are not made from now on, because of who acts."""
    received_at: datetime | None = None
    """When it was given, if it was entered later."""


@value(frozen=True, slots=True, kw_only=True)
class AuthorityWithdrawn(Happened):
    """The representative may act no longer."""

    kind: Literal["authority-withdrawn"] = "authority-withdrawn"
    who: str
    reason: str
    promised: tuple[str, ...] = ()
    """The promises that are made again, as whoever was exempt from them no longer acts."""
    received_at: datetime | None = None
    """When they said so, if it was entered later."""
