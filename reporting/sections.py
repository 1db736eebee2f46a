"""The sections of a report beside how each promise was kept: what stands in each.

Owns their shapes alone; `model` puts them together. Imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NO_REPLY: Final = "none"
"""The outcome of what ended without a reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPromise:
    """Something about one promise, or one part of it."""

    promise: str
    part: str | None

    @property
    def key(self) -> str:
        """`FO-8/reply`: the promise's id, and its part where it has several."""
        return f"{self.promise}/{self.part}" if self.part else self.promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of one kind."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The complaints themselves."""

    received: int
    closed: int
    open_at_end: int
    by_channel: tuple[Count, ...]
    """Of the received."""
    outcomes: tuple[Count, ...]
    """Of the closed: what the last reply found; `none` where there was no reply."""
    by_topic: tuple[Count, ...] = ()
    """Of the received: what they were about; one that is about two things counts for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionReason(OfPromise):
    """One reason for which due dates of a promise were moved."""

    reason: str | None
    """In the words of staff; null for all reasons beyond the most frequent."""
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedWithoutAnswer(OfPromise):
    """The clocks of one promise that ran when somebody closed complaints without a reply."""

    ground: str
    """As the charter lists it."""
    by: str
    """The id of whoever closed them."""
    role: str
    approved_by: str
    """The id of the second person."""
    count: int
    """In clocks: each time that a promise was made and not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyFigures:
    """What became of the remedies of one kind that were promised in the period.

    Promised = done + refused + accepted + owed, as it stood at the end of the period.
    """

    kind: str
    promised: int
    done: int
    refused: int
    accepted: int
    """Accepted and not done yet."""
    owed: int
    overdue: int
    """Of the accepted and the owed: the date for them had gone by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFigures:
    """The calls of the whole period or of one month."""

    name: str
    offered: int
    answered: int
    answered_within_target: int
    percentage: float | None
    """Answered within the promised time, of all that were offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Call statistics against the promise that they are kept for."""

    promise: str | None
    text: str | None
    target: float | None
    reached: bool | None
    total: CallFigures
    by_month: tuple[CallFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """What customers answered, from 1 to 5."""

    answers: int
    mean: float
    satisfied_percentage: float
    """Those who gave 4 or 5."""
    scores: tuple[Count, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFigures:
    """How one check of the list was answered in a sample."""

    check: str
    text: str
    yes: int
    no: int
    not_applicable: int
    percentage: float | None
    """Yes, of yes and no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFigures:
    """The quality sample of one month."""

    month: str
    population: int
    size: int
    reviewed: int
    checks: tuple[CheckFigures, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """One recommendation, in its own words but for names."""

    text: str
    state: str
    """What it had come to when the period ended: `owed`, `accepted`, `done` or `refused`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one reply found and recommended, in its own words but for names."""

    outcome: str
    findings: str
    recommended: tuple[Recommended, ...] = ()
    nothing_recommended: str | None = None
    """Where it upheld the complaint and recommended nothing: why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """The yearly report of the independent assessor: what came to their stage, and what of it."""

    stage: str
    title: str
    waiting_at_start: int
    received: int
    replied: int
    ended_otherwise: int
    waiting_at_end: int
    """Waiting at start + received - replied - ended otherwise."""
    outcomes: tuple[Count, ...]
    median_days: int | None
    """Half of the replies took at most so many working days from the complaint's coming to the stage."""
    ninetieth_days: int | None
    recommendations: RemedyFigures
    findings: tuple[Finding, ...] = ()
    """What each reply found and recommended, the first first, without names."""
