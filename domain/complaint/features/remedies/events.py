"""Remedies: what can be asked of one that a reply undertook, and what happened to it.

Owns the shapes of verbs and events; `remedy` is its number within the complaint. That it was promised
stands in the reply itself.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import IN_WELSH, Command, Entered, Number, Reason
from domain.complaint.events import Happened
from domain.wire import Body, Day, Person


class RemedyCommand(Command):
    """Something that is asked of one remedy."""

    remedy: Annotated[Number, Field(description="its number within the complaint")]


class EnteredRemedy(Entered, RemedyCommand):
    """Something that somebody did about one remedy, and that may be entered later."""


class AcceptRemedy(EnteredRemedy):
    """Say that the organisation will do what was recommended."""

    verb = "accept_remedy"


class DoRemedy(EnteredRemedy):
    """Say that a remedy was done; the customer is told how."""

    verb = "do_remedy"
    how: Annotated[Body, Field(description="what was done; the customer reads it")]
    how_cy: Body = Field(default="", description=IN_WELSH)


class RefuseRemedy(EnteredRemedy):
    """Say that a remedy will not be done; the customer is told why."""

    verb = "refuse_remedy"
    reason: Annotated[Reason, Field(description="why not; the customer reads it")]
    reason_cy: Reason = Field(default="", description=IN_WELSH)


class ReassignRemedy(RemedyCommand):
    """Give a remedy to another owner, who sees to it from now on."""

    verb = "reassign_remedy"
    owner: Annotated[Person, Field(description="who sees to it")]


class PostponeRemedy(RemedyCommand):
    """Move the date of a remedy, with a reason, before it passes."""

    verb = "postpone_remedy"
    new_due: Annotated[Day, Field(description="the new date, a working day")]
    reason: Annotated[Reason, Field(description="why; the customer reads it")]
    reason_cy: Reason = Field(default="", description=IN_WELSH)


@value(frozen=True, slots=True, kw_only=True)
class OfRemedy(Happened):
    """What happened to the remedy of that number within the complaint."""

    remedy: int


@value(frozen=True, slots=True, kw_only=True)
class RemedyAccepted(OfRemedy):
    """The organisation will do what was recommended."""

    kind: Literal["remedy-accepted"] = "remedy-accepted"
    received_at: datetime | None = None
    """When it was so, if it was entered later."""


@value(frozen=True, slots=True, kw_only=True)
class RemedyDone(OfRemedy):
    """It was done."""

    kind: Literal["remedy-done"] = "remedy-done"
    how: str
    received_at: datetime | None = None
    """When it was so, if it was entered later."""


@value(frozen=True, slots=True, kw_only=True)
class RemedyRefused(OfRemedy):
    """It will not be done."""

    kind: Literal["remedy-refused"] = "remedy-refused"
    reason: str
    received_at: datetime | None = None
    """When it was so, if it was entered later."""


@value(frozen=True, slots=True, kw_only=True)
class RemedyReassigned(OfRemedy):
    """Somebody else sees to it."""

    kind: Literal["remedy-reassigned"] = "remedy-reassigned"
    owner: Person
    from_owner: Person | None


@value(frozen=True, slots=True, kw_only=True)
class RemedyPostponed(OfRemedy):
    """Its date was moved before it passed."""

    kind: Literal["remedy-postponed"] = "remedy-postponed"
    old_due: date
    new_due: date
    reason: str


@value(frozen=True, slots=True, kw_only=True)
class RemedyWarned(OfRemedy):
    """Its date comes near."""

    kind: Literal["remedy-warned"] = "remedy-warned"
    due: date


@value(frozen=True, slots=True, kw_only=True)
class RemedyMissed(OfRemedy):
    """Its date passed; `new_due` is the one told instead, none beyond the calendar."""

    kind: Literal["remedy-missed"] = "remedy-missed"
    due: date
    new_due: date | None
    remind_on: date


@value(frozen=True, slots=True, kw_only=True)
class RemedyReminded(OfRemedy):
    """It is overdue, and whoever has to see to it was asked again."""

    kind: Literal["remedy-reminded"] = "remedy-reminded"
    due: date
    remind_on: date
    """When they are asked again."""
