"""New code beside the complaints that run: each is replayed on it, and none is touched.

Owns which are replayed, and what a failure of a replay means. A complaint that this code replays to other commands
would stop on its next event, and wait until fitting code takes it up.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from engine.plugin import UpholdPlugin
from sealing.data_keys import DataKeys
from workflows.complaint import ComplaintWorkflow

_RUNNING: Final = "WorkflowType = 'Complaint' AND ExecutionStatus = 'Running'"
_LONGEST: Final = 300
"""Characters that are told of a failure."""


@dataclass(frozen=True, slots=True)
class Shadowed:
    """What came of one complaint."""

    reference: str
    run_id: str
    events: int
    """Of its history."""
    breaks: str = ""
    """How this code differs from what the complaint did; empty where it does not."""
    unread: str = ""
    """Why it could not be replayed at all, such as a key that is missing."""

    @property
    def holds(self) -> bool:
        """Whether the complaint goes on under this code."""
        return not self.breaks and not self.unread


async def running(
    client: Client, since: date | None = None, sample: int | None = None
) -> list[tuple[str, str]]:
    """Workflow and run ids of the complaints that run, or of so many of them by chance.

    With `since`, of those alone whose history began on that day (UTC) or later.
    """
    query = _RUNNING
    if since:
        begin = datetime.combine(since, time(), UTC)
        query += f" AND StartTime >= '{begin.isoformat()}'"
    found = [(each.id, each.run_id) async for each in client.list_workflows(query)]
    if sample is None or sample >= len(found):
        return found
    return random.sample(found, sample)


async def shadow(
    client: Client,
    chosen: list[tuple[str, str]],
    keys: DataKeys | None = None,
    *,
    workflow: type = ComplaintWorkflow,
) -> AsyncIterator[Shadowed]:
    """What comes of each on that code, as soon as it is replayed; one that the server has forgotten meanwhile is left out."""
    replayer = Replayer(workflows=[workflow], plugins=[UpholdPlugin(keys)])
    async with replayer.workflow_replay_iterator(_histories(client, chosen)) as results:
        async for result in results:
            yield _told(result.history, result.replay_failure)


async def _histories(
    client: Client, chosen: list[tuple[str, str]]
) -> AsyncIterator[WorkflowHistory]:
    for workflow_id, run_id in chosen:
        handle = client.get_workflow_handle(workflow_id, run_id=run_id)
        try:
            yield await handle.fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


def _told(history: WorkflowHistory, failure: Exception | None) -> Shadowed:
    reference = history.workflow_id.partition(":")[2]
    events = len(history.events)
    if failure is None:
        return Shadowed(reference, history.run_id, events)
    said = " ".join(str(failure).split())[:_LONGEST]
    if isinstance(failure, NondeterminismError):
        return Shadowed(reference, history.run_id, events, breaks=said)
    return Shadowed(reference, history.run_id, events, unread=f"{type(failure).__name__}: {said}")
