"""When the database goes away, nothing is lost in silence; when it is back, work goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ledger.databases import sqlite
from ledger.databases.postgres import SESSIONS
from ledger.errors import BadLedgerUrl, LedgerGap, LedgerNotReady, LedgerUnavailable
from ledger.migrations.schema import schema_state, upgrade
from ledger.opening import open_ledger
from ledger.port import Ledger
from tests.fixtures.postgres import MISSING, Cluster, find_programs, running_cluster
from tests.ledger.samples import REFERENCE, entry, opened, references, updated


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest_asyncio.fixture(name="in_file")
async def _in_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ledger]:
    monkeypatch.setattr(sqlite, "LOCK_WAIT_SECONDS", 0.05)
    await upgrade(f"sqlite:///{file}")
    async with open_ledger(f"sqlite:///{file}") as ledger:
        yield ledger


async def test_a_removed_file_is_noticed_and_not_written_to(in_file: Ledger, file: Path) -> None:
    await in_file.record(entry(opened()))
    file.unlink()
    with pytest.raises(LedgerUnavailable, match="`uphold setup` creates what is missing"):
        await in_file.record(entry(updated(2)))
    with pytest.raises(LedgerUnavailable):
        await in_file.require_ready()
    assert not file.exists()


async def test_an_empty_file_in_place_of_the_ledger_shows_as_a_gap(
    in_file: Ledger, file: Path
) -> None:
    await in_file.record(entry(opened()))
    file.unlink()
    await upgrade(f"sqlite:///{file}")
    with pytest.raises(LedgerGap):
        await in_file.record(entry(updated(2)))
    await in_file.record(entry(opened()))
    assert len(await in_file.events(REFERENCE)) == 1


async def test_a_locked_file_is_worth_another_try(in_file: Ledger, file: Path) -> None:
    await in_file.record(entry(opened()))
    other = sqlite3.connect(file, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnavailable, match="locked"):
            await in_file.record(entry(updated(2)))
        assert len(await in_file.events(REFERENCE)) == 1
        other.execute("ROLLBACK")
    finally:
        other.close()
    await in_file.record(entry(updated(2)))
    assert len(await in_file.events(REFERENCE)) == 2


async def test_what_was_confirmed_is_there_after_the_process_is_gone(file: Path) -> None:
    url = f"sqlite:///{file}"
    await upgrade(url)
    async with open_ledger(url) as ledger:
        await ledger.record(entry(opened()))
    async with open_ledger(url) as ledger:
        assert len(await ledger.events(REFERENCE)) == 1


async def test_closing_waits_for_what_was_begun(file: Path) -> None:
    url = f"sqlite:///{file}"
    await upgrade(url)
    ledger = open_ledger(url)
    begun = asyncio.create_task(ledger.record(entry(opened())))
    await asyncio.sleep(0)
    await ledger.close()
    await begun
    async with open_ledger(url) as again:
        assert await references(again) == (REFERENCE,)


async def test_a_file_that_is_no_database_is_reported(file: Path) -> None:
    file.write_text("not a database, and long enough to be read as a page of one" * 20)
    async with open_ledger(f"sqlite:///{file}") as ledger:
        with pytest.raises(LedgerUnavailable, match="not a database"):
            await ledger.require_ready()


async def test_opening_creates_nothing_and_says_what_to_do(empty_url: str, tmp_path: Path) -> None:
    async with open_ledger(empty_url) as ledger:
        with pytest.raises((LedgerUnavailable, LedgerNotReady), match="`uphold setup`"):
            await ledger.require_ready()
        with pytest.raises(LedgerUnavailable, match="`uphold setup`"):
            await ledger.record(entry(opened()))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
async def test_postgres_may_end_a_session_and_work_goes_on(
    postgres: Cluster, postgres_url: str
) -> None:
    await upgrade(postgres_url)
    async with open_ledger(postgres_url) as ledger:
        await ledger.record(entry(opened()))
        ended = postgres.psql(
            "--command=SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'uphold'"
        )
        assert ended.returncode == 0, ended.stderr
        await ledger.record(entry(updated(2)))
        assert len(await ledger.events(REFERENCE)) == 2


@pytest.mark.postgres
async def test_sessions_that_can_only_read_are_left_once_there_is_a_server_that_writes(
    postgres: Cluster, postgres_url: str
) -> None:
    await upgrade(postgres_url)
    database = postgres_url.rpartition("/")[2]

    def only_reads(on: str) -> None:
        # As a server is after a switch: whoever connects may only read, and stays so while connected.
        done = postgres.psql(
            f"--command=ALTER DATABASE {database} SET default_transaction_read_only = {on}"
        )
        assert done.returncode == 0, done.stderr

    only_reads("on")
    async with open_ledger(postgres_url) as ledger:
        await ledger.require_ready()
        with pytest.raises(LedgerUnavailable, match="read-only transaction"):
            await ledger.require_ready(to_write=True)
        with pytest.raises(LedgerUnavailable, match="read-only transaction"):
            await ledger.record(entry(opened()))
        await ledger.require_ready()  # its session may only read, and goes back to the others
        only_reads("off")
        with pytest.raises(LedgerUnavailable, match="read-only transaction"):
            await ledger.record(entry(opened()))
        await ledger.record(entry(opened()))
        await ledger.require_ready(to_write=True)
        assert await references(ledger) == (REFERENCE,)


@pytest.mark.postgres
async def test_a_process_holds_few_sessions_however_much_is_asked(
    postgres: Cluster, postgres_url: str
) -> None:
    await upgrade(postgres_url)
    async with open_ledger(postgres_url) as ledger:
        await asyncio.gather(*(references(ledger) for _ in range(50)))
        held = postgres.psql(
            "--command=SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = 'uphold' AND datname = current_database()",
            database=postgres_url.rpartition("/")[2],
        )
    assert int(held.stdout) == SESSIONS


@pytest.mark.postgres
async def test_a_stopped_postgres_is_reported_without_the_password() -> None:
    programs = find_programs()
    if programs is None:
        pytest.skip(MISSING)
    with running_cluster(programs) as cluster:
        url = cluster.url(cluster.create_database())
        await upgrade(url)
        ledger = open_ledger(url)
        await ledger.record(entry(opened()))
    try:
        for _ in range(2):
            with pytest.raises(LedgerUnavailable) as caught:
                await ledger.record(entry(updated(2)))
            assert f"postgres:***@127.0.0.1:{cluster.port}" in str(caught.value)
            assert cluster.password not in str(caught.value)
        with pytest.raises(LedgerUnavailable):
            await ledger.require_ready()
        with pytest.raises(LedgerUnavailable):
            await schema_state(url)
    finally:
        await ledger.close()


@pytest.mark.postgres
async def test_a_wrong_password_is_reported_without_it(postgres: Cluster) -> None:
    async with open_ledger(postgres.url("postgres", password="wr0ng:secret")) as ledger:
        with pytest.raises(LedgerUnavailable, match="password authentication failed") as caught:
            await ledger.require_ready()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("", "not a URL"),
        ("ledger.sqlite3", "not a URL"),
        ("mysql://u:s3cret@h/ledger", "no ledger on 'mysql'"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "memory://"),
        ("sqlite://var/ledger.sqlite3", "three slashes"),
        ("sqlite:///ledger?mode=rw", "takes no options"),
        ("postgresql://u:s3cret@h:5432", "names no database"),
        ("postgresql://u:s3cret@h:port/ledger", "not a URL"),
        ("postgresql://u:s3cret@h/ledger?colour=red", "unknown options colour"),
        ("postgresql://u@h/ledger?password=s3cret", "unknown options password"),
        ("postgres//u:s3cret@h/ledger", "not a URL"),
        ("postgresql://u:s3@cret@h:x/ledger", "not a URL"),
    ],
)
def test_a_url_that_names_no_ledger_is_refused_without_its_password(url: str, what: str) -> None:
    with pytest.raises(BadLedgerUrl, match=what) as caught:
        open_ledger(url)
    assert "Allowed: sqlite:///" in str(caught.value)
    assert "s3" not in str(caught.value)
    assert "cret" not in str(caught.value)
