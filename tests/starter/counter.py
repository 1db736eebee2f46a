"""A ledger in a file and the admin script pointed at it: enough where no server is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from typer.testing import CliRunner, Result

from activities.contracts import LedgerEntry
from domain.complaint.commands import Actor
from domain.vocabulary import Role
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from starter.admin import app
from tests.ledger.samples import clock, entry, opened, standing, updated

QUALITY = {
    "UPHOLD_ACTOR_ID": "q.lee", "UPHOLD_ACTOR_NAME": "Q Lee", "UPHOLD_ACTOR_ROLE": "quality"
}  # fmt: skip
ANSWER = TypeVar("ANSWER")


@dataclass(slots=True)
class Counter:
    """A folder with a ledger in it, and a way to type commands beside it."""

    folder: Path
    environ: dict[str, str | None] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The ledger's."""
        return f"sqlite:///{self.folder}/ledger.sqlite3"

    def set_up(self) -> None:
        """Make an empty ledger."""
        _now(upgrade(self.url))
        self.environ = {
            "UPHOLD_LEDGER_URL": self.url, "NO_COLOR": "1", "COLUMNS": "200", "UPHOLD_ACTOR_ID": None,
            "UPHOLD_ACTOR_NAME": None, "UPHOLD_ACTOR_ROLE": None, "UPHOLD_CHARTERS_DIR": None,
        }  # fmt: skip

    def uphold(self, *arguments: str, given: Any = None, **env: str | None) -> Result:
        """What the admin script answers to these arguments."""
        return CliRunner().invoke(app, list(arguments), input=given, env={**self.environ, **env})

    def file(self, name: str, text: str | bytes) -> str:
        """Write a file into the folder, and return its path."""
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    def closed(
        self, *references: str, handler: str = "h.jones", at: datetime | None = None, **how: Any
    ) -> None:
        """Put complaints on record that this handler acted on and closed in October 2024."""
        for reference in references:
            actor = Actor(id=handler, name=handler, role=Role.CASE_HANDLER)
            wrote = updated(2)
            stands = standing(
                2, reference, closed_at=at or datetime(2024, 10, 9, tzinfo=UTC),
                **{"handler_id": handler, "closed_how": "accepted", "state": "closed", **how},
            )  # fmt: skip
            self.record(
                entry(
                    opened(reference),
                    type(wrote)(number=2, at=wrote.at, actor=actor, message=wrote.message),
                    reference=reference,
                    standing=stands,
                    clocks=(clock(state="missed"),),
                    notices=(),
                )
            )

    def record(self, made: LedgerEntry) -> None:
        """Put an entry on record."""

        async def record() -> None:
            async with open_sql_ledger(self.url) as ledger:
                await ledger.record(made)

        _now(record())


def _now(work: Coroutine[Any, Any, ANSWER]) -> ANSWER:
    # The tests' own loop is running in this thread.
    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, work).result()
