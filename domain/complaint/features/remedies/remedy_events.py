"""What happened to a remedy: its record, numbered 1, 2, 3 … within it.

Owns one frozen dataclass per kind of event and their JSON form. Events are never changed or
renumbered once they are recorded; a new field must have a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter

from domain.complaint.events import Happened
from domain.complaint.features.remedies.remedy_opening import People, RemedyOpening
from domain.wire import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyPromised(Happened):
    """A reply undertook it."""

    kind: Literal["remedy-promised"] = "remedy-promised"
    opening: RemedyOpening


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyAccepted(Happened):
    """The organisation will do what was recommended."""

    kind: Literal["remedy-accepted"] = "remedy-accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyDone(Happened):
    """It was done."""

    kind: Literal["remedy-done"] = "remedy-done"
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyRefused(Happened):
    """It will not be done."""

    kind: Literal["remedy-refused"] = "remedy-refused"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyReassigned(Happened):
    """Somebody else sees to it."""

    kind: Literal["remedy-reassigned"] = "remedy-reassigned"
    owner: Person
    from_owner: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyPostponed(Happened):
    """Its date was moved before it passed."""

    kind: Literal["remedy-postponed"] = "remedy-postponed"
    old_due: date
    new_due: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyWarned(Happened):
    """Its date comes near."""

    kind: Literal["remedy-warned"] = "remedy-warned"
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyMissed(Happened):
    """Its date passed; `new_due` is the one told instead, the last apology names none."""

    kind: Literal["remedy-missed"] = "remedy-missed"
    due: date
    new_due: date | None
    remind_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyReminded(Happened):
    """It is overdue, and whoever has to see to it was asked again."""

    kind: Literal["remedy-reminded"] = "remedy-reminded"
    due: date
    remind_on: date
    """When they are asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyFollowed(Happened):
    """The complaint named other people to write to, or to keep away."""

    kind: Literal["remedy-followed"] = "remedy-followed"
    people: People


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyUndeliverable(Happened):
    """A notice was refused for good: somebody must reach the person in another way."""

    kind: Literal["remedy-undeliverable"] = "remedy-undeliverable"
    notice: str
    reason: str


RemedyEvent = Annotated[
    RemedyPromised
    | RemedyAccepted
    | RemedyDone
    | RemedyRefused
    | RemedyReassigned
    | RemedyPostponed
    | RemedyWarned
    | RemedyMissed
    | RemedyReminded
    | RemedyFollowed
    | RemedyUndeliverable,
    Field(discriminator="kind"),
]

REMEDY_EVENT_KINDS: tuple[type[Happened], ...] = get_args(get_args(RemedyEvent)[0])
"""Every kind of event, in the order of the union."""

REMEDY_EVENT: TypeAdapter[Any] = TypeAdapter(RemedyEvent)
REMEDY_EVENTS: TypeAdapter[Any] = TypeAdapter(tuple[RemedyEvent, ...])
