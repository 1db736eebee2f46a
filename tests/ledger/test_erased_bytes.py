"""Of a data key that was destroyed no byte stays in a ledger's files, also while others have it open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.databases import sqlite
from ledger.keys import data_keys
from ledger.keys.keeping import erasing
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from sealing.data_keys import DataKeys
from sealing.ring import with_new_key
from starter.commands.keys import wrap_all
from tests.ledger.samples import an_erasure, entry, opened

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
RING = with_new_key(None, "first")


def files_with(folder: Path, secret: bytes) -> list[str]:
    return [each.name for each in folder.iterdir() if secret in each.read_bytes()]


@pytest.fixture
async def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    await upgrade(made)
    return made


async def test_the_bytes_of_a_key_go_with_the_erasure_while_a_worker_has_the_ledger_open(
    url: str, tmp_path: Path
) -> None:
    async with open_sql_ledger(url, RING) as worker, open_sql_ledger(url, RING) as script:
        await worker.record(entry(opened("A"), reference="A"))
        kept = await worker.data_key(reference="A")
        assert kept
        assert kept.wrapped
        assert files_with(tmp_path, kept.wrapped)
        await script.writing(lambda c: erasing.erase(c, an_erasure("A", NOW)))
        await worker.standing("A")
        assert files_with(tmp_path, kept.wrapped) == []


async def test_the_bytes_of_a_key_that_is_wrapped_anew_go_as_well(url: str, tmp_path: Path) -> None:
    async with open_sql_ledger(url, RING) as worker, open_sql_ledger(url) as script:
        await worker.record(entry(opened("A"), reference="A"))
        kept = await worker.data_key(reference="A")
        assert kept
        assert kept.wrapped
        await wrap_all(script, DataKeys(with_new_key(RING, "second"), script))
        assert files_with(tmp_path, kept.wrapped) == []


async def test_where_somebody_reads_for_long_they_go_with_the_next_write(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "LOCK_WAIT_SECONDS", 0.05)
    async with open_sql_ledger(url, RING) as ledger:
        await ledger.record(entry(opened("A"), reference="A"))
        kept = await ledger.data_key(reference="A")
        assert kept
        assert kept.wrapped
        with closing(sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            await ledger.writing(lambda c: data_keys.destroy(c, kept, NOW, "d.lee", "She asked."))
            assert files_with(tmp_path, kept.wrapped)
            reader.execute("COMMIT")
        await ledger.record(entry(opened("B"), reference="B"))
        assert files_with(tmp_path, kept.wrapped) == []
