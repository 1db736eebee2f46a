"""What a report says: the shape of its JSON, and nothing of how it is counted or shown.

Owns `Report` and its version. A field may be added; what is there keeps its name and meaning, or
the version changes. Percentages are of what is decided: in time of in time and late.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from reporting.found import Finding
from reporting.heard import Count, Feedback, FirstContact, Learning
from reporting.moved_and_closed import ClosedWithoutAnswer, ExtensionReason

OPEN: Final = "open"
"""The month of what no month decided."""
NO_REPLY: Final = "none"
"""The outcome of what ended without a reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How a promise was kept, counted in clocks."""

    in_time: int = 0
    late: int = 0
    open: int = 0
    """Neither kept nor late at the end of the period."""
    late_and_not_done: int = 0
    """Of the late ones: what was promised had not come by the end of the period."""
    percentage: float | None = None
    """In time, of those in time and late; null while there are none."""
    median_days: int | None = None
    """Half of what came took at most so many working days, pauses included."""
    ninetieth_days: int | None = None
    """Nine tenths of what came took at most so many working days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The figures of one stage, channel or month."""

    name: str
    """Of a month `2026-11`; `open` for the clocks that no month decided."""
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseResult:
    """How one promise, or one part of it, was kept. Each breakdown adds up to the total."""

    promise: str
    part: str | None
    text: str | None
    """Null for a promise that an earlier version of the charter made."""
    target: float | None
    """The percentage that the charter names."""
    reached: bool | None
    """Whether the target was reached; null without one, or while nothing is decided."""
    total: Figures
    by_stage: tuple[Slice, ...] = ()
    by_channel: tuple[Slice, ...] = ()
    """By the channel through which the complaint came."""
    by_month: tuple[Slice, ...] = ()

    @property
    def key(self) -> str:
        """`FO-8/reply`: the promise's id, and its part where it has several."""
        return f"{self.promise}/{self.part}" if self.part else self.promise


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How well a charter was kept in a period."""

    version: Literal[1] = 1
    """Of this shape."""
    charter: str
    charter_version: str
    title: str
    organisation: str
    first_day: date
    last_day: date
    time_zone: str
    made_at: datetime
    complaints: Intake
    promises: tuple[PromiseResult, ...]
    extensions: tuple[ExtensionReason, ...]
    remedies: tuple[RemedyFigures, ...]
    calls: Calls | None
    satisfaction: Satisfaction | None
    samples: tuple[SampleFigures, ...]
    assessor: StageReport | None
    """Where the charter has an independent assessor."""
    notes: tuple[str, ...]
    """How the figures are to be read."""
    first_contact: tuple[FirstContact, ...] = ()
    """By the channel through which the complaints came."""
    learning: Learning = field(default_factory=Learning)
    feedback: Feedback = field(default_factory=Feedback)
    """Not among the complaints."""
    closed_without_answer: tuple[ClosedWithoutAnswer, ...] = ()
    estimates: tuple[PromiseResult, ...] = ()
    """What the charter only expects, told apart from what it promises."""
    chances: tuple[PromiseResult, ...] = ()
    """What is tried first, and not promised: how much was resolved in its time, and how much was not."""

    @property
    def made_on(self) -> date:
        """The day on which it was made, where the charter is."""
        return self.made_at.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def too_early(self) -> bool:
        """Whether it was made before the period had ended."""
        return self.made_on <= self.last_day

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that was counted."""
        counted = self.complaints.received + self.complaints.closed + self.complaints.open_at_end
        counted += sum(
            one.total.in_time + one.total.late + one.total.open
            for one in (*self.promises, *self.estimates, *self.chances)
        )
        measured = self.calls and self.calls.total.offered
        return not (
            counted
            or measured
            or self.feedback.received
            or self.satisfaction
            or self.samples
            or self.remedies
        )


REPORT: TypeAdapter[Report] = TypeAdapter(Report)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    return REPORT.json_schema(mode="serialization")
