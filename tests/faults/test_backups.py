"""Copies of both stores are put back on empty ground, and every complaint goes on as docs/operations.md says."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.complaint.commands import Actor
from domain.vocabulary import Role
from engine.connect import connect_here
from engine.dev_server import start_dev_server
from engine.settings import Settings
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from letters.channels.memory import MemoryChannel
from starter.client import Complaints
from starter.desk.mending import Mending
from starter.desk.verifying import Verification
from tests.fixtures.postgres import Cluster
from tests.worker.test_build import _opening
from worker.build import build_worker

PATIENCE_SECONDS = 60
HANDLER = Actor(id="h.jones", name="H Jones", role=Role.CASE_HANDLER)
REFERENCE = "FO-2026-000001"


@asynccontextmanager
async def in_service(
    database: Path, ledger_url: str
) -> AsyncIterator[tuple[Complaints, SqlLedger, MemoryChannel]]:
    """Server, ledger and a worker, until the block ends."""
    channel = MemoryChannel()
    async with start_dev_server(database) as server, open_sql_ledger(ledger_url) as ledger:
        client = await connect_here(server.address, timedelta(seconds=PATIENCE_SECONDS))
        async with build_worker(client, Settings(), ledger, channel):
            yield Complaints(client), ledger, channel


async def settled(complaints: Complaints) -> Any:
    """How the complaint stands once everything it owes has left."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (status := await complaints.status(REFERENCE)).effects_owed:  # noqa: ASYNC110 - a worker does it
            await asyncio.sleep(0.05)
    return status


def run(postgres: Cluster, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [
            *(
                str(postgres.programs / program),
                f"--host={postgres.host}",
                f"--port={postgres.port}",
            ),
            *(f"--username={postgres.user}", "--no-password", *arguments),
        ],
        env={**os.environ, "PGPASSWORD": postgres.password},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def copy_file(source: Path, target: Path) -> None:
    """What a server's file holds at this moment, while it goes on."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


@pytest.mark.postgres
async def test_both_stores_are_put_back_from_copies_and_complaints_go_on(
    postgres: Cluster, tmp_path: Path
) -> None:
    lost, restored = postgres.create_database(), postgres.create_database()
    dump, copied = tmp_path / "ledger.dump", tmp_path / "copied.db"
    await upgrade(postgres.url(lost))
    async with in_service(tmp_path / "temporal.db", postgres.url(lost)) as (
        complaints,
        _,
        _channel,
    ):
        await complaints.open(_opening(REFERENCE) | {"received_at": datetime.now(UTC).isoformat()})
        await settled(complaints)
        # The ledger first: what happens between the two copies, complaints can still tell it.
        run(postgres, "pg_dump", "--format=custom", f"--file={dump}", lost)
        await complaints.acknowledge(REFERENCE, HANDLER)
        before = await settled(complaints)
        copy_file(tmp_path / "temporal.db", copied)
        await complaints.update(REFERENCE, HANDLER, message="After both copies.")
        await settled(complaints)
    postgres.drop_database(lost)
    run(postgres, "pg_restore", f"--dbname={restored}", str(dump))
    async with in_service(copied, postgres.url(restored)) as (complaints, ledger, channel):
        status = await settled(complaints)
        assert status.events == before.events
        (mended,) = await Mending(ledger, complaints).run([REFERENCE], lambda _: None)
        assert mended.fault == ""
        assert channel.taken == [], "nobody is told twice"
        await complaints.update(REFERENCE, HANDLER, message="It goes on.")
        status = await settled(complaints)
        assert status.events == before.events + 1
        assert len(await ledger.events(REFERENCE)) == status.events
        found = await Verification(ledger, complaints, None).run(
            [REFERENCE], (), (), lambda _: None
        )
        assert found.findings == ()
        assert found.compared == 1
    postgres.drop_database(restored)
