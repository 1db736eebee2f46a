"""What a complaint remembers of contacts, of a pause and of commands: three small values.

Owns their shape; `complaint` says how events make them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from domain.vocabulary import Channel, FromWhom


@dataclass(frozen=True, slots=True)
class Contact:
    """One inbound contact on the complaint."""

    number: int
    channel: Channel
    from_whom: FromWhom
    received_at: datetime
    acknowledged: bool = False
    answered: bool = False


@dataclass(frozen=True, slots=True)
class PausedFor:
    """Why the complaint is paused, since when, and when the pause is looked at again."""

    reason: str
    since: datetime
    review_on: date


class Done(NamedTuple):
    """What a command id was used for, and by whom."""

    verb: str
    by: str
