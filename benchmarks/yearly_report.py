"""Measures `uphold report`: how long the statements take over a ledger of many complaints.

Owns the measurement; what is in the ledger is made by `full_ledger`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from activities.charter_files import CharterBook
from activities.ledger import open_sql_ledger
from activities.ledger.migrating import upgrade
from benchmarks.full_ledger import CHARTER, fill
from domain.charter.tables import Charter
from reporting.assemble import assemble
from reporting.model import REPORT, Report
from reporting.page import page
from reporting.period import Period
from reporting.rows import as_csv

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
WANTED_SECONDS = 10.0
MADE_AT = datetime(2027, 1, 15, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """How long each part of a report on one year took, in seconds."""

    complaints: int
    """In the ledger, over two years."""
    clocks_counted: int
    megabytes: float
    filling: float
    counting: float
    """The report from the ledger: the median of the passes."""
    csv: float
    json: float
    html: float
    """Drawing the page with its charts; the first one, as the command does it."""


async def measure_report(complaints: int, passes: int = 3) -> ReportFigures:
    """Fills a ledger in a file that is thrown away, and reports on one of its two years."""
    charter = CharterBook().get(CHARTER)
    period = Period(*YEAR, charter.calendar.time_zone)
    with TemporaryDirectory(prefix="uphold-report-") as name:
        file = Path(name) / "ledger.sqlite3"
        url = f"sqlite:///{file}"
        await upgrade(url)
        begun = time.perf_counter()
        async with open_sql_ledger(url) as ledger:
            await fill(ledger, complaints)
        filling = time.perf_counter() - begun
        # Each on a ledger that was just opened, as the command does.
        counted = [await _count(url, charter, period) for _ in range(passes)]
        report, _ = counted[-1]
        marks = [time.perf_counter()]
        for shown in (as_csv, REPORT.dump_json, lambda report: page(report, charter)):
            shown(report)
            marks.append(time.perf_counter())
        totals = [one.total for one in report.promises]
        return ReportFigures(
            complaints=complaints,
            clocks_counted=sum(one.in_time + one.late + one.open for one in totals),
            megabytes=sum(each.stat().st_size for each in file.parent.iterdir()) / 1e6,
            filling=filling,
            counting=sorted(seconds for _, seconds in counted)[passes // 2],
            csv=marks[1] - marks[0],
            json=marks[2] - marks[1],
            html=marks[3] - marks[2],
        )


async def _count(url: str, charter: Charter, period: Period) -> tuple[Report, float]:
    begun = time.perf_counter()
    async with open_sql_ledger(url) as ledger:
        report = await ledger.reading(lambda c: assemble(c, charter, period, MADE_AT))
    return report, time.perf_counter() - begun


def show_report(figures: ReportFigures, console: Console) -> None:
    """Print what was reached beside what is wanted."""
    reached = figures.counting + figures.html < WANTED_SECONDS
    verdict = "[green]reached[/green]" if reached else "[red]not reached[/red]"
    console.print(
        f"A year's report over {figures.complaints:,} complaints ({figures.megabytes:,.0f} MB, filled"
        f" in {figures.filling:.0f} s): counted in {figures.counting:.1f} s"
        f" ({figures.clocks_counted:,} clocks of that year), then {figures.csv:.2f} s as CSV,"
        f" {figures.json:.2f} s as JSON or {figures.html:.1f} s as HTML."
        f" Wanted: less than {WANTED_SECONDS:.0f} s: {verdict}."
    )
