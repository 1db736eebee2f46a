"""What a simulation reads from outside is all that can be read, and no more stops it than has to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.contracts import LedgerEntry
from domain.complaint.views.read_model import standing_of
from domain.vocabulary import Role
from ledger.keys.keeping import erasing
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from sealing.ring import with_new_key
from simulation.sources import ALL, NothingToReplay, read_closed
from tests.domain.playing.stories import PEOPLE, Story
from tests.ledger.samples import an_erasure


async def fill(ledger: SqlLedger, reference: str) -> None:
    told = Story("customer-promise", "2026-10-05 10:00", reference=reference)
    told.at("2026-10-06 12:00").do("reply").do("accept", PEOPLE[Role.CUSTOMER])
    await ledger.keep_charter(told.events[0].digest, told.rules.packed)
    await ledger.record(
        LedgerEntry(reference, tuple(told.events), standing_of(told.complaint), (), ())
    )


async def test_an_erased_complaint_is_left_out_of_a_replay_and_counted(tmp_path: Path) -> None:
    url, ring = f"sqlite:///{tmp_path / 'ledger'}", with_new_key(None, "first")
    await upgrade(url)
    async with open_sql_ledger(url, ring) as ledger:
        for reference in ("R-1", "R-2", "R-3"):
            await fill(ledger, reference)
        await erase(ledger, "R-2")
    async with open_sql_ledger(url, ring) as ledger:
        found = await read_closed(ledger, ALL, lambda _: None)
        assert [each.reference for each in found.records] == ["R-1", "R-3"]
        assert found.erased == 1
        await erase(ledger, "R-1")
        await erase(ledger, "R-3")
    async with open_sql_ledger(url, ring) as ledger:
        with pytest.raises(NothingToReplay, match="were erased"):
            await read_closed(ledger, ALL, lambda _: None)


async def erase(ledger: SqlLedger, reference: str) -> None:
    act = an_erasure(reference, datetime(2026, 11, 28, tzinfo=UTC))
    await ledger.writing(lambda connection: erasing.erase(connection, act))
