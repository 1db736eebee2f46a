"""What staff close without a reply does not leave the report."""

from __future__ import annotations

from ledger.sql.ledger import SqlLedger
from tests.domain.playing.stories import Story
from tests.reporting.conftest import report_on
from tests.reporting.played import record


async def test_what_ran_when_staff_closed_it_is_counted_by_who_and_why(empty: SqlLedger) -> None:
    closed = Story(received="2026-06-29 10:00", stage="manager", reference="A").do("close")
    withdrawn = Story(received="2026-06-29 10:00", stage="manager", reference="B")
    withdrawn.do("withdraw", by="customer")
    answered = Story(received="2026-06-29 10:00", stage="manager", reference="C").do("reply")
    answered.do("close", by="administrator")
    await record(empty, [closed, withdrawn, answered])
    found = (await report_on(empty)).closed_without_answer
    told = {(each.promise, each.part): each for each in found}
    assert set(told) == {("FO-8", "acknowledge"), ("FO-8", "reply")}
    one = told["FO-8", "reply"]
    assert (one.ground, one.by, one.role) == ("no-complaint", "the.manager", "manager")
    assert (one.approved_by, one.count) == ("a.second", 1)
