"""Letters are kept as they left, once for each text, chained and sealed: whatever is done to one is seen."""

# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ledger.evidence.checking import letter_findings, sealed_findings
from ledger.evidence.keys import make_key
from ledger.evidence.letters import letters_of
from ledger.evidence.seals import seal_within
from ledger.keys.keeping import erasing
from ledger.opening import open_sql_ledger
from ledger.port import NoticeFate, NoticeState
from ledger.sql.ledger import SqlLedger
from sealing.errors import KeyDestroyed
from sealing.ring import FileRing, with_new_key
from tests.ledger.evidence.on_record import tamper
from tests.ledger.samples import REFERENCE, an_erasure, at, entry, notice, opened, updated

FIRST, SECOND = notice(1).key, notice(2).key
HERS = "I am sorry that nobody rang you back."
DELIVERED = NoticeState.DELIVERED
OF_HERS = f"WHERE reference = '{REFERENCE}'"


def message(text: str = HERS, day: int = 1) -> bytes:
    head = f"From: a@b.example\r\nSubject: Your complaint\r\nDate: Mon, {day} Jun 2026 09:00:00 +0000\r\n"
    return f"{head}Message-ID: <1@b.example>\r\n\r\nDate: today\r\n{text}\r\n".encode()


@pytest.fixture(params=["plain", "sealed"])
def ring(request: pytest.FixtureRequest) -> FileRing | None:
    return with_new_key(None, "first") if request.param == "sealed" else None


@pytest_asyncio.fixture
async def ledger(ledger_url: str, ring: FileRing | None) -> AsyncIterator[SqlLedger]:
    """A ledger with a complaint of which two letters left."""
    async with open_sql_ledger(ledger_url, ring) as held:
        await held.record(entry(opened()))
        await leaves(held, FIRST)
        await held.record(entry(updated(2)))
        await leaves(held, SECOND, "We wait for the bank.")
        yield held


async def leaves(
    ledger: SqlLedger, key: str, text: str = HERS, *, day: int = 1, again: bool = False
) -> NoticeState:
    fate = NoticeFate(key=key, state=NoticeState.ATTEMPTED, at=at(day))
    return await ledger.mark(fate, message(text, day), again=again)


async def kept(ledger: SqlLedger) -> list[tuple[str, bytes]]:
    found = await ledger.reading(lambda c: letters_of(c, REFERENCE))
    return [(each.key, each.message) for each in found]


async def findings(ledger: SqlLedger) -> list[str]:
    """What is said of the letters, by their chain and by the seals."""
    found = await ledger.reading(lambda c: [*letter_findings(c, REFERENCE), *sealed_findings(c)])
    return [each.what for each in found]


async def sealed_now(ledger: SqlLedger, folder: Path) -> int:
    key = make_key(folder / f"key-{len(list(folder.iterdir()))}")
    return (await ledger.writing(lambda c: seal_within(c, key, at(30))))[1]


async def test_a_letter_is_kept_as_it_left_and_can_be_read_with_the_ring_alone(
    ledger: SqlLedger, ledger_url: str, ring: FileRing | None
) -> None:
    assert await kept(ledger) == [(FIRST, message()), (SECOND, message("We wait for the bank."))]
    assert await findings(ledger) == []
    async with open_sql_ledger(ledger_url) as without:
        assert await findings(without) == [], "the chain is checked without any key"
        if ring:
            with pytest.raises(Exception, match="UPHOLD_KEY_RING"):
                await kept(without)


async def test_the_same_text_is_kept_once_and_another_beside_it(ledger: SqlLedger) -> None:
    before = await kept(ledger)
    await leaves(ledger, FIRST, "Not tried before, and it was")
    await leaves(ledger, FIRST, day=2, again=True)
    assert await kept(ledger) == before, "the date of an attempt makes no other letter"
    await leaves(ledger, FIRST, "Written by other templates", day=3, again=True)
    assert await kept(ledger) == [*before, (FIRST, message("Written by other templates", 3))]
    await ledger.mark(NoticeFate(key=FIRST, state=DELIVERED, at=at(4)))
    assert await leaves(ledger, FIRST, "Too late", day=5) is DELIVERED
    assert len(await kept(ledger)) == 3
    assert await findings(ledger) == []


async def test_letters_that_leave_at_once_are_chained_one_behind_the_other(
    ledger: SqlLedger,
) -> None:
    keys = [f"{REFERENCE}/{number}/progress/customer" for number in range(3, 13)]
    await asyncio.gather(*(leaves(ledger, key) for key in keys))
    assert sorted(key for key, _ in await kept(ledger)) == sorted([FIRST, SECOND, *keys])
    assert await findings(ledger) == []


async def test_a_digest_is_nobodys_letter(ledger: SqlLedger) -> None:
    await leaves(ledger, "digest/2026-06-01/team@office.example")
    assert len(await kept(ledger)) == 2


TAMPERING = {
    "its text": f"UPDATE letters SET content = (SELECT content FROM letters {OF_HERS} AND number = 2) {OF_HERS} AND number = 1",
    "whose notice it was": f"UPDATE letters SET key = '{REFERENCE}/9/reply/customer' {OF_HERS} AND number = 1",
    "when it left": f"UPDATE letters SET at = (SELECT owed_at FROM notices {OF_HERS} AND event = 2) {OF_HERS} AND number = 2",
    "the first is taken away": f"DELETE FROM letters {OF_HERS} AND number = 1",
    "places are changed": f"UPDATE letters SET number = 3 - number + 10 {OF_HERS}",
}


@pytest.mark.parametrize("what", TAMPERING)
async def test_whatever_is_done_to_a_letter_is_seen(ledger: SqlLedger, what: str) -> None:
    await tamper(ledger, TAMPERING[what])
    assert await findings(ledger)


async def test_the_last_letter_taken_away_is_missed_by_the_seal(
    ledger: SqlLedger, tmp_path: Path
) -> None:
    assert await sealed_now(ledger, tmp_path) == 1
    await leaves(ledger, f"{REFERENCE}/3/progress/customer")
    assert await sealed_now(ledger, tmp_path) == 1, "a letter alone is sealed too"
    assert await sealed_now(ledger, tmp_path) == 0
    await tamper(ledger, f"DELETE FROM letters {OF_HERS} AND number = 3")
    assert await findings(ledger) == [
        "letter 3 of those that left is not the one that seal 2 sealed."
    ]


async def test_no_letter_is_altered_in_a_file(ledger: SqlLedger, ledger_url: str) -> None:
    if "sqlite" not in ledger_url:
        pytest.skip("rights do that there")
    for statement in ("UPDATE letters SET number = 9", "DELETE FROM letters"):
        with pytest.raises(Exception, match="not altered"):
            await ledger.writing(lambda c, s=statement: c.exec_driver_sql(s))  # type: ignore[misc]


async def test_erased_letters_are_read_by_nobody_and_their_chain_holds(
    ledger: SqlLedger, ledger_url: str, ring: FileRing | None
) -> None:
    if ring is None:
        pytest.skip("without a ring nothing is erased")
    await ledger.writing(lambda c: erasing.erase(c, an_erasure(REFERENCE, at(9))))
    async with open_sql_ledger(ledger_url, ring) as anew:
        with pytest.raises(KeyDestroyed):
            await kept(anew)
        await leaves(anew, f"{REFERENCE}/3/progress/customer")
        assert await findings(anew) == []
