"""What lists and reports read is made of the events again, and no event or letter is touched."""

# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Connection, Table, select

from domain.errors import RecordsDiffer
from ledger.errors import BrokenChain, CharterNotKept
from ledger.evidence.rebuilding import rebuild_within
from ledger.keys.words import WORDS, read_words
from ledger.opening import open_sql_ledger
from ledger.port import NoticeFate, NoticeState
from ledger.sql import tables
from ledger.sql.ledger import SqlLedger
from sealing.ring import with_new_key
from starter.desk.mending import Mending
from tests.ledger.evidence.on_record import ANN, BOB, entries, put_on_record, tamper

LAST = entries(ANN)[-1].standing.events
OF_ANN = f"WHERE reference = '{ANN}'"
READ_MODELS = (
    tables.complaints, tables.clocks, tables.remedies, tables.waiting, tables.found_by,
)  # fmt: skip
RECORD = (tables.events, tables.notices, tables.fates)


@pytest_asyncio.fixture(params=["plain", "sealed"])
async def ledger(ledger_url: str, request: pytest.FixtureRequest) -> AsyncIterator[SqlLedger]:
    """A ledger with two complaints, without a key ring and with one."""
    ring = with_new_key(None, "first") if request.param == "sealed" else None
    async with open_sql_ledger(ledger_url, ring) as opened:
        await put_on_record(opened, ANN, BOB)
        yield opened


async def rows(ledger: SqlLedger, *of: Any) -> dict[str, list[dict[str, Any]]]:
    """All rows of these tables as they are read, but for when they were written."""
    return {table.name: await ledger.reading(partial(_rows, table)) for table in of}


def _rows(table: Table, connection: Connection) -> list[dict[str, Any]]:
    there: Any = connection.execute(select(table).order_by(*table.primary_key)).mappings()
    if table in WORDS:
        there = read_words(connection, table, there)
    return [{k: v for k, v in row.items() if k != "as_of"} for row in there]


async def rebuilt(ledger: SqlLedger, *, dry_run: bool = False) -> list[str]:
    """What was said of Ann's complaint."""
    return await ledger.writing(lambda c: rebuild_within(c, ANN, dry_run=dry_run))


async def test_a_note_that_was_told_and_then_reported_lost_waits_no_more(
    ledger: SqlLedger,
) -> None:
    (mailbox, *_) = await ledger.mailboxes_waiting()
    told = next(e for e in await ledger.waiting(mailbox) if e.notice.reference == ANN).notice.key
    await ledger.told([NoticeFate(key=told, state=NoticeState.DELIVERED)])
    await ledger.mark(NoticeFate(key=told, state=NoticeState.UNDELIVERED))
    assert [said for said in await rebuilt(ledger, dry_run=True) if told in said] == []


async def test_a_whole_record_is_left_as_it_is(ledger: SqlLedger) -> None:
    before = await rows(ledger, *READ_MODELS, *RECORD)
    assert await rebuilt(ledger) == []
    assert await rows(ledger, *READ_MODELS, *RECORD) == before
    assert before["remedies"], "the story undertakes something"
    assert before["waiting"], "a note of it waits"
    assert before["found_by"]


DAMAGE = {
    "how it stands": f"UPDATE complaints SET missed = 7, stage = 'manager' {OF_ANN}",
    "the head": f"UPDATE complaints SET head = 'lost' {OF_ANN}",
    "the row of the complaint": f"DELETE FROM complaints {OF_ANN}",
    "every clock": f"DELETE FROM clocks {OF_ANN}",
    "a clock": f"UPDATE clocks SET state = 'met', proof = '' {OF_ANN}",
    "a clock that is none": (
        "INSERT INTO clocks (reference, id, promise, stage, state, budget, superseded, proof,"
        " started_at, extensions, as_of, renewal) SELECT reference, 'FO-99#1', promise, stage,"
        f" state, budget, superseded, proof, started_at, extensions, 9999, renewal FROM clocks {OF_ANN}"
        " LIMIT 1"
    ),
    "by what it is found": f"DELETE FROM found_by {OF_ANN}",
    "by what it is not found": f"UPDATE found_by SET digest = digest || 'x' {OF_ANN}",
    "what waits": "DELETE FROM waiting WHERE key LIKE 'FO-ANN/%'",
    "what was told and waits": (
        "INSERT INTO waiting (key, mailbox) SELECT key, 'team@office.example' FROM notices"
        f" {OF_ANN} AND key NOT IN (SELECT key FROM waiting) LIMIT 1"
    ),
    "the mailbox for which it waits": "UPDATE waiting SET mailbox = 'x@y.example' WHERE key LIKE 'FO-ANN/%'",
    "what a remedy says": f"UPDATE remedies SET text = 'Nothing', sealed_with = NULL {OF_ANN}",
    "the remedies": f"UPDATE remedies SET settled = true, state = 'done' {OF_ANN}",
}


@pytest.mark.parametrize("what", DAMAGE)
async def test_whatever_was_wrong_is_said_and_made_of_the_events_again(
    ledger: SqlLedger, what: str
) -> None:
    before = await rows(ledger, *READ_MODELS, *RECORD)
    await tamper(ledger, DAMAGE[what])
    damaged = await rows(ledger, *READ_MODELS)
    said = await rebuilt(ledger, dry_run=True)
    assert said
    assert await rows(ledger, *READ_MODELS) == damaged, "a dry run changes nothing"
    assert await rebuilt(ledger) == said
    assert await rows(ledger, *READ_MODELS, *RECORD) == before
    assert await rebuilt(ledger) == []


async def test_what_is_recorded_afterwards_goes_on(ledger: SqlLedger) -> None:
    await tamper(ledger, *DAMAGE.values())
    await rebuilt(ledger)
    for entry in entries(ANN):
        await ledger.record(entry)
    assert await ledger.standing(ANN) == entries(ANN)[-1].standing


async def test_nothing_is_made_of_a_broken_record(ledger: SqlLedger) -> None:
    await tamper(ledger, f"DELETE FROM events {OF_ANN} AND number = {LAST}")
    before = await rows(ledger, *READ_MODELS)
    with pytest.raises(BrokenChain, match=f"event {LAST} is missing at the end"):
        await rebuilt(ledger)
    assert await rows(ledger, *READ_MODELS) == before


async def test_what_cannot_be_rebuilt_keeps_nothing_else_from_it(ledger: SqlLedger) -> None:
    await tamper(ledger, f"UPDATE events SET body = 'gone' {OF_ANN} AND number = 2")
    await tamper(ledger, "UPDATE complaints SET missed = 7 WHERE reference = 'FO-BOB'")
    ann, bob = await Mending(ledger, None).run((), lambda _: None)
    assert (ann.reference, bob.reference) == (ANN, BOB)
    assert "its record is broken" in ann.fault
    assert [line.split(":")[0] for line in bob.said] == ["how it stands"]
    (nobody,) = await Mending(ledger, None).run(["FO-NOBODY"], lambda _: None)
    assert nobody.fault == "FO-NOBODY: no event of it is on record"


async def test_a_charter_that_is_lost_is_said(ledger: SqlLedger) -> None:
    await tamper(ledger, "DELETE FROM charters")
    with pytest.raises(CharterNotKept):
        await rebuilt(ledger)
    with pytest.raises(RecordsDiffer):
        await ledger.writing(lambda c: rebuild_within(c, "FO-NOBODY"))
