"""What a complaint remembers of contacts, of a pause, of a restriction and of commands.

Owns their shape; `complaint` says how events make them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from domain.complaint.notify.contact_limits import Limit
from domain.errors import InvalidCommand
from domain.vocabulary import Channel, ContactKind, FromWhom
from domain.wire import Person


@dataclass(frozen=True, slots=True)
class Contact:
    """One inbound contact on the complaint."""

    number: int
    channel: Channel
    from_whom: FromWhom
    received_at: datetime
    acknowledged: bool = False
    answered: bool = False
    kind: ContactKind | None = None
    limited: bool = False
    """Whether it came by a channel that was closed to the customer; it counts all the same."""


@dataclass(frozen=True, slots=True)
class PausedFor:
    """Why the complaint is paused, since when, and when the pause is looked at again."""

    reason: str
    since: datetime
    review_on: date
    third_party: str | None = None
    request: int | None = None
    """The request for information whose answer is awaited."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """How contact with the customer is limited, why, who approved it, and until when at least."""

    limits: tuple[Limit, ...]
    reason: str
    approved_by: Person
    since: datetime
    review_on: date
    ask_on: date
    """When staff are asked (again) to review it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One clock's due day before and after; `late` if it has passed by now and had not before."""

    clock: str
    promise: str
    old_due: date
    new_due: date
    late: bool = False


class Done(NamedTuple):
    """What a command id was used for, and by whom."""

    verb: str
    by: str


def done_before(commands: Mapping[str, Done], command_id: str, verb: str, identity: str) -> bool:
    """Whether the id was used for this verb by this person. Raises `InvalidCommand` for any other use."""
    used = commands.get(command_id)
    if used is None:
        return False
    if used.verb != verb or used.by.casefold() != identity:
        raise InvalidCommand(
            f"command_id: {command_id} was used for {used.verb} by {used.by}.",
            "Give every command an id of its own; only a repeat has the same.",
        )
    return True
