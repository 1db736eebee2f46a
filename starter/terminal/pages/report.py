"""How a report looks on a terminal: the promises first, then what else was counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from starter.terminal.printing import add_row, table

if TYPE_CHECKING:
    from rich.table import Table

    from reporting.model import PromiseResult, Report
    from reporting.sections import Finding, StageReport


def tables(report: Report) -> Iterator[Table]:
    """The tables of the report, those with nothing in them left out."""
    from reporting.formats.wording import on_day

    days = f"{on_day(report.first_day)} to {on_day(report.last_day)}"
    yield _promises(report, f"{report.organisation}: {report.title}, {days}")
    complaints = report.complaints
    counts = (complaints.received, complaints.closed, complaints.open_at_end)
    yield table("Complaints", "received", "closed", "open at the end", rows=[counts])
    expected, tried = report.estimates, report.chances
    yield from _hoped("Estimates, which are no promises", "estimate", "by then", "later", expected)
    what = "What is tried first, and not promised"
    yield from _hoped(what, "what is tried", "resolved", "not", tried)
    if report.extensions:
        yield _reasons(report)
    if report.closed_without_answer:
        yield _closed_without_answer(report)
    if report.remedies:
        yield _remedies(report)
    if report.calls or report.satisfaction or report.samples:
        yield _measures(report)
    yield from _heard(report)
    if report.assessor:
        yield _assessor(report.assessor)
        if report.assessor.findings:
            yield _found(report.assessor)


def _heard(report: Report) -> Iterator[Table]:
    """What was settled at once, what was learned, and what was told without a complaint."""
    if report.first_contact:
        yield _first_contact(report)
    if report.learning.causes or report.learning.changes:
        yield from _learning(report)
    if report.feedback.received:
        found = report.feedback
        told = (found.received, found.answer_wanted, found.answered)
        yield table("Feedback", "received", "asked for an answer", "answered", rows=[told])


def _promises(report: Report, title: str) -> Table:
    from reporting.formats.wording import days, percent

    verdicts = {None: "", True: " reached", False: " not reached"}

    def row(one: PromiseResult) -> tuple[object, ...]:
        total = one.total
        target = "" if one.target is None else f"{percent(one.target)}{verdicts[one.reached]}"
        return (
            one.key, one.text, total.in_time or "", total.late or "", total.open or "",
            percent(total.percentage), target, days(total.median_days), days(total.ninetieth_days),
        )  # fmt: skip

    return table(
        title, "promise", "in words", "in time", "late", "open", "kept", "target", "median days",
        "9 in 10 within", rows=map(row, report.promises), figures=2,
    )  # fmt: skip


def _hoped(
    title: str, what: str, yes: str, no: str, found: Sequence[PromiseResult]
) -> Iterator[Table]:
    """What was only expected, or tried first: no promise is kept or broken by it."""
    from reporting.formats.wording import percent

    rows = [
        (one.key, one.text, one.total.in_time or "", one.total.late or "", one.total.open or "",
         percent(one.total.percentage))
        for one in found
    ]  # fmt: skip
    if rows:
        columns = (what, "in words", yes, no, "open", f"{yes}, of all")
        yield table(title, *columns, rows=rows, figures=2)


def _reasons(report: Report) -> Table:
    from reporting.formats.rows import OTHER_REASONS

    rows = (
        (one.key, OTHER_REASONS if one.reason is None else one.reason, one.count)
        for one in report.extensions
    )
    return table("More time", "promise", "reason", "times", rows=rows)


def _closed_without_answer(report: Report) -> Table:
    columns = ("promise", "ground", "closed by", "agreed by", "times")
    rows = (
        (one.key, one.ground, f"{one.by} ({one.role})", one.approved_by, one.count)
        for one in report.closed_without_answer
    )
    return table("Closed without an answer", *columns, rows=rows)


def _remedies(report: Report) -> Table:
    return table(
        "Remedies", "kind", "promised", "done", "refused", "accepted", "owed", "of these overdue",
        rows=(
            (one.kind, one.promised, one.done, one.refused, one.accepted, one.owed, one.overdue)
            for one in report.remedies
        ),
    )  # fmt: skip


def _measures(report: Report) -> Table:
    from reporting.formats.wording import percent

    made = table("Measures", "what", "figure", "of", "target")
    if calls := report.calls:
        target = "" if calls.target is None else percent(calls.target)
        add_row(
            made, f"{calls.promise or 'calls'}: answered in time",
            percent(calls.total.percentage), f"{calls.total.offered} calls", target,
        )  # fmt: skip
    if answers := report.satisfaction:
        add_row(made, "satisfaction, 1 to 5", answers.mean, f"{answers.answers} answers", "")
    for sample in report.samples:
        checked = f"sample {sample.month}: checked"
        add_row(made, checked, sample.reviewed, f"{sample.size} drawn", "")
    return made


def _first_contact(report: Report) -> Table:
    from reporting.formats.wording import named, percent

    return table(
        "Settled at the first contact", "channel", "received", "answered at once", "settled", "share",
        rows=(
            (named(one.channel), one.received, one.answered_at_once, one.settled, percent(one.percentage))
            for one in report.first_contact
        ),
    )  # fmt: skip


def _learning(report: Report) -> Iterator[Table]:
    from reporting.formats.rows import OTHER_CHANGES
    from reporting.formats.wording import named

    found = report.learning
    causes = (
        (named(one.cause), ", ".join(f"{named(t.name)} {t.count}" for t in one.topics), one.replies)
        for one in found.causes
    )
    yield table("Why it went wrong", "cause", "in complaints about", "replies", rows=causes)
    if found.changes:
        changes = (
            (OTHER_CHANGES if one.text is None else one.text, named(one.cause or ""), one.count)
            for one in found.changes
        )
        yield table("What was changed", "change", "because of", "replies", rows=changes)


def _found(report: StageReport) -> Table:
    from reporting.formats.wording import named

    def advice(one: Finding) -> str:
        made = "; ".join(f"{each.text} ({each.state})" for each in one.recommended)
        return made or one.nothing_recommended or ""

    rows = [(named(one.outcome), one.findings, advice(one)) for one in report.findings]
    title = f"{report.title}: what was found and recommended"
    return table(title, "outcome", "findings", "recommended, or why nothing", rows=rows)


def _assessor(found: StageReport) -> Table:
    from reporting.formats.wording import days

    row = (
        found.waiting_at_start, found.received, found.replied, found.ended_otherwise,
        found.waiting_at_end, days(found.median_days), found.recommendations.promised,
        found.recommendations.done,
    )  # fmt: skip
    return table(
        found.title, "waiting at the start", "received", "answered", "ended otherwise",
        "waiting at the end", "median days", "recommendations", "done", rows=[row],
    )  # fmt: skip
