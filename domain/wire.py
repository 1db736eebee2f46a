"""What comes in from outside, in small: texts, days, instants, people.

Owns what a single value on the wire may be. The tables made of them are with their owners. Imports
nothing of ours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

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

    id: Line = Field(description="Their id.")
    name: Line = Field(description="Their name.")

    @property
    def identity(self) -> str:
        """The id as people are told apart by it: capitals make nobody somebody else."""
        return self.id.casefold()


class Handler(Person):
    """Whoever has a complaint in hand, and how the customer reaches them directly."""

    email: Line | None = Field(default=None, description="Their direct line, for letters.")
    phone: Line | None = Field(default=None, description="Their direct line, for letters.")
