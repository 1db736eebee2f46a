"""Every ledger keeps one data key for each reference, the first one that it was given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ledger.keys import data_keys
from ledger.opening import open_sql_ledger
from ledger.port import Ledger
from sealing.data_keys import DataKeys
from sealing.errors import KeyDestroyed, RingKeyMissing, SealBroken
from sealing.port import KeptKey
from sealing.ring import FileRing, with_new_key
from starter.commands.keys import wrap_all

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
KEY = KeptKey(reference="A-1", id="01", ring_key="first", wrapped=b"\x00wrapped", made_at=NOW)


async def test_the_first_key_of_a_reference_stays(ledger: Ledger) -> None:
    assert await ledger.data_key(reference="A-1") is None
    assert await ledger.keep_data_key(KEY) == KEY
    assert await ledger.keep_data_key(replace(KEY, id="02", wrapped=b"other")) == KEY
    assert await ledger.data_key(reference="A-1") == KEY
    assert await ledger.data_key(key_id="01") == KEY
    assert await ledger.data_key(key_id="02") is None
    assert await ledger.ring_keys() == {"first"}


async def test_keys_are_wrapped_anew_and_then_need_the_old_key_of_the_ring_no_more(
    ledger_url: str,
) -> None:
    old = with_new_key(None, "first")
    new = with_new_key(old, "second")
    async with open_sql_ledger(ledger_url) as ledger:
        before = await DataKeys(old, ledger).of("A-1")
        keys = DataKeys(new, ledger)
        assert (await keys.of("A-1")).secret == before.secret
        assert await wrap_all(ledger, keys) == 1
        assert await wrap_all(ledger, keys) == 0
        only = FileRing("second", {"second": new.keys["second"]})
        assert (await DataKeys(only, ledger).of("A-1")).secret == before.secret
        with pytest.raises(RingKeyMissing):
            await DataKeys(old, ledger).of("A-1")


async def test_a_destroyed_key_says_by_whom_and_why_and_is_never_replaced(
    ledger_url: str,
) -> None:
    keyring = with_new_key(None, "first")
    async with open_sql_ledger(ledger_url) as ledger:
        await DataKeys(keyring, ledger).of("A-1")
        kept = await ledger.data_key(reference="A-1")
        assert kept
        await ledger.writing(lambda c: data_keys.destroy(c, kept, NOW, "d.lee", "She asked."))
        assert await ledger.ring_keys() == frozenset()
        with pytest.raises(KeyDestroyed, match="She asked"):
            await DataKeys(keyring, ledger).of("A-1")
        assert (await ledger.keep_data_key(KEY)).wrapped is None


@pytest.mark.parametrize("odd", ["a\x00b", "", "no such key", "0" * 100_000, "\ud800"])
async def test_what_can_be_no_key_is_none_whatever_the_database_takes(
    ledger: Ledger, odd: str
) -> None:
    keys = DataKeys(with_new_key(None, "first"), ledger)
    with pytest.raises(SealBroken, match="knows no such key"):
        await keys.named(odd)
    assert await keys.whose(odd) is None
