"""A real server, a real ledger and a worker, and the admin script pointed at them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from temporalio.testing import WorkflowEnvironment
from typer.testing import CliRunner, Result

from domain.complaint.commands import Actor
from domain.vocabulary import Role
from engine.connect import connect_here
from engine.settings import Settings
from ledger.migrations.schema import upgrade
from ledger.opening import open_ledger
from ledger.port import Ledger
from letters.channels.memory import MemoryChannel
from starter.admin import app
from starter.client import Complaints
from starter.wire.errors import NotAnswered
from tests.workflows.laws import assert_told_truly
from tests.workflows.player import eventually
from worker.build import build_worker

MANAGER = Actor(id="m.smith", name="M Smith", role=Role.MANAGER)
HANDLER = Actor(id="h.jones", name="H Jones", role=Role.CASE_HANDLER)
CUSTOMER = Actor(id="customer", name="Ann Other", role=Role.CUSTOMER)


@dataclass(slots=True)
class Office:
    """Everything that a complaint needs, and a way to type commands into it."""

    complaints: Complaints
    ledger: Ledger
    settings: Settings
    environ: dict[str, str]
    _numbers: Any = field(default_factory=lambda: count(1))

    def opening(self, **changed: Any) -> dict[str, Any]:
        """An opening that is well, with a reference of its own."""
        return {
            "reference": f"T-{next(self._numbers)}",
            "charter": "financial-ombudsman",
            "received_at": "2026-01-05T10:00:00+00:00",
            "channel": "email",
            "about": ["delay"],
            "details": "Nobody answered.",
            "remedy_sought": "An answer.",
            "contact_so_far": "I rang in May.",
            "complainant": {"name": "Ann Other", "email": "ann@example.org"},
        } | changed

    async def opened(self, **changed: Any) -> str:
        """The reference of a complaint that was just opened."""
        started = await self.complaints.open(self.opening(**changed))
        await eventually(lambda: self.stands(started.reference))
        return started.reference

    async def ended(self) -> dict[str, Any]:
        """The opening of a complaint that has run to its end: it was merged, and takes in nothing more."""
        opening = self.opening()
        reference = await self.opened(**opening)
        key = (await self.complaints.status(reference)).customer_key
        other = {"into": f"{reference}-again", "reason": "The same letter.", "customer": key}
        why = {"reason": "It lay in a drawer."}  # else that is owed still
        await self.complaints.send("give_reason", reference, MANAGER, fields=why)
        await self.complaints.send("merge", reference, MANAGER, fields=other)
        await self.complaints._handle(reference).result()
        return opening

    async def stands(self, reference: str) -> bool:
        """Whether it has opened: in its first moment it cannot say yet how it stands."""
        try:
            await self.complaints.status(reference)
        except NotAnswered:
            return False
        return True

    async def uphold(
        self, *arguments: str, env: Mapping[str, str | None] | None = None, given: Any = None
    ) -> Result:
        """What the admin script answers to these arguments."""
        return await asyncio.to_thread(
            CliRunner().invoke,
            app,
            list(arguments),
            input=given,
            env={**self.environ, **(env or {})},
        )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@asynccontextmanager
async def running_office(
    address: str, folder: Path, task_queue: str, *, charters_dir: Path | None = None
) -> AsyncIterator[Office]:
    """An office on this server whose worker, the only one of its task queue, ends with the block.

    Complaints run on the real clock there, but were received long ago. What they told is true.
    """
    url = f"sqlite:///{folder}/ledger.sqlite3"
    await upgrade(url)
    settings = Settings(ledger_url=url, task_queue=task_queue, charters_dir=charters_dir)
    # A client of its own: that of the shared environment would skip through every timer.
    own = await connect_here(address, timedelta(seconds=10))
    environ = {
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_CONFIG_FILE": "",
        "UPHOLD_TASK_QUEUE": task_queue,
        "UPHOLD_LEDGER_URL": url,
        "UPHOLD_ACTOR_ID": HANDLER.id,
        "UPHOLD_ACTOR_NAME": HANDLER.name,
        "UPHOLD_ACTOR_ROLE": HANDLER.role.value,
        "NO_COLOR": "1",
    }
    if charters_dir:
        environ["UPHOLD_CHARTERS_DIR"] = str(charters_dir)
    # The worker shares this process: its log lines would stand between the script's answers.
    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    async with (
        open_ledger(url) as ledger,
        build_worker(own, settings, ledger, MemoryChannel()),
    ):
        yield Office(Complaints(own, task_queue), ledger, settings, environ)
        await assert_told_truly(ledger)
    structlog.configure(**before)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office(
    env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    """One office for all tests of the client and the script."""
    address = env.client.service_client.config.target_host
    async with running_office(address, tmp_path_factory.mktemp("office"), "office") as running:
        yield running
