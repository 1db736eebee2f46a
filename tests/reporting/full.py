"""A report with every section in it, and with words in it that nobody should believe."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from reporting.model import Figures, PromiseResult, Report, Slice
from reporting.sections import (
    CallFigures,
    Calls,
    CauseFigures,
    Change,
    CheckFigures,
    ClosedWithoutAnswer,
    Count,
    ExtensionReason,
    Feedback,
    Finding,
    FirstContact,
    Intake,
    Learning,
    Recommended,
    RemedyFigures,
    SampleFigures,
    Satisfaction,
    StageReport,
)

HOSTILE = '<script>alert("1")</script>'


def results() -> tuple[PromiseResult, ...]:
    """Two promises; one with a target and two months, one of an earlier charter with nothing."""
    months = [
        Figures(in_time=8, late=2, percentage=80.0, median_days=4),
        Figures(in_time=1, late=1, percentage=50.0),
    ]
    slices = tuple(
        Slice(name=name, figures=one)
        for name, one in zip(("2026-10", "2026-11"), months, strict=True)
    )
    total = Figures(in_time=9, late=3, open=1, percentage=75.0, median_days=4, ninetieth_days=9)
    kept = PromiseResult(
        promise="FO-8",
        part="reply",
        text=HOSTILE,
        target=85.0,
        reached=False,
        total=total,
        by_stage=(Slice(name=HOSTILE, figures=total),),
        by_channel=(Slice(name="web-form", figures=total),),
        by_month=(*slices, Slice(name="open", figures=Figures(open=1))),
    )
    nothing = PromiseResult(
        promise="FO-9", part=None, text=None, target=None, reached=None, total=Figures()
    )
    return kept, nothing


def full_report() -> Report:
    """A report with every section in it."""
    remedies = RemedyFigures(
        kind="service-change", promised=9, done=4, refused=2, accepted=1, owed=2, overdue=1
    )
    calls = CallFigures(
        name="2026-11", offered=1234, answered=1200, answered_within_target=1100, percentage=89.1
    )
    return Report(
        charter="financial-ombudsman",
        charter_version="2026.1",
        title="Complaints about our service",
        organisation=f"Smith & Sons {HOSTILE}",
        first_day=date(2026, 10, 1),
        last_day=date(2026, 11, 30),
        time_zone="Europe/London",
        made_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
        complaints=Intake(
            received=1234,
            closed=5,
            open_at_end=7,
            by_channel=(Count(name="web-form", count=1234),),
            outcomes=(),
        ),
        promises=results(),
        extensions=(
            ExtensionReason(promise="FO-8", part="reply", reason=HOSTILE, count=3),
            ExtensionReason(promise="FO-8", part="reply", reason=None, count=2),
        ),
        remedies=(remedies,),
        calls=Calls(
            promise="IS-1", text="Calls.", target=85.0, reached=True, total=calls, by_month=(calls,)
        ),
        satisfaction=Satisfaction(
            answers=3,
            mean=4.33,
            satisfied_percentage=66.6,
            scores=tuple(Count(name=str(score), count=score) for score in range(1, 6)),
        ),
        samples=(
            SampleFigures(
                month="2026-11",
                population=40,
                size=5,
                reviewed=4,
                checks=(
                    CheckFigures(
                        check="a", text=HOSTILE, yes=3, no=1, not_applicable=0, percentage=75.0
                    ),
                ),
            ),
        ),
        assessor=StageReport(
            stage="independent-assessor",
            title="The Independent Assessor",
            waiting_at_start=1,
            received=4,
            replied=3,
            ended_otherwise=1,
            waiting_at_end=1,
            outcomes=(Count(name="partly-upheld", count=3),),
            median_days=12,
            ninetieth_days=20,
            recommendations=replace(remedies, kind="recommendation"),
            findings=(
                Finding(
                    outcome="upheld",
                    findings=HOSTILE,
                    recommended=(Recommended(text=HOSTILE, state="accepted"),),
                ),
                Finding(outcome="upheld", findings="So.", nothing_recommended="It is done."),
            ),
        ),
        notes=("A note.",),
        first_contact=(
            FirstContact(
                channel="phone", received=9, answered_at_once=4, settled=3, percentage=33.3
            ),
        ),
        feedback=Feedback(
            received=6, answer_wanted=2, answered=1, by_channel=(Count(name="email", count=6),)
        ),
        learning=Learning(
            causes=(
                CauseFigures(
                    cause="procedure", replies=5, topics=(Count(name="other-service", count=5),)
                ),
            ),
            changes=(
                Change(text=HOSTILE, cause="procedure", count=4),
                Change(text=None, cause=None, count=2),
            ),
            unchanged=1,
        ),
        closed_without_answer=(
            ClosedWithoutAnswer(
                promise="FO-8",
                part="reply",
                ground="no-complaint",
                by="m.rees",
                role="manager",
                approved_by="a.second",
                count=3,
            ),
        ),
    )
