"""A report as one tidy table: each figure a row of its own, with what it is a figure of.

Owns the columns and the CSV. What has no value has no row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

from reporting.formats.cells import harmless
from reporting.model import PromiseResult, Report
from reporting.sections import Count, Learning, StageReport

COLUMNS: Final = tuple(
    "charter first_day last_day section subject breakdown group figure amount".split()
)
OTHER_REASONS: Final = "all other reasons"
OTHER_CHANGES: Final = "all other changes"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `breakdown` and `group` say of what part of the subject it is."""

    section: str
    subject: str
    breakdown: str
    group: str
    figure: str
    amount: float | bool


def as_csv(report: Report) -> str:
    """The report as CSV with a head, ready for a spreadsheet or a program."""
    out = io.StringIO(newline="")
    # Lines end as RFC 4180 says; then a lone carriage return in a cell is quoted as well.
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    about = (report.charter, report.first_day.isoformat(), report.last_day.isoformat())
    for row in rows(report):
        told = (row.section, row.subject, row.breakdown, row.group, row.figure)
        writer.writerow([*about, *map(harmless, told), _number(row.amount)])
    return out.getvalue()


def rows(report: Report) -> Iterator[Row]:
    """Every figure of the report."""
    complaints = report.complaints
    yield from _all_of("complaints", "", "total", "", complaints)
    yield from _counts("complaints", "", "channel", complaints.by_channel, "received")
    yield from _counts("complaints", "", "topic", complaints.by_topic, "received")
    yield from _counts("complaints", "", "outcome", complaints.outcomes, "closed")
    for section in ("promises", "estimates", "chances"):
        for result in getattr(report, section):
            yield from _promise(section, result)
    for reason in report.extensions:
        told = OTHER_REASONS if reason.reason is None else reason.reason
        yield Row("extensions", reason.key, "reason", told, "count", reason.count)
    for ended in report.closed_without_answer:
        group = f"{ended.ground}, by {ended.by} ({ended.role}) and {ended.approved_by}"
        yield Row("closed-without-answer", ended.key, "ground", group, "count", ended.count)
    for remedy in report.remedies:
        yield from _all_of("remedies", remedy.kind, "total", "", remedy)
    yield from _measures(report)
    for channel in report.first_contact:
        yield from _all_of("first-contact", "", "channel", channel.channel, channel)
    yield from _learning(report.learning)
    if report.feedback.received:
        yield from _all_of("feedback", "", "total", "", report.feedback)
        yield from _counts("feedback", "", "channel", report.feedback.by_channel, "received")
    if report.assessor:
        yield from _assessor(report.assessor)


def _promise(section: str, result: PromiseResult) -> Iterator[Row]:
    yield from _all_of(section, result.key, "total", "", result.total)
    yield from _all_of(section, result.key, "total", "", result)
    for breakdown, slices in (
        ("stage", result.by_stage),
        ("channel", result.by_channel),
        ("month", result.by_month),
    ):
        for one in slices:
            yield from _all_of(section, result.key, breakdown, one.name, one.figures)


def _measures(report: Report) -> Iterator[Row]:
    calls, answers = report.calls, report.satisfaction
    if calls:
        subject = calls.promise or ""
        yield from _all_of("calls", subject, "total", "", calls.total)
        yield from _all_of("calls", subject, "total", "", calls)
        for month in calls.by_month:
            yield from _all_of("calls", subject, "month", month.name, month)
    if answers:
        yield from _all_of("satisfaction", "", "total", "", answers)
        yield from _counts("satisfaction", "", "score", answers.scores, "answers")
    for sample in report.samples:
        yield from _all_of("samples", "", "month", sample.month, sample)
        for check in sample.checks:
            yield from _all_of("samples", check.check, "month", sample.month, check)


def _learning(found: Learning) -> Iterator[Row]:
    for one in found.causes:
        yield from _all_of("learning", one.cause, "total", "", one)
        yield from _counts("learning", one.cause, "topic", one.topics, "replies")
    for change in found.changes:
        told = OTHER_CHANGES if change.text is None else change.text
        yield Row("learning", change.cause or "", "change", told, "count", change.count)
    if found.unchanged:
        yield Row("learning", "", "total", "", "unchanged", found.unchanged)


def _assessor(report: StageReport) -> Iterator[Row]:
    yield from _all_of("assessor", report.stage, "total", "", report)
    yield from _counts("assessor", report.stage, "outcome", report.outcomes, "replied")
    yield from _all_of("assessor", report.stage, "recommendations", "", report.recommendations)
    for number, found in enumerate(report.findings, 1):
        subject = f"{report.stage}/{number}"
        yield Row("assessor", subject, "finding", found.findings, found.outcome, 1)
        for place, one in enumerate(found.recommended, 1):
            yield Row("assessor", f"{subject}/{place}", "recommendation", one.text, one.state, 1)
        if found.nothing_recommended:
            why = found.nothing_recommended
            yield Row("assessor", subject, "nothing-recommended", why, "count", 1)


def _counts(
    section: str, subject: str, breakdown: str, counts: Iterable[Count], figure: str
) -> Iterator[Row]:
    for one in counts:
        yield Row(section, subject, breakdown, one.name, figure, one.count)


def _all_of(section: str, subject: str, breakdown: str, group: str, value: Any) -> Iterator[Row]:
    """Each field of the value that is a number."""
    for field in fields(value):
        amount = getattr(value, field.name)
        if isinstance(amount, int | float):
            yield Row(section, subject, breakdown, group, field.name, amount)


def _number(amount: float | bool) -> str:
    return str(amount).lower() if isinstance(amount, bool) else str(amount)
