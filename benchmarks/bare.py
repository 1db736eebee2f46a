"""The bare workflow that a complaint is measured against: the same shape, and nothing decided.

Owns its start, its activities (local ones, as many as a complaint's), its one movable timer and
its three updates. Must not import anything of ours: what it costs is what Temporal costs.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy

NOTE = "note"
STEPS = ("pinned", "opened", "acknowledged", "replied", "accepted")
"""The activities of one story: two at the start, then one for each update."""
WAITS = (timedelta(days=1), timedelta(days=10), timedelta(days=30))
"""To where the timer is moved: at the start, by the first update and by the second."""


@workflow.defn(name="Bare")
class Bare:
    """Starts, waits, takes three updates, ends."""

    @workflow.init
    def __init__(self, reference: str) -> None:
        """Nothing has come yet."""
        self._reference, self._taken = reference, 0

    @workflow.run
    async def run(self, reference: str) -> int:  # noqa: ARG002 - taken by __init__
        """How many updates came: three, or fewer when the timer fired."""
        await self._note("pinned")
        await self._note("opened")
        while (taken := self._taken) < len(WAITS):
            try:
                await workflow.wait_condition(
                    lambda taken=taken: self._taken != taken,  # type: ignore[misc]
                    timeout=WAITS[taken],
                )
            except TimeoutError:
                break
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._taken

    @workflow.update
    async def act(self, step: str) -> int:
        """Note the step; answers how many updates came."""
        self._taken += 1
        taken = self._taken
        await self._note(step)
        return taken

    async def _note(self, step: str) -> None:
        await workflow.execute_local_activity(
            NOTE,
            args=[self._reference, step],
            start_to_close_timeout=timedelta(seconds=7),
            # What fails here is a fault of the measurement, and has to be seen.
            retry_policy=RetryPolicy(maximum_attempts=1),
        )


@activity.defn(name=NOTE)
async def note(reference: str, step: str) -> None:
    """Do nothing, as an activity."""
    del reference, step
