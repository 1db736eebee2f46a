"""The real service with a tiny workflow, run as a process: `python -m tests.worker.tiny_service`.

Its one activity says that it has begun by making a file, and ends when it finds another one.
`UPHOLD_TEST_LEDGER` says how the ledger is.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import structlog
from temporalio import activity, workflow
from temporalio.client import Client

from engine.errors import LedgerUnready
from engine.settings import Settings
from worker.__main__ import run
from worker.assembly import Workers, assemble_worker
from worker.service import Parts


@activity.defn
async def carry_out(folder: str) -> str:
    """Makes `begun`, waits for `finish`."""
    structlog.stdlib.get_logger("tiny").info("carrying out")
    Path(folder, "begun").touch()
    while not Path(folder, "finish").exists():  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.02)
    return "carried out"


@workflow.defn(name="Tiny")
class Tiny:
    """One activity, and its answer."""

    @workflow.run
    async def run(self, folder: str) -> str:
        """What the activity said."""
        return await workflow.execute_activity(
            carry_out, folder, start_to_close_timeout=timedelta(seconds=60)
        )


@asynccontextmanager
async def open_tiny_parts(settings: Settings) -> AsyncIterator[Parts]:
    """Parts whose ledger is as the environment says."""

    def build(client: Client) -> Workers:
        tiny = assemble_worker(client, settings, workflows=[Tiny], activities=[carry_out])
        return Workers(tiny)

    async def require_ledger() -> None:
        if os.environ.get("UPHOLD_TEST_LEDGER") == "not set up":
            raise LedgerUnready("The ledger has no tables. Run `uphold setup` to create them.")

    yield Parts(build, require_ledger)


if __name__ == "__main__":
    run(open_tiny_parts)
