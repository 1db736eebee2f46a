"""A seal says what was on record at an instant, and who holds the public key can see that it does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.errors import SealKeyFault
from ledger.evidence.keys import is_signed, make_key, public_file, read_key, read_public_keys
from ledger.evidence.seals import every_seal, rows_of, seal_within
from ledger.opening import open_sql_ledger
from tests.ledger.evidence.on_record import ANN, BOB, entries, put_on_record

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


async def test_a_seal_holds_what_is_new_since_the_last(ledger_url: str, tmp_path: Path) -> None:
    key = make_key(tmp_path / "key")
    first, *rest = entries(ANN)
    async with open_sql_ledger(ledger_url) as ledger:

        async def sealed() -> tuple[int, int, list[tuple[str, int]]]:
            seal, count = await ledger.writing(lambda c: seal_within(c, key, NOON))
            rows = await ledger.reading(lambda c: [tuple(r)[:2] for r in rows_of(c, seal.number)])
            return seal.number, count, rows

        assert await sealed() == (1, 0, []), "an empty ledger can be sealed: nothing was before"
        await ledger.record(first)
        assert await sealed() == (2, 1, [(ANN, 1)])
        assert await sealed() == (2, 0, [(ANN, 1)]), "nothing is new: the last one stands"
        for entry in rest:
            await ledger.record(entry)
        await put_on_record(ledger, BOB)
        last = rest[-1].standing.events
        assert await sealed() == (3, 2, [(ANN, last), (BOB, last)])
        assert len({seal.root for seal in await ledger.reading(every_seal)}) == 3


async def test_two_that_seal_at_once_make_one_seal_after_the_other(
    ledger_url: str, tmp_path: Path
) -> None:
    key = make_key(tmp_path / "key")
    async with open_sql_ledger(ledger_url) as one, open_sql_ledger(ledger_url) as other:
        await put_on_record(one, ANN)
        made = await asyncio.gather(
            *(each.writing(lambda c: seal_within(c, key, NOON)) for each in (one, other))
        )
        assert sorted(count for _, count in made) == [0, 1]
        assert len(await one.reading(every_seal)) == 1


async def test_a_signature_is_of_one_root_by_one_key(ledger_url: str, tmp_path: Path) -> None:
    key, other = make_key(tmp_path / "key"), make_key(tmp_path / "other")
    keys = read_public_keys(public_file(tmp_path / "key"))
    assert set(keys) == {key.name} != {other.name}
    signed = key.sign("root")
    assert is_signed(keys, key.name, "root", signed)
    assert not is_signed(keys, key.name, "another root", signed)
    assert not is_signed(keys, key.name, "root", other.sign("root"))
    assert not is_signed(keys, key.name, "root", "no signature")


def test_a_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "seal"
    made = make_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_key(file).name == made.name
    with pytest.raises(SealKeyFault, match="none is overwritten"):
        make_key(file)
    file.rename(tmp_path / "old")
    newer = make_key(file)
    assert set(read_public_keys(public_file(file))) == {made.name, newer.name}, "old seals too"


@pytest.mark.parametrize(
    ("line", "end"), [("\n", ""), ("\r\n", "\r\n"), ("\n", "\n\nkept by the auditor\n")]
)
def test_public_keys_are_read_however_the_file_was_carried(
    tmp_path: Path, line: str, end: str
) -> None:
    public, names = public_file(tmp_path / "key"), set[str]()
    for _ in range(2):
        names.add(make_key(tmp_path / "key").name)
        (tmp_path / "key").unlink()
    public.write_bytes((line.join(public.read_text().splitlines()) + end).encode())
    assert set(read_public_keys(public)) == names
    newer = make_key(tmp_path / "key").name
    assert set(read_public_keys(public)) == names | {newer}


def test_a_file_without_a_public_key_is_none_to_check_seals_with(tmp_path: Path) -> None:
    file = tmp_path / "key.pub"
    file.write_text("no key")
    with pytest.raises(SealKeyFault, match=r"There is no public key in .*key\.pub"):
        read_public_keys(file)
    made = make_key(tmp_path / "key")
    assert set(read_public_keys(file)) == {made.name}, "it is put into that file all the same"


def test_a_lost_public_key_is_written_again(tmp_path: Path) -> None:
    made = make_key(tmp_path / "key")
    public_file(tmp_path / "key").unlink()
    assert read_key(tmp_path / "key").name == made.name
    assert set(read_public_keys(public_file(tmp_path / "key"))) == {made.name}


def test_a_key_that_is_none_is_said(tmp_path: Path) -> None:
    file = tmp_path / "key"
    with pytest.raises(SealKeyFault, match="--new-key"):
        read_key(file)
    file.write_text("nothing")
    with pytest.raises(SealKeyFault, match="cannot be read"):
        read_key(file)
