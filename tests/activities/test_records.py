"""Recording fails for good only where trying again is of no use."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import LedgerEntry
from activities.ledger import LedgerUnavailable, open_ledger
from activities.ledger.memory import MemoryLedger
from activities.records import Records
from tests.activities.ledger_samples import REFERENCE, entry, opened, standing, updated


async def test_an_entry_is_recorded_and_a_retry_changes_nothing() -> None:
    ledger = MemoryLedger()
    records = Records(ledger)
    for _ in range(2):
        await ActivityEnvironment().run(records.record, entry(opened()))
    assert len(await ledger.events(REFERENCE)) == 1


@pytest.mark.parametrize(
    ("given", "kind", "number"),
    [
        (entry(updated(3)), "LedgerGap", 3),
        (entry(opened(details="Another story.")), "ConflictingRecord", 1),
        (LedgerEntry(REFERENCE, (), standing(1), (), ()), "MalformedEntry", 0),
    ],
)
async def test_what_can_never_be_recorded_fails_for_good_and_is_seen(
    given: LedgerEntry, kind: str, number: int
) -> None:
    ledger = MemoryLedger()
    await ledger.record(entry(opened()))
    with capture_logs() as logged, pytest.raises(ApplicationError) as caught:
        await ActivityEnvironment().run(Records(ledger).record, given)
    assert caught.value.non_retryable
    assert caught.value.type == kind
    (line,) = logged
    assert line["log_level"] == "error"
    assert (line["reference"], line["event_number"]) == (REFERENCE, number)
    assert line["error"] == kind


async def test_a_ledger_that_is_away_is_worth_another_try() -> None:
    async with open_ledger("sqlite:////nowhere/at/all.sqlite3") as ledger:
        with pytest.raises(LedgerUnavailable):
            await ActivityEnvironment().run(Records(ledger).record, entry(opened()))
