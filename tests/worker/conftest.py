"""The service as a process of its own, on a real development server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from engine.dev_server import DevServer, start_dev_server

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
TINY = "tests.worker.tiny_service"


@dataclass
class Service:
    """A running service: its process and the lines that it logged so far."""

    process: asyncio.subprocess.Process
    lines: list[dict[str, Any]] = field(default_factory=list)

    async def until(self, event: str) -> dict[str, Any]:
        """The next line of that event; fails if the service ends before."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while line := await self._read():
                if line.get("event") == event:
                    return line
        raise AssertionError(f"the service ended before {event!r}: {self.lines}")

    async def code(self) -> int:
        """The exit code, once the service has ended and everything it logged is read."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._read():
                pass
            return await self.process.wait()

    def tell(self, number: signal.Signals) -> None:
        """Sends the signal."""
        self.process.send_signal(number)

    async def _read(self) -> dict[str, Any] | None:
        assert self.process.stderr is not None
        raw = await self.process.stderr.readline()
        if not raw:
            return None
        try:
            line: dict[str, Any] = json.loads(raw)
        except ValueError:
            line = {"text": raw.decode()}
        self.lines.append(line)
        return line


@asynccontextmanager
async def service(module: str, **environment: str) -> AsyncIterator[Service]:
    """The module as a process, with these variables on top of a surrounding without settings."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("UPHOLD_", "TEMPORAL_"))
    }
    given = {
        "PYTHONPATH": str(ROOT),
        "UPHOLD_IDENTITY": "off",
        "UPHOLD_HEALTH_PORT": "0",
        "UPHOLD_LOG_FORMAT": "json",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        env=clean | given | environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Service(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest_asyncio.fixture(scope="session", name="dev_server")
async def _dev_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DevServer]:
    async with start_dev_server(tmp_path_factory.mktemp("server") / "temporal.db") as server:
        yield server


Start = Callable[..., Coroutine[Any, Any, Service]]


@pytest_asyncio.fixture(name="start")
async def _start(dev_server: DevServer) -> AsyncIterator[Start]:
    """Starts a service on the development server; all of them have ended after the test."""
    async with AsyncExitStack() as running:

        async def start(module: str = TINY, **environment: str) -> Service:
            given = {"TEMPORAL_ADDRESS": dev_server.address} | environment
            return await running.enter_async_context(service(module, **given))

        yield start
