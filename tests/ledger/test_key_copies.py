"""A copy of the data keys gives a restored ledger back what it lacks, and nothing that was erased."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.complaint.views.finding import ways_to_find
from ledger.keys.copying import BadCopy, TakenIn, keys_in, lines_of, take_in
from ledger.keys.data_keys import wrap_all_anew
from ledger.keys.keeping import erasing
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.port import Listing
from ledger.sql.ledger import SqlLedger
from sealing.data_keys import DataKeys
from sealing.errors import KeyDestroyed
from sealing.port import KeptKey
from sealing.ring import FileRing, with_new_key
from tests.ledger.samples import an_erasure, entry, opened

NOW = datetime(2026, 11, 28, tzinfo=UTC)
RING = with_new_key(None, "first")


def opened_at(url: str, ring: FileRing = RING) -> SqlLedger:
    return open_sql_ledger(url, ring)


async def copy_of(ledger: SqlLedger) -> list[str]:
    return await ledger.reading(lambda c: list(lines_of(c)))


async def taken(ledger: SqlLedger, lines: list[str], *ring: str) -> Counter[TakenIn]:
    return await ledger.writing(lambda c: take_in(c, keys_in(lines), set(ring or {"first"})))


async def test_what_was_opened_since_the_ledgers_copy_can_be_read_again_and_nothing_erased_can(
    tmp_path: Path,
) -> None:
    url, file = f"sqlite:///{tmp_path / 'ledger'}", tmp_path / "ledger"
    await upgrade(url)
    async with opened_at(url) as ledger:
        for reference in ("A", "B"):
            await ledger.record(entry(opened(reference), reference=reference))
    shutil.copy(file, tmp_path / "copy")
    async with opened_at(url) as ledger:
        late = await DataKeys(RING, ledger).of("C")
        await ledger.writing(lambda c: erasing.erase(c, an_erasure("B", NOW)))
        lines = await copy_of(ledger)
    for each in tmp_path.glob("ledger*"):
        each.unlink()
    shutil.copy(tmp_path / "copy", file)
    async with opened_at(url) as restored:
        assert await taken(restored, lines) == {
            TakenIn.ADDED: 1, TakenIn.DESTROYED: 1, TakenIn.KEPT: 2,
        }  # fmt: skip
        assert await taken(restored, lines) == {TakenIn.KEPT: 4}, "twice is once"
    async with opened_at(url) as anew:
        assert (await DataKeys(RING, anew).of("C")).secret == late.secret
        assert len(await anew.events("A")) == 1
        with pytest.raises(KeyDestroyed, match="Asked for"):
            await anew.events("B")
        wanted = Listing(ended=None, found_by=(ways_to_find("sian@example.org"),))
        assert [row.reference for row in (await anew.complaints(where=wanted)).rows] == ["A"]


async def test_what_the_ledger_destroyed_stays_destroyed_whatever_a_copy_says(
    ledger_url: str,
) -> None:
    async with opened_at(ledger_url) as ledger:
        await ledger.record(entry(opened("A"), reference="A"))
        lines = await copy_of(ledger)
        await ledger.writing(lambda c: erasing.erase(c, an_erasure("A", NOW)))
        assert await taken(ledger, lines) == {TakenIn.KEPT: 2}
        found = await ledger.data_key(reference="A")
        assert found
        assert found.wrapped is None


async def test_a_key_that_the_ring_cannot_unwrap_is_taken_as_the_copy_has_it_wrapped(
    ledger_url: str,
) -> None:
    both = with_new_key(RING, "second")
    async with opened_at(ledger_url) as ledger:
        keys = DataKeys(both, ledger)
        secret = (await keys.of("A")).secret
        kept = await ledger.data_key(reference="A")
        assert kept
        older = await DataKeys(FileRing("first", both.keys), ledger).rewrapped(kept)
        lines = await copy_of(ledger)
        await ledger.writing(lambda c: wrap_all_anew(c, [(kept, *older)]))
        newest = FileRing("second", {"second": both.keys["second"]})
        assert await taken(ledger, lines, "second") == {TakenIn.REWRAPPED: 1}
        assert (await DataKeys(newest, ledger).of("A")).secret == secret


async def test_a_reference_with_another_key_by_now_is_told_and_left(ledger_url: str) -> None:
    async with opened_at(ledger_url) as ledger:
        other = KeptKey(reference="A", id="0123", ring_key="first", wrapped=b"1", made_at=NOW)
        own = await DataKeys(RING, ledger).of("A")
        counts = await ledger.writing(lambda c: take_in(c, [other], {"first"}))
        assert counts == {TakenIn.ANOTHER: 1}
        assert (await DataKeys(RING, ledger).of("A")).secret == own.secret


@pytest.mark.parametrize("line", ["", "{}", "[]", "no", '{"wrapped": "%"}', '{"wrapped": null}'])
def test_what_is_no_copy_is_said_with_its_line(line: str) -> None:
    with pytest.raises(BadCopy, match="Line 1"):
        keys_in([line])
