"""Measures `uphold report`: how long the statements take over a ledger of many complaints.

The complaints are simulated over two years and recorded through the ledger's port, each in one entry.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from activities.contracts import LedgerEntry
from benchmarks.report import Figure
from benchmarks.story import CHARTER
from charters.files import CharterBook
from domain.charter.tables import Charter
from domain.complaint.decider.registry import Event
from domain.complaint.state import Complaint
from domain.complaint.views.read_model import clock_standing, standing_of
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from reporting.assemble import assemble
from reporting.formats.page import page
from reporting.formats.rows import as_csv
from reporting.model import REPORT, Report
from reporting.period import Period
from simulation.play.lifecycle import Lifecycle
from simulation.run import World
from simulation.scenario.model import Scenario, Span
from simulation.sources import rules_for

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
FROM, DAYS = date(2025, 1, 1), 730
MADE_AT = datetime(2027, 1, 15, 9, tzinfo=UTC)
AT_ONCE = 2000
WANTED_SECONDS = 10.0


async def measure_report(complaints: int, passes: int = 3) -> list[Figure]:
    """Fills a ledger in a file that is thrown away, and reports on one of its two years."""
    charter = CharterBook().get(CHARTER)
    period = Period(*YEAR, charter.calendar.time_zone)
    with TemporaryDirectory(prefix="uphold-report-") as name:
        file = Path(name) / "ledger.sqlite3"
        url = f"sqlite:///{file}"
        await upgrade(url)
        begun = time.perf_counter()
        async with open_sql_ledger(url) as ledger:
            await _fill(ledger, complaints)
        filling = time.perf_counter() - begun
        # Each on a ledger that was just opened, as the command does.
        counted = [await _count(url, charter, period) for _ in range(passes)]
        report, counting = counted[-1][0], median(seconds for _, seconds in counted)
        marks = [time.perf_counter()]
        for shown in (as_csv, REPORT.dump_json, lambda report: page(report, charter)):
            shown(report)
            marks.append(time.perf_counter())
        csv, json, html = (later - mark for mark, later in pairwise(marks))
        totals = [one.total for one in report.promises]
        return [
            Figure("complaints in the ledger, over two years", complaints),
            Figure("size of the ledger", file.stat().st_size / 1e6, "MB"),
            Figure("filling it", filling, "s"),
            Figure("clocks of the year", sum(one.in_time + one.late + one.open for one in totals)),
            Figure("counting them for the report", counting, "s"),
            Figure("the report as CSV", csv, "s"),
            Figure("the report as JSON", json, "s"),
            Figure("the report as HTML", html, "s"),
            Figure("counting and HTML", counting + html, "s", at_most=WANTED_SECONDS),
        ]


async def _fill(ledger: SqlLedger, count: int) -> None:
    """Simulates so many complaints and records each as it stands with its last event."""
    loop, rules = asyncio.get_running_loop(), rules_for(CharterBook().get(CHARTER), FROM, YEAR[1])
    happened: dict[int, list[Event]] = {}
    standing: dict[int, Complaint] = {}
    full: list[LedgerEntry] = []

    async def record() -> None:
        await asyncio.gather(*map(ledger.record, full))
        full.clear()

    def observe(life: Lifecycle, _: Any, __: int, steps: tuple[Any, ...]) -> None:
        happened.setdefault(life.number, []).extend(step.event for step in steps)
        standing[life.number] = life.complaint
        if life.complaint.closed:
            full.append(_entry(standing.pop(life.number), happened.pop(life.number)))
        if len(full) == AT_ONCE:
            asyncio.run_coroutine_threadsafe(record(), loop).result()

    world = World(Scenario(), Span(count, DAYS, FROM), (rules,))
    await asyncio.to_thread(world.play, rules, observer=observe)
    full += [_entry(standing[number], events) for number, events in happened.items()]
    await record()


def _entry(complaint: Complaint, events: list[Event]) -> LedgerEntry:
    clocks = tuple(clock_standing(clock, complaint.rules) for clock in complaint.clocks)
    return LedgerEntry(complaint.reference, tuple(events), standing_of(complaint), clocks, ())


async def _count(url: str, charter: Charter, period: Period) -> tuple[Report, float]:
    begun = time.perf_counter()
    async with open_sql_ledger(url) as ledger:
        report = await ledger.reading(lambda c: assemble(c, charter, period, MADE_AT))
    return report, time.perf_counter() - begun
