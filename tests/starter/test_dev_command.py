"""`uphold dev`: everything starts, works, and stops together."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.settings import Settings
from sealing.beside import RING, ring_beside
from starter.dev import Running, in_folder, port_or_free
from starter.terminal.pages.running import tell_where
from tests.starter.conftest import Office

ROOT = Path(__file__).parents[2]
NAME = "Annest Quillfeather"
OPENING = (
    '{"reference":"D-1","charter":"customer-promise","received_at":"2026-01-05T10:00:00Z",'
    '"channel":"email","about":["delay"],"details":"x",'
    f'"complainant":{{"name":"{NAME}"}}}}'
)


@asynccontextmanager
async def dev(folder: Path, **environ: str) -> AsyncIterator[Process]:
    """The command as a process, which is gone when the block ends, however it ends."""
    surroundings = {name: value for name, value in os.environ.items() if name != "UPHOLD_IDENTITY"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "starter.admin", "dev", "--dir", str(folder)),
        stdout=PIPE,
        stderr=PIPE,
        cwd=folder.parent,
        env=surroundings | {"PYTHONPATH": str(ROOT), "UPHOLD_HEALTH_PORT": "0"} | environ,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()


async def until_ready(process: Process) -> str:
    """What it prints until complaints can be opened."""
    assert process.stdout is not None
    told = b""
    async with asyncio.timeout(120):
        while b"Ctrl-C" not in told:
            line = await process.stdout.readline()
            assert line, (told, await process.communicate())
            told += line
    return told.decode()


def answers(address: str) -> bool:
    host, port = address.split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_everything_starts_works_and_stops_together(
    number: signal.Signals, tmp_path: Path, office: Office
) -> None:
    folder = tmp_path / "var"
    # Somebody's settings for another cluster must not lead the worker there.
    async with dev(folder, TEMPORAL_ADDRESS="127.0.0.1:1", TEMPORAL_NAMESPACE="x") as process:
        told = await until_ready(process)
        address = re.search(r"Temporal server +(\S+)", told)
        assert address
        here = {
            "TEMPORAL_ADDRESS": address[1],
            "UPHOLD_TASK_QUEUE": "complaints",
            "UPHOLD_LEDGER_URL": f"sqlite:///{folder}/ledger.sqlite3",
            "UPHOLD_TOKEN_FILE": str(folder / "identity/token"),
        }
        issuer = ("--dir", str(folder / "identity"))
        login = await office.uphold("login", "h.jones", *issuer, env=here)
        assert login.stdout.startswith("H Jones (case-handler) acts until "), login.stderr
        opened = await office.uphold("open", "-", given=OPENING, env=here)
        assert opened.stdout == "1 complaint: 1 opened.\n", opened.stderr
        assert (await office.uphold("acknowledge", "D-1", env=here)).exit_code == 0
        assert (folder / RING).stat().st_mode & 0o777 == 0o600
        for file in (*folder.glob("temporal.sqlite3*"), *folder.glob("ledger.sqlite3*")):
            assert NAME.encode() not in file.read_bytes(), file
        assert "Acknowledged" in (await office.uphold("show", "D-1", env=here)).stdout
        assert (await office.uphold("login", "q.lowe", *issuer, env=here)).exit_code == 0
        forged = await office.uphold("acknowledge", "D-1", "--actor-id", "h.jones", env=here)
        assert "not whom the token is about" in forged.stderr
        async with dev(folder) as second:
            _, error = await second.communicate()
            assert b"already runs" in error
            assert second.returncode == 1
        process.send_signal(number)
        out, error = await process.communicate()
        assert process.returncode == 0, error.decode()
        assert b"Everything has stopped." in error
        assert not out
        assert not answers(address[1])
    assert list((folder / "outbox" / "new").iterdir())
    async with dev(folder, UPHOLD_KEY_RING=str(tmp_path / "other.toml")) as process:
        _, error = await process.communicate()
        assert (process.returncode, b"cannot be read" in error) == (78, True), error


async def test_a_stop_while_it_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    async with dev(folder) as process:
        async with asyncio.timeout(60):
            while not (folder / "temporal.server.log").exists():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, error = await process.communicate()
        assert b"Everything has stopped." in error
        assert b"Traceback" not in error


def test_a_port_that_is_taken_gives_way_to_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port_or_free(port) != port
    assert port_or_free(port) == port


def test_a_key_ring_is_made_once_in_the_folder_unless_one_is_named_or_none_is_wanted(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "var"
    off: dict[str, Any] = {"identity": "off", "health_port": 0}
    made = in_folder(Settings(**off), folder)
    assert made.key_ring == folder / RING == ring_beside(made.ledger_url)
    keys = (folder / RING).read_bytes()
    assert in_folder(Settings(**off), folder).key_ring == folder / RING
    assert (folder / RING).read_bytes() == keys
    # The script, an app and a worker find it beside the ledger.
    assert Settings(**off, ledger_url=made.ledger_url).key_ring == folder / RING
    assert in_folder(Settings(**off), folder, unsealed=True).key_ring is None
    named = in_folder(Settings(**off, key_ring=tmp_path / "own.toml"), folder)
    assert named.key_ring == tmp_path / "own.toml"
    assert not (tmp_path / "own.toml").exists()


def test_what_another_terminal_is_told_can_be_typed_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = Path("/srv/our place")
    tell_where(
        Running(
            "127.0.0.1:7233", "", place / "server.log", f"sqlite:///{place}/ledger.sqlite3", place,
            "http://127.0.0.1:1", people=place / "identity/people.toml",
        )
    )  # fmt: skip
    told = capsys.readouterr().out
    assert "uphold login m.rees --dir '/srv/our place/identity'" in told
    assert "UPHOLD_LEDGER_URL='sqlite:////srv/our place/ledger.sqlite3'" in told
