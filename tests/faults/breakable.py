"""Things that can be broken and mended while complaints run: worker processes, a door to a server.

Owns how each of them breaks. Nothing here pretends: processes are killed, ports are closed.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from engine.dev_server import HOST, free_port

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def worker_process(
    folder: Path, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The real worker as a process, which has ended when the block does; it logs into the folder."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("UPHOLD_", "TEMPORAL_"))
    }
    given = {
        "PYTHONPATH": str(ROOT),
        "UPHOLD_HEALTH_PORT": "0",
        "UPHOLD_IDENTITY": "off",
        "UPHOLD_LOG_LEVEL": "warning",
        "UPHOLD_LEDGER_URL": f"sqlite:///{folder}/ledger.sqlite3",
        "UPHOLD_MAILDIR": str(folder / "outbox"),
    }
    with (folder / "worker.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "worker"),
            env=clean | given | environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@dataclass(slots=True)
class Door:
    """A port of this machine that leads to another one while it is open, and nowhere else."""

    target: int
    port: int
    _server: asyncio.Server | None = None
    _passing: set[asyncio.StreamWriter] = field(default_factory=set)

    async def open(self) -> None:
        """Let everybody through."""
        self._server = await asyncio.start_server(self._through, HOST, self.port)

    async def close(self) -> None:
        """Refuse every connection from now on, and end those that there are."""
        if self._server is not None:
            self._server.close()
            for writer in self._passing:
                writer.close()
            await self._server.wait_closed()
            self._server = None

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection(HOST, self.target)
        self._passing |= {writer, outer}
        with suppress(OSError):
            await asyncio.gather(_pass_on(reader, outer), _pass_on(inner, writer))
        self._passing -= {writer, outer}


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    finally:
        writer.close()


def a_door_to(target: int) -> Door:
    """A closed door to that port."""
    return Door(target, free_port())
