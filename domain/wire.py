"""What comes in from outside, in small: texts, days, instants, people, addresses.

Owns what a single value on the wire may be. The tables made of them are with their owners. Imports
nothing of ours.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated
from unicodedata import category, normalize

import idna
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""What an organisation writes in a file of its own: never empty."""
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and a sign that show nothing; what else does is told by its category."""


def _is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: spaces, controls, joiners, marks on nothing, fillers."""
    if text[:1].isascii() and text[:1].isalnum():
        return False  # nearly every text, told at once
    return not any(category(each)[0] in "LNPS" and each not in _BLANK for each in text)


def _says_something(text: str) -> str:
    if _is_blank(text):
        msg = "it is empty"
        raise ValueError(msg)
    return text


def blank_is_empty(text: str) -> str:
    """The text, or nothing where nothing of it can be seen."""
    return "" if _is_blank(text) else text


def sentence(text: str) -> str:
    """What somebody wrote with a full stop, if it ends without a mark of its own."""
    text = text.strip()
    return text if not text or text[-1] in '.!?…:)”"' else f"{text}."


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_says_something)
]
"""A name, an address, a few words: never empty."""
Body = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(blank_is_empty)
]
"""What somebody wrote: empty where nothing of it can be seen."""
Id = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100), AfterValidator(_says_something)
]
"""An id in the organisation's directory; short, since it stands where the server takes little."""


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


def _no_number(given: object) -> object:
    """The same; raises for what would be read as seconds since 1970: a spreadsheet writes days or digits alone."""
    if isinstance(given, (int, float)) or (isinstance(given, str) and _NUMBER.fullmatch(given)):
        msg = f"{given} is a number and no date: write 2026-11-20, or 2026-11-20T10:00+00:00 with the time"
        raise ValueError(msg)
    return given


_NUMBER = re.compile(r"\s*[-+]?\d+(?:[.,]\d+)?\s*")

Instant = Annotated[AwareDatetime, BeforeValidator(_no_number), AfterValidator(_in_utc)]
"""An instant with its offset, kept in UTC."""
Day = Annotated[date, BeforeValidator(_no_number), AfterValidator(_in_our_time)]
"""A local day."""


LONGEST_ADDRESS, LONGEST_BEFORE_AT = 254, 64
"""Characters: RFC 5321."""
_BEFORE_AT = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)


@lru_cache(maxsize=1024)
def usable_address(text: str | None) -> str | None:
    """The one e-mail address that `text` is, as mail servers write it; None when it is none.

    A domain may be in any script, by the rules of 2008: those before made another owner's domain of some.
    Before the `@` only plain letters are taken: few mail servers deliver to anything else, and a
    letter by post is surer.
    """
    before, _, domain = (text or "").rpartition("@")
    try:
        host = idna.encode(normalize("NFC", domain).lower()).decode("ascii")
    except UnicodeError:
        return None
    address = f"{before}@{host.removesuffix('.')}"  # what ends a sentence is no part of it
    fits = len(address) <= LONGEST_ADDRESS and len(before) <= LONGEST_BEFORE_AT
    return address if fits and _BEFORE_AT.fullmatch(before) else None


class Wire(BaseModel):
    """A value that comes in from outside: frozen, and no field that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Term(Wire):
    """The same where it is written in a file: its keys are kebab-case."""

    model_config = ConfigDict(
        populate_by_name=True, alias_generator=lambda name: name.replace("_", "-")
    )


class Person(Wire):
    """Somebody with an id in the organisation's directory."""

    id: Id = Field(description="Their id.")
    name: Line = Field(description="Their name.")

    @property
    def identity(self) -> str:
        """The id as people are told apart by it: capitals make nobody somebody else."""
        return self.id.casefold()


class Handler(Person):
    """Whoever has a complaint in hand, and how the customer reaches them directly."""

    email: Line | None = Field(default=None, description="Their direct line, for letters.")
    phone: Line | None = Field(default=None, description="Their direct line, for letters.")
