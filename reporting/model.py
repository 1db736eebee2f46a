"""What a report says: the shape of its JSON, and nothing of how it is counted or shown.

Owns `Report`, its version, and how one promise was kept; its other sections are in `sections`. A field may be added; what is there keeps its name and meaning, or
the version changes. Percentages are of what is decided: in time of in time and late.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from reporting.sections import (
    Calls,
    ClosedWithoutAnswer,
    ExtensionReason,
    Feedback,
    FirstContact,
    Intake,
    Learning,
    OfPromise,
    RemedyFigures,
    SampleFigures,
    Satisfaction,
    StageReport,
)

OPEN: Final = "open"
"""The month of what no month decided."""


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
class PromiseResult(OfPromise):
    """How one promise, or one part of it, was kept. Each breakdown adds up to the total."""

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
