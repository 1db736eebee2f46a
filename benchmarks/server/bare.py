"""The bare workflow that a complaint is measured against: the same shape, and nothing decided.

Owns its start, its activities (as many as a complaint's and of the same kinds: one local one
before it opens, and an ordinary one after each change, in turn), its one movable
timer and its three updates. Must not import anything of ours: it costs what Temporal costs.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy

NOTE = "note"
STEPS = ("pinned", "opened", "acknowledged", "replied", "accepted")
"""The activities of one story: two at the start, then one for each update."""
WAITS = (timedelta(days=1), timedelta(days=10), timedelta(days=30))
"""To where the timer is moved: at the start, by the first update and by the second."""

BRIEFLY = timedelta(seconds=7)
ONCE = RetryPolicy(maximum_attempts=1)
"""What fails here is a fault of the measurement, and has to be seen."""


@workflow.defn(name="Bare")
class Bare:
    """Starts, waits, takes three updates, ends."""

    @workflow.init
    def __init__(self, reference: str) -> None:
        """Nothing has come yet."""
        self._reference, self._taken = reference, 0
        self._noting: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, reference: str) -> int:
        """How many updates came: three, or fewer when the timer fired."""
        await workflow.execute_local_activity(
            NOTE, args=[reference, "pinned"], start_to_close_timeout=BRIEFLY, retry_policy=ONCE
        )
        self._note("opened")
        while (taken := self._taken) < len(WAITS):
            try:
                await workflow.wait_condition(
                    lambda taken=taken: self._taken != taken,  # type: ignore[misc]
                    timeout=WAITS[taken],
                )
            except TimeoutError:
                break
        if self._noting:
            await self._noting
        return self._taken

    @workflow.update
    async def act(self, step: str) -> int:
        """Note the step; answers how many updates came."""
        self._taken += 1
        self._note(step)
        return self._taken

    def _note(self, step: str) -> None:
        self._noting = asyncio.create_task(self._in_turn(self._noting, step))

    async def _in_turn(self, earlier: asyncio.Task[None] | None, step: str) -> None:
        if earlier:
            await earlier
        await workflow.execute_activity(
            NOTE,
            args=[self._reference, step],
            start_to_close_timeout=BRIEFLY,
            retry_policy=ONCE,
        )


@activity.defn(name=NOTE)
async def note(reference: str, step: str) -> None:
    """Do nothing, as an activity."""
    del reference, step
