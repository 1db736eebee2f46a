"""What is published of a year: how many complaints came, about what, and how well they were dealt with.

How each figure is counted is tested in `tests/reporting`.
"""

from __future__ import annotations

from datetime import date

import pytest

from ledger.sql.ledger import SqlLedger
from reporting.formats.page import page
from reporting.model import Report
from tests.domain.playing.stories import Story
from tests.promises.telling import for_each
from tests.reporting.conftest import charter, report_on
from tests.reporting.played import record

PUBLISHED = {
    "IS-11": ("insolvency-service", "IS-2"),
    "HC-11": ("housing-code", "HC-1/acknowledge"),
    "LG-12": ("local-government-code", "LG-3"),
    "SM-9": ("scottish-model", "SM-1"),
    "FC-9": ("financial-conduct", "FC-1"),
    "NH-8": ("nhs-complaints", "NH-2"),
}
published = for_each(("charter_id", "key"), PUBLISHED)


async def the_year(ledger: SqlLedger, charter_id: str) -> Report:
    """Three complaints came in October 2026: one upheld in time, one not upheld late, one waits."""
    upheld = Story(charter_id, reference="A", about=["delay", "conduct"]).do("reply")
    late = Story(charter_id, reference="B", about=["delay"]).at("2027-01-06 10:00")
    late.do("reply", outcome="not-upheld", remedies=[]).do("accept", "customer")
    waiting = Story(charter_id, "2026-10-07 10:00", reference="C").late("2026-10-07 12:00")
    await record(ledger, [upheld.do("accept", "customer"), late, waiting])
    return await report_on(
        ledger, date(2026, 4, 1), date(2027, 3, 31), of=charter(charter_id), now=waiting.now
    )


@published
async def test_the_year_tells_how_many_came_about_what_and_how_they_ended(
    charter_id: str, key: str, ledger: SqlLedger
) -> None:
    told = (await the_year(ledger, charter_id)).complaints

    assert (told.received, told.closed, told.open_at_end) == (3, 2, 1)
    assert {one.name: one.count for one in told.by_topic} == {"delay": 3, "conduct": 1}
    assert {one.name: one.count for one in told.outcomes} == {"upheld": 1, "not-upheld": 1}


@published
async def test_what_was_late_is_told_as_late_and_what_waits_as_neither(
    charter_id: str, key: str, ledger: SqlLedger
) -> None:
    told = await the_year(ledger, charter_id)

    (result,) = (one for one in (*told.promises, *told.chances) if one.key == key)
    assert (result.total.in_time, result.total.late, result.total.open) == (1, 1, 1)
    assert result.total.percentage == pytest.approx(50)
    assert key in page(told, charter(charter_id))
