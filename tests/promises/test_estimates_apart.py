"""Estimates are reported apart: nobody broke a promise by one that passed."""

from __future__ import annotations

from datetime import date

from ledger.sql.ledger import SqlLedger
from reporting.formats.page import page
from tests.domain.playing.stories import Story
from tests.reporting.conftest import charter, report_on
from tests.reporting.played import record


async def test_is_5_an_estimate_that_passed_is_no_promise_that_was_missed(
    ledger: SqlLedger,
) -> None:
    story = Story("insolvency-service", channel="phone").at("2026-11-02 10:00")
    await record(ledger, [story])
    told = await report_on(
        ledger, date(2026, 4, 1), date(2027, 3, 31), of=charter("insolvency-service"), now=story.now
    )
    (estimate,) = told.estimates
    assert (estimate.key, estimate.total.late, estimate.total.in_time) == ("IS-5/estimate", 1, 0)
    assert sum(one.total.late for one in told.promises) == 0
    assert "IS-5/estimate" not in {one.key for one in told.promises}
    written = page(told, charter("insolvency-service"))
    assert "These are no promises." in written
    assert story.complaint.missed == 0
