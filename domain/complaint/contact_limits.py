"""In which way contact with a customer can be limited, what a limit says and which ways it leaves open.

Owns the shape of a limit and of what is kept of one that holds, and by which details a customer is reached on which channel. Who may set one, and for how long, is in `features.people.restriction`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from domain import value
from domain.calendar.interval import Interval, spoken
from domain.complaint.opening import Complainant
from domain.vocabulary import Channel, ContactLimit
from domain.wire import Line, Wire

SPOKEN = (Channel.PHONE, Channel.VISIT)
"""The channels on which nothing is in writing."""
_NEEDS_WORDS = (ContactLimit.FREQUENCY, ContactLimit.NAMED_PERSON, ContactLimit.OTHER)


class Limit(Wire):
    """One limit: a word of the list and, where the word leaves it open, channels or a text."""

    kind: ContactLimit = Field(description="What is limited.")
    channels: tuple[Channel, ...] = Field(
        default=(), max_length=10, description="The channels that are closed: for `channels`."
    )
    text: Line | None = Field(
        default=None, description="What holds: for `frequency`, `named-person` and `other`."
    )
    text_cy: Line | None = Field(
        default=None, description="The text in Welsh, for letters in Welsh."
    )
    every: Annotated[Interval | None, BeforeValidator(spoken)] = Field(
        default=None,
        description="For `frequency`: what they send is answered together, once in this time, such as"
        " `1 month`; read from the text where that says it.",
    )

    @property
    def period(self) -> Interval | None:
        """In how long what they send is answered once; none where nothing says so."""
        if self.kind is not ContactLimit.FREQUENCY:
            return None
        return self.every or _said_in(self.text or "")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind is ContactLimit.CHANNELS) != bool(self.channels):
            msg = "channels are named for the limit 'channels', and for no other"
            raise ValueError(msg)
        if set(self.channels) == set(Channel):
            msg = "a customer is never cut off: at least one channel stays open"
            raise ValueError(msg)
        if self.every and self.kind is not ContactLimit.FREQUENCY:
            msg = "every is said for the limit 'frequency', and for no other"
            raise ValueError(msg)
        said = _said_in(self.text or "")
        if self.every and said and self.every != said:
            msg = "every and the text name two times: say one"
            raise ValueError(msg)
        if self.kind in _NEEDS_WORDS and not self.text:
            msg = f"{self.kind} needs a text that says what holds"
            raise ValueError(msg)
        return self


_OFTEN = re.compile(
    r"\b(?:a|an|per|each|every|in)\s+(?:(\d{1,2}|two|three|four|six)\s+)?(working day|week|fortnight|month)s?\b",
    re.IGNORECASE,
)
_ONE_OF_OURS = re.compile(
    r"^(?!.*\b(?:(?:[2-9]|\d\d|two|three|four|five|six)\s+(?:answers|replies|calls|e-?mails|letters|messages|times)|twice)\b)"
    r".*\b(?:answer|answered|reply)\b",
    re.IGNORECASE | re.DOTALL,
)
"""What says that we answer, and not several times: how often the customer may write, or is rung, is no such thing."""
_COUNTED = {"two": 2, "three": 3, "four": 4, "six": 6}


@value(frozen=True, slots=True)
class Restriction:
    """How contact with the customer is limited, why, since when, and until when at least."""

    limits: tuple[Limit, ...]
    reason: str
    since: datetime
    review_on: date
    ask_on: date  # when staff are asked (again) to review it
    asked: int = 0


def _said_in(text: str) -> Interval | None:
    """The time that a text such as `one answer a month` names, or none."""
    found = _OFTEN.search(text) if _ONE_OF_OURS.match(text) else None
    if found is None:
        return None
    amount = _COUNTED.get((found[1] or "1").lower()) or int(found[1] or 1)
    unit = found[2].lower()
    if not 0 < amount <= 12:  # noqa: PLR2004 - no longer than a year in any unit
        return None
    if unit == "month":
        return Interval(months=amount)
    if unit == "working day":
        return Interval(working_days=amount)
    return Interval(weeks=2 * amount if unit == "fortnight" else amount)


def answer_period(limits: Iterable[Limit]) -> Interval | None:
    """In how long what the customer sends is answered once, together; none where no limit says so."""
    return next((period for limit in limits if (period := limit.period)), None)


def closed_channels(limits: Iterable[Limit]) -> frozenset[Channel]:
    """The channels that the limits close, together."""
    closed: set[Channel] = set()
    for limit in limits:
        closed |= set(limit.channels)
        if limit.kind is ContactLimit.ONLY_IN_WRITING:
            closed |= set(SPOKEN)
    return frozenset(closed)


REACHED_BY: dict[Channel, tuple[str, ...]] = {
    Channel.EMAIL: ("email",),
    Channel.LETTER: ("address",),
    Channel.PHONE: ("phone",),
    Channel.VISIT: ("phone", "address"),
    Channel.WEB_FORM: ("email",),  # a form is for them to write by; we answer by e-mail
}
"""Which details of a customer lead to them on each channel, any one of them; the surest first."""
_CARRIES = {"email": Channel.EMAIL, "address": Channel.LETTER, "phone": Channel.PHONE}


def open_details(customer: Complainant, closed: frozenset[Channel]) -> dict[str, str | None]:
    """The details of the customer, without those that only lead to them by a closed channel."""
    return {
        name: None if channel in closed else getattr(customer, name)
        for name, channel in _CARRIES.items()
    }


def open_ways(customer: Complainant, closed: frozenset[Channel]) -> tuple[Channel, ...]:
    """The channels that are open and by which the customer can be reached, as far as is on record."""
    details = open_details(customer, closed)
    return tuple(
        channel
        for channel, names in REACHED_BY.items()
        if channel not in closed and any(details[name] for name in names)
    )


def as_facts(limits: Iterable[Limit]) -> dict[str, list[dict[str, Any]]]:
    """The limits as facts of a letter and, where the Welsh of each text was given, in Welsh as well."""
    limits = tuple(limits)
    facts = [limit.model_dump(mode="json", exclude={"text_cy"}) for limit in limits]
    if any(limit.text and not limit.text_cy for limit in limits):
        return {"limits": facts}
    in_welsh = [fact | {"text": limit.text_cy} for fact, limit in zip(facts, limits, strict=True)]
    return {"limits": facts, "limits_cy": in_welsh}


def said(limit: Limit) -> str:
    """The limit in a few words, for staff."""
    words = {
        ContactLimit.CHANNELS: f"not by {', '.join(limit.channels)}",
        ContactLimit.ONLY_IN_WRITING: "only in writing",
        ContactLimit.FREQUENCY: "how often",
        ContactLimit.NAMED_PERSON: "through one person",
        ContactLimit.OTHER: "as follows",
    }
    return f"{words[limit.kind]}: {limit.text}" if limit.text else words[limit.kind]
