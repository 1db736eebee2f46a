"""`uphold codec-server` as its own process: what it needs, what it gives, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from typer.testing import CliRunner

from identity.issuer import EMBEDDED, Issuer
from keyservice.at_url import keys_at
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from sealing.data_keys import DataKeys
from sealing.ring import with_new_key, write_ring
from starter.admin import app
from worker.health import check_health

SCRIPT = (sys.executable, "-c", "from starter.admin import main; main()")


@asynccontextmanager
async def running(*words: str, env: Mapping[str, str]) -> AsyncIterator[tuple[Process, str]]:
    """The service as a process, and its address; it has ended afterwards, whatever happened."""
    process = await asyncio.create_subprocess_exec(
        *SCRIPT, "codec-server", *words, env={**os.environ, **env}, stderr=PIPE
    )
    assert process.stderr
    try:
        address = ""
        said: list[str] = []
        while not address:
            line = (await process.stderr.readline()).decode()
            assert line, said
            said.append(line)
            address = next((word for word in line.split() if word.startswith("http://")), "")
        yield process, address
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_it_gives_keys_by_the_settings_of_a_worker_until_it_is_told_to_stop(
    tmp_path: Path,
) -> None:
    ring, issuer = with_new_key(None, "first"), Issuer(tmp_path / "identity")
    write_ring(tmp_path / "keys.toml", ring)
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    await upgrade(url)
    env = {
        "UPHOLD_KEY_RING": str(tmp_path / "keys.toml"),
        "UPHOLD_LEDGER_URL": url,
        "UPHOLD_IDENTITY": "tokens",
        "UPHOLD_IDENTITY_ISSUER": EMBEDDED,
        "UPHOLD_IDENTITY_KEYS": str(issuer.keys),
    }
    async with running("--port", "0", env=env) as (process, address):
        assert (await asyncio.to_thread(check_health, address))[0]
        key = await keys_at(address, lambda _: issuer.login("intake").token).of("A-1")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    async with open_sql_ledger(url, ring) as ledger:
        assert await DataKeys(ring, ledger).of("A-1") == key


def test_without_a_ring_there_is_nothing_to_read() -> None:
    told = CliRunner().invoke(app, ["codec-server"], env={"UPHOLD_KEY_RING": ""})
    assert (told.exit_code, "set UPHOLD_KEY_RING" in told.stderr) == (2, True)
