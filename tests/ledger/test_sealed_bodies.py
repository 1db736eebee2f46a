"""A ledger with a key ring: what is said is sealed, what is counted stays, and the chain holds without any key."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import Connection, select, update

from domain.complaint.decider.registry import EVENT_KINDS
from ledger.evidence.checking import chain_findings
from ledger.keys import data_keys
from ledger.keys.bodies import COUNTED, facts_of
from ledger.opening import open_sql_ledger
from ledger.sql import tables
from ledger.sql.ledger import SqlLedger
from sealing.errors import KeyDestroyed, RingKeyMissing, SealBroken
from sealing.ring import FileRing, with_new_key
from tests.ledger.samples import REFERENCE, acknowledged, entry, notice, opened, updated

SAID = "Nobody rang my sister back."
WRITTEN = "We wait for the bank of Ms Price."
NAMES = (SAID, WRITTEN, "Siân", "sian@example.org")


@pytest.fixture
def ring() -> FileRing:
    return with_new_key(None, "first")


@pytest_asyncio.fixture
async def ledger(ledger_url: str, ring: FileRing) -> AsyncIterator[SqlLedger]:
    async with open_sql_ledger(ledger_url, ring) as held:
        await held.record(
            entry(opened(details=SAID), acknowledged(2), updated(3, WRITTEN), notices=(notice(3),))
        )
        yield held


def stored(connection: Connection) -> list[str]:
    events = select(tables.events.c.body).order_by(tables.events.c.number)
    letters = select(tables.notices.c.body)
    return [*connection.execute(events).scalars(), *connection.execute(letters).scalars()]


async def test_what_is_said_is_sealed_and_what_is_counted_is_not(ledger: SqlLedger) -> None:
    for body in await ledger.reading(stored):
        assert not any(name in body for name in NAMES), body
    first = (await ledger.reading(stored))[0]
    assert '"about":["delay"]' in first
    assert '"stage":"case-handler"' in first
    read = await ledger.events(REFERENCE)
    assert [event.kind for event in read] == ["opened", "acknowledged", "updated"]
    assert read[2].message == WRITTEN
    assert [each.notice for each in await ledger.notices(REFERENCE)] == [notice(3)]


async def test_without_the_ring_nothing_is_read_and_the_chain_is_checked_all_the_same(
    ledger: SqlLedger, ledger_url: str
) -> None:
    assert await ledger.ring_keys() == {"first"}
    async with open_sql_ledger(ledger_url) as without:
        with pytest.raises(RingKeyMissing, match="UPHOLD_KEY_RING"):
            await without.events(REFERENCE)
        assert await without.reading(lambda c: chain_findings(c, REFERENCE)) == []


async def test_a_sealed_text_is_not_read_in_another_row(ledger: SqlLedger, ledger_url: str) -> None:
    first, second, *_ = await ledger.reading(stored)
    moved = first.replace('"number":1', '"number":2')
    if "sqlite" not in ledger_url:
        pytest.skip("only its owner alters it there")

    def move(connection: Connection) -> None:
        connection.exec_driver_sql("DROP TRIGGER events_no_update")
        row = (tables.events.c.reference == REFERENCE, tables.events.c.number == 2)
        connection.execute(update(tables.events).where(*row).values(body=moved))

    await ledger.writing(move)
    assert second != moved
    with pytest.raises(SealBroken, match="event 2"):
        await ledger.events(REFERENCE)


async def test_after_its_key_is_destroyed_nothing_decrypts_and_what_is_counted_stays(
    ledger: SqlLedger, ledger_url: str, ring: FileRing
) -> None:
    kept = await ledger.data_key(reference=REFERENCE)
    assert kept
    when = datetime(2026, 11, 28, tzinfo=UTC)
    await ledger.writing(lambda c: data_keys.destroy(c, kept, when, "d.lee", "She asked."))
    async with open_sql_ledger(ledger_url, ring) as anew:
        with pytest.raises(KeyDestroyed):
            await anew.events(REFERENCE)
        with pytest.raises(KeyDestroyed):
            await anew.notices(REFERENCE)
        with pytest.raises(KeyDestroyed):
            await anew.record(entry(updated(4)))
        bodies = await anew.reading(stored)
        first = (await anew.reading(lambda c: facts_of(c, bodies)))[0]
        assert first["opening"] == {"about": ["delay"]}
        assert await anew.reading(lambda c: chain_findings(c, REFERENCE)) == []


def test_what_is_counted_are_fields_of_events_that_there_are() -> None:
    events = [
        {each.name: each.default for each in dataclasses.fields(kind)} for kind in EVENT_KINDS
    ]
    kinds = {fields["kind"]: set(fields) for fields in events}
    for name, fields in COUNTED.items():
        assert fields <= kinds[name], name
