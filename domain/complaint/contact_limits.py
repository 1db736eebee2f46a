"""In which way contact with a customer can be limited, what a limit says and which ways it leaves open.

Owns the shape of a limit, and by which details a customer is reached on which channel. Who may set one, and for how long, is in `features.people.restriction`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

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

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind is ContactLimit.CHANNELS) != bool(self.channels):
            msg = "channels are named for the limit 'channels', and for no other"
            raise ValueError(msg)
        if set(self.channels) == set(Channel):
            msg = "a customer is never cut off: at least one channel stays open"
            raise ValueError(msg)
        if self.kind in _NEEDS_WORDS and not self.text:
            msg = f"{self.kind} needs a text that says what holds"
            raise ValueError(msg)
        return self


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
