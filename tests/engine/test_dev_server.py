"""The development server is the real one, keeps its data, and leaves standard output alone."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from engine.connect import connect_here
from engine.dev_server import (
    DevServer,
    embedded_environment,
    free_port,
    server_binary,
    start_dev_server,
)
from engine.errors import DevServerFailed, ServerBinaryMissing
from engine.provision import require_search_attributes

PATIENCE = timedelta(seconds=10)


async def test_what_a_server_was_told_is_there_when_it_is_started_again(tmp_path: Path) -> None:
    async with start_dev_server(tmp_path / "temporal.db") as server:
        client = await connect_here(server.address, PATIENCE)
        await require_search_attributes(client)
        await client.start_workflow("Anything", id="kept", task_queue="nobody")
    assert server.process.returncode == 0
    async with start_dev_server(tmp_path / "temporal.db") as server:
        client = await connect_here(server.address, PATIENCE)
        description = await client.get_workflow_handle("kept").describe()
        assert description.workflow_type == "Anything"


async def test_a_server_is_stopped_when_the_block_fails(tmp_path: Path) -> None:
    started: list[DevServer] = []

    async def fail_beside_it() -> None:
        async with start_dev_server(tmp_path / "temporal.db") as server:
            started.append(server)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_beside_it()
    assert started[0].process.returncode is not None


async def test_a_server_that_cannot_start_shows_what_it_said(tmp_path: Path) -> None:
    not_a_database = tmp_path / "temporal.db"
    not_a_database.write_text("this is no database, and never was one\n" * 100)
    with pytest.raises(DevServerFailed, match=r"did not start.*it left with code"):
        async with start_dev_server(not_a_database):
            pytest.fail("it started on a file that is no database")


async def test_a_port_that_is_taken_is_an_error(dev_server: DevServer, tmp_path: Path) -> None:
    port = int(dev_server.address.rpartition(":")[2])
    with pytest.raises(DevServerFailed, match=str(port)):
        async with start_dev_server(tmp_path / "temporal.db", port):
            pytest.fail("it started on a port that is taken")


async def test_the_embedded_server_moves_the_clock_of_a_workflow() -> None:
    async with embedded_environment() as environment:
        assert environment.supports_time_skipping_v2
        await require_search_attributes(environment.client)


def test_the_embedded_server_prints_nothing_among_the_answers() -> None:
    program = """
import asyncio
from engine.dev_server import embedded_environment
from engine.process_exit import leave

async def main():
    print('{"before": 1}')
    async with embedded_environment():
        print('{"within": 1}')
    print('{"after": 1}')

asyncio.run(main())
leave(0)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines() == ['{"before": 1}', '{"within": 1}', '{"after": 1}']


def test_a_missing_binary_is_an_error_that_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server_binary().name == "temporal"
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(ServerBinaryMissing, match=r"uphold\[embedded\]"):
        server_binary()


def test_a_free_port_is_a_port() -> None:
    assert 1024 < free_port() < 65536
