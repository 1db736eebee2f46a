"""Owns how a report looks on a terminal: the promises first, then what else was counted.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from starter.printing import add_row, table

if TYPE_CHECKING:
    from rich.table import Table

    from reporting.model import Report


def tables(report: Report) -> Iterator[Table]:
    """The tables of the report, those with nothing in them left out."""
    from reporting.wording import on_day

    days = f"{on_day(report.first_day)} to {on_day(report.last_day)}"
    yield _promises(report, f"{report.organisation}: {report.title}, {days}")
    complaints = report.complaints
    made = table("Complaints", "received", "closed", "open at the end")
    add_row(made, complaints.received, complaints.closed, complaints.open_at_end)
    yield made
    if report.extensions:
        yield _reasons(report)
    if report.remedies:
        yield _remedies(report)
    if report.calls or report.satisfaction or report.samples:
        yield _measures(report)
    if report.assessor:
        yield _assessor(report)


def _promises(report: Report, title: str) -> Table:
    from reporting.wording import days, percent

    made = table(
        title, "promise", "in words", "in time", "late", "open", "kept", "target", "median days",
        "9 in 10 within",
    )  # fmt: skip
    for column in made.columns[2:]:
        column.justify = "right"
    for one in report.promises:
        total = one.total
        verdict = {None: "", True: " reached", False: " not reached"}[one.reached]
        target = "" if one.target is None else f"{percent(one.target)}{verdict}"
        add_row(
            made, one.key, one.text, total.in_time or "", total.late or "", total.open or "",
            percent(total.percentage), target, days(total.median_days), days(total.ninetieth_days),
        )  # fmt: skip
    return made


def _reasons(report: Report) -> Table:
    from reporting.rows import OTHER_REASONS

    made = table("More time", "promise", "reason", "times")
    for one in report.extensions:
        key = f"{one.promise}/{one.part}" if one.part else one.promise
        add_row(made, key, OTHER_REASONS if one.reason is None else one.reason, one.count)
    return made


def _remedies(report: Report) -> Table:
    made = table(
        "Remedies", "kind", "promised", "done", "refused", "accepted", "owed", "of these overdue"
    )
    for one in report.remedies:
        add_row(
            made, one.kind, one.promised, one.done, one.refused, one.accepted, one.owed, one.overdue
        )
    return made


def _measures(report: Report) -> Table:
    from reporting.wording import percent

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
        add_row(
            made, f"sample {sample.month}: checked", sample.reviewed, f"{sample.size} drawn", ""
        )
    return made


def _assessor(report: Report) -> Table:
    from reporting.wording import days

    found = report.assessor
    if found is None:
        raise ValueError("there is no assessor to report on")
    made = table(
        found.title, "waiting at the start", "received", "answered", "ended otherwise",
        "waiting at the end", "median days", "recommendations", "done",
    )  # fmt: skip
    add_row(
        made, found.waiting_at_start, found.received, found.replied, found.ended_otherwise,
        found.waiting_at_end, days(found.median_days), found.recommendations.promised,
        found.recommendations.done,
    )  # fmt: skip
    return made
