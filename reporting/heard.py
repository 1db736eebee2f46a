"""What a report says of those who got in touch: how soon it was settled, what was learned, what they told us.

Owns these parts of the report's shape, and the count that all of it is made of. Imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of one kind."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstContact:
    """What was settled at the first contact, of the complaints that came by one channel."""

    channel: str
    received: int
    answered_at_once: int
    """Answered in full by the end of the working day on which it came."""
    settled: int
    """Of these: not taken further, nor taken up again, by the end of the period."""
    percentage: float | None
    """Settled, of the received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFigures:
    """How often replies found the same cause, and what those complaints were about."""

    cause: str
    replies: int
    topics: tuple[Count, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is done otherwise since, and because of what."""

    text: str | None
    """In the words of staff; null for all changes beyond the most frequent."""
    cause: str | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Why things went wrong, and what was changed because of it: the most frequent first."""

    causes: tuple[CauseFigures, ...] = ()
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    """Replies that said why nothing is done otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What people told us and did not complain of."""

    received: int = 0
    answer_wanted: int = 0
    """Of the received: those that asked for an answer."""
    answered: int = 0
    """Of these: answered by the end of the period."""
    by_channel: tuple[Count, ...] = ()
