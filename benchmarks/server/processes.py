"""The processes that are measured: the server, and each worker in one of its own.

Owns starting and stopping workers and reading what a process has used. Everything listens on
127.0.0.1 and lives in one folder.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import psutil

STARTING_SECONDS = 60.0
STOPPING_SECONDS = 45.0
ROOT = Path(__file__).parents[2]


def cpu_seconds(pid: int) -> float:
    """What the process has computed so far, in its own and the kernel's code."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """A worker that polls a task queue of its own."""

    kind: str
    queue: str
    process: asyncio.subprocess.Process
    ledger: Path
    """The file of its ledger."""

    @property
    def ledger_url(self) -> str:
        """The ledger, as a setting names it."""
        return f"sqlite:///{self.ledger}"

    def ledger_bytes(self) -> int:
        """How large the ledger is by now, once all that was written stands in its one file."""
        with closing(sqlite3.connect(self.ledger)) as opened:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.ledger.stat().st_size

    def cpu_seconds(self) -> float:
        """What it has computed so far."""
        return cpu_seconds(self.process.pid)

    async def resident_bytes(self) -> int:
        """The memory that it holds, once its garbage is collected."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"collect\n")
        await self.process.stdin.drain()
        await _expect(self.process, b"collected")
        return int(psutil.Process(self.process.pid).memory_info().rss)


@asynccontextmanager
async def worker_process(kind: str, address: str, folder: Path) -> AsyncIterator[WorkerProcess]:
    """A worker of that kind (see `worker.build`) until the block ends.

    Its log is in the folder. Raises `RuntimeError` if it does not start.
    """
    queue = f"{kind}-{folder.name}"
    place = folder / queue
    place.mkdir(parents=True)
    with (folder / f"{queue}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.server.worker", kind, address, queue, str(place),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
            env=environment(), start_new_session=True,
        )  # fmt: skip
    try:
        async with asyncio.timeout(STARTING_SECONDS):
            await _expect(process, b"ready")
        yield WorkerProcess(kind, queue, process, place / "ledger.sqlite3")
    finally:
        await _stop(process)


async def _expect(process: asyncio.subprocess.Process, answer: bytes) -> None:
    assert process.stdout is not None
    said = (await process.stdout.readline()).strip()
    if said != answer:
        raise RuntimeError(f"A worker said {said!r}, not {answer!r}: see its log in the folder.")


async def _stop(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(STOPPING_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def environment() -> dict[str, str]:
    """Ours without what the machine's owner has set for a service of their own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("UPHOLD_", "TEMPORAL_"))}
    path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
    return kept | {"PYTHONPATH": path, "UPHOLD_CONFIG": os.devnull}
