"""Worker and server are killed in mid-story: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from engine.connect import connect_here
from engine.dev_server import free_port, start_dev_server
from ledger.migrations.schema import upgrade
from ledger.opening import open_ledger
from ledger.port import Ledger
from letters.channels.maildir import MaildirChannel
from tests.faults.breakable import worker_process
from tests.faults.persistent import STEPS, assert_complete, cases_of, persist, play
from tests.workflows.player import Office

CASES = 5


@asynccontextmanager
async def ledger_in(folder: Path) -> AsyncIterator[Ledger]:
    """A ledger in that folder, read beside the worker that writes it."""
    url = f"sqlite:///{folder}/ledger.sqlite3"
    await upgrade(url)
    async with open_ledger(url) as ledger:
        yield ledger


async def test_another_worker_goes_on_when_one_is_killed(
    env: WorkflowEnvironment, tmp_path: Path
) -> None:
    surroundings = {
        "TEMPORAL_ADDRESS": env.client.service_client.config.target_host,
        "UPHOLD_TASK_QUEUE": "killed-workers",
    }
    client = await connect_here(surroundings["TEMPORAL_ADDRESS"], timedelta(seconds=10))
    async with ledger_in(tmp_path) as ledger:
        channel = MaildirChannel(tmp_path / "outbox")
        office = Office(env, ledger, channel, surroundings["UPHOLD_TASK_QUEUE"])
        done = asyncio.Semaphore(0)
        async with worker_process(tmp_path, **surroundings) as first:
            cases = await cases_of(office, client, CASES)
            stories = asyncio.gather(*(play(case, done) for case in cases))
            for _ in range(CASES * STEPS // 3):
                await done.acquire()
            first.kill()
            await first.wait()
        async with worker_process(tmp_path, **surroundings):
            await stories
            await assert_complete(cases, tmp_path)


async def test_everything_goes_on_when_the_server_was_killed(tmp_path: Path) -> None:
    database, port, queue = tmp_path / "temporal.db", free_port(), "killed-server"
    surroundings = {"TEMPORAL_ADDRESS": f"127.0.0.1:{port}", "UPHOLD_TASK_QUEUE": queue}
    async with ledger_in(tmp_path) as ledger, start_dev_server(database, port) as server:
        client = await connect_here(server.address, timedelta(seconds=10))
        env = WorkflowEnvironment.from_client(client)
        office = Office(env, ledger, MaildirChannel(tmp_path / "outbox"), queue)
        async with worker_process(tmp_path, **surroundings):
            cases = await cases_of(office, client, 2)
            done = asyncio.Semaphore(0)
            stories = asyncio.gather(*(persist(case, done) for case in cases))
            for _ in range(STEPS):
                await done.acquire()
            server.process.kill()
            await server.process.wait()
            async with start_dev_server(database, port):
                await stories
                await assert_complete(cases, tmp_path)
