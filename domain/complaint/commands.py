"""A command: what somebody asks for, as it stands on the wire.

Owns what every verb carries, and what is refused of a text or a day in any. The fields of each verb are with its feature, the list of all verbs in
`decider.registry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints

from domain import value
from domain.calendar.pinned import Calendar
from domain.errors import InvalidCommand, RecordFull
from domain.vocabulary import Role
from domain.wire import Instant, Person, Wire, blank_is_empty

Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(blank_is_empty)
]
ID_LIMIT = 200
MOST_OF_A_KIND = 50
"""Appointments, questions, new versions of a charter: a complaint carries all of them along."""
IN_WELSH = "The same in Welsh, for a letter in Welsh."
"""What a field is for whose name ends with `_cy`: it says in Welsh what the field before it says."""
CommandId = Annotated[str, StringConstraints(min_length=1, max_length=ID_LIMIT)]
Number = Annotated[int, Field(ge=1)]


class Actor(Person):
    """Who asks, and in which role."""

    role: Role = Field(description="Their role.")


@value(frozen=True, slots=True)
class Proof:
    """By what it was proven who acts: kept with what they did."""

    issuer: str
    token: str
    """The token's id, or a digest of one that has none."""


class Command(Wire):
    """A verb with its actor and an id under which it is done once."""

    verb: ClassVar[str]
    inner_welsh: ClassVar[Mapping[str, str]] = {}
    """The fields of parts that say something to the customer, and what is said of their Welsh."""
    command_id: CommandId = Field(
        description="Name under which this is done once, however often it is sent."
    )
    actor: Actor = Field(description="Who acts.")
    proof: ClassVar[Proof | None] = None
    """By what it is proven who acts. It comes beside the command, never in it."""

    def proven(self, proof: Proof | None) -> Self:
        """The same command, by somebody who was proven to be who they say."""
        if proof is None:
            return self
        found = self.model_copy()
        vars(found)["proof"] = proof
        return found

    @classmethod
    @cache
    def translatable(cls) -> dict[str, str]:
        """The fields whose words a customer reads, and those in which these may be given in Welsh as well."""
        return {name[:-3]: name for name in cls.model_fields if name.endswith("_cy")}

    def in_welsh(self) -> dict[str, Any] | None:
        """What was given in Welsh, by field. Raises `InvalidCommand` for a list of another length."""
        fields = vars(self)
        given = {name: said for name, cy in self.translatable().items() if (said := fields[cy])}
        for name, said in given.items():
            many = len(getattr(self, name)) if isinstance(said, tuple) else 0
            if isinstance(said, tuple) and len(said) != many:
                raise InvalidCommand(
                    f"{name}_cy: there are {len(said)}, and {many} of {name}.",
                    "Each in its place, or none at all.",
                )
        return given or None


class Entered(Command):
    """A verb by which somebody else's act may be entered later: the instant of the act counts."""

    received_at: Instant | None = Field(
        default=None,
        description="When it was said or reached us, if that was before now: it counts from then.",
    )

    def acted_at(self, now: datetime) -> datetime:
        """The instant (UTC) from which it counts: never later than now."""
        return min(self.received_at or now, now)


class RestsOn(Entered):
    """A verb that may rest on something that came in, and counts from when that came."""

    contact: Number | None = Field(
        default=None, description="The contact that it rests on, by its number."
    )


class Tick(Wire):
    """Time has passed: made by the workflow when its timer fires."""

    verb: ClassVar[Literal["tick"]] = "tick"


def check_said(field_name: str, text: str, hint: str) -> None:
    """Raise `InvalidCommand` if a text that has to say something is empty."""
    if not text:
        raise InvalidCommand(f"{field_name}: it is empty.", hint)


def check_reason(reason: str, hint: str = "Say why; the customer is told.") -> None:
    """Raise `InvalidCommand` if no reason is given."""
    check_said("reason", reason, hint)


def check_room(kept: int, what: str) -> None:
    """Raise `RecordFull` where as many of a kind are on record as one complaint can keep."""
    if kept >= MOST_OF_A_KIND:
        raise RecordFull(
            f"There are {kept} {what} on record already.", f"{MOST_OF_A_KIND} at most."
        )


def check_past(field_name: str, at: datetime, latest: datetime) -> None:
    """Raise `InvalidCommand` if something that has happened is said to come later than that."""
    if at > latest:
        raise InvalidCommand(
            f"{field_name}: {at.isoformat()} lies in the future.",
            f"It may be at most {latest.isoformat()}.",
        )


def check_not_before(field_name: str, at: datetime, earliest: datetime, what: str) -> None:
    """Raise `InvalidCommand` if something is said to have come before what it answers."""
    if at < earliest:
        raise InvalidCommand(
            f"{field_name}: {at.isoformat()} lies before {what}.",
            f"It may be at least {earliest.isoformat()}.",
        )


def check_ahead(field_name: str, day: date, calendar: Calendar, now: datetime) -> None:
    """Raise `InvalidCommand` unless the day lies ahead, `BeyondCalendar` for one that nobody knows."""
    today = calendar.local_day(now)
    if day <= today:
        raise InvalidCommand(f"{field_name}: {day} is not ahead.", f"After {today}.")
    calendar.opening_time(day)
