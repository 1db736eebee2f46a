"""Workflows with a mistake in them, each of which would break complaints that run already.

They show that the guard bites. Every one differs from the workflow in a single place.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from temporalio import workflow

from activities.contracts import LedgerEntry
from domain.complaint.decider.timers import next_wake
from domain.complaint.state import Complaint
from workflows.complaint import ComplaintWorkflow
from workflows.effects import Effects


class _Hasty(Effects):
    """Records patiently at once, without the prompt try of record and notices together."""

    async def _record(self, entry: LedgerEntry) -> None:
        await self._record_patiently(entry)
        for notice in entry.notices:
            self._enter("post", partial(self._send, notice))


@workflow.defn(name="Complaint")
class OtherEffects(ComplaintWorkflow):
    """The effects leave in another order."""

    @workflow.init
    def __init__(self, opening: Any = None, carried: bytes | None = None) -> None:
        super().__init__(opening, carried)
        self._effects = _Hasty(self._undeliverable)

    @workflow.run
    async def run(self, opening: Any = None, carried: bytes | None = None) -> dict[str, Any]:
        return await super().run(opening, carried)


@workflow.defn(name="Complaint")
class NoTimer(ComplaintWorkflow):
    """It forgets to set its timer."""

    @workflow.init
    def __init__(self, opening: Any = None, carried: bytes | None = None) -> None:
        super().__init__(opening, carried)

    @workflow.run
    async def run(self, opening: Any = None, carried: bytes | None = None) -> dict[str, Any]:
        return await super().run(opening, carried)

    async def _sleep(self) -> None:
        wake = self._wake
        await workflow.wait_condition(lambda: self._wake != wake or self._finished)


@workflow.defn(name="Complaint")
class NothingShown(ComplaintWorkflow):
    """It no longer shows its search attributes."""

    @workflow.init
    def __init__(self, opening: Any = None, carried: bytes | None = None) -> None:
        super().__init__(opening, carried)

    @workflow.run
    async def run(self, opening: Any = None, carried: bytes | None = None) -> dict[str, Any]:
        return await super().run(opening, carried)

    def _show(self, complaint: Complaint) -> None:
        self._wake = next_wake(complaint)


@workflow.defn(name="Complaint")
class NapFirst(ComplaintWorkflow):
    """It sleeps a moment before it opens."""

    @workflow.init
    def __init__(self, opening: Any = None, carried: bytes | None = None) -> None:
        super().__init__(opening, carried)

    @workflow.run
    async def run(self, opening: Any = None, carried: bytes | None = None) -> dict[str, Any]:
        await workflow.sleep(timedelta(seconds=1))
        return await super().run(opening, carried)


MUTANTS = (OtherEffects, NoTimer, NothingShown, NapFirst)
