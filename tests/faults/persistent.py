"""Stories that are told whatever breaks meanwhile: commands sent again until they are answered, and what must be so then.

Owns the stories on the wall clock that tests of faults and of the cluster share.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from mailbox import Maildir
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from tests.workflows.laws import check_laws
from tests.workflows.player import Case, Office, eventually, opening

SOON = timedelta(seconds=2)
"""How long a server waits for a worker that has died in the middle of a task."""
STEPS = 6


async def start(client: Client, queue: str, reference: str) -> Any:
    """A complaint on the wall clock, received an hour ago; returns before it has opened."""
    received = datetime.now(UTC) - timedelta(hours=1)
    argument = opening(reference, stage="manager") | {"received_at": received.isoformat()}
    return await client.start_workflow(
        "Complaint", argument, id=f"complaint:{reference}", task_queue=queue, task_timeout=SOON
    )


async def cases_of(office: Office, client: Client, count: int) -> list[Case]:
    """So many complaints that have opened; a worker has to be there."""
    cases = []
    for n in range(count):
        reference = f"{office.task_queue}-{n}"
        handle = await start(client, office.task_queue, reference)
        cases.append(Case(office, reference, handle, "manager"))
    for case in cases:
        await eventually(case.where)
    return cases


async def play(case: Case, done: asyncio.Semaphore) -> None:
    """A story of many commands; each is sent again under its id until it is answered."""
    await case.do("acknowledge", command_id="ack")
    for n in range(STEPS):
        await case.do("update", command_id=f"step-{n}", message=f"Step {n}.")
        done.release()
    await case.do("reply", command_id="reply")
    await case.do("accept", "customer", command_id="accept")


async def assert_complete(cases: list[Case], folder: Path) -> None:
    """Everything that was asked for is on record once, and every notice was delivered once."""
    story = ["opened", "acknowledged", *["updated"] * STEPS, "replied", "closed"]
    for case in cases:
        assert (await case.status())["closed_how"] == "accepted"
        assert await case.kinds() == story
        assert len(await case.told()) == len(story)
        await check_laws(case)
    owed = len(cases) * len(story)

    async def delivered() -> list[str] | None:
        box = Maildir(str(folder / "outbox"), create=False)
        ids = [message["Message-ID"] for message in box]
        return ids if len(ids) >= owed else None

    ids = await eventually(delivered)
    assert len(ids) == len(set(ids)) == owed


async def persist(case: Case, done: asyncio.Semaphore) -> None:
    """As `play`, by somebody who sends each command again until there is an answer."""
    asked: list[tuple[str, str | None, str]] = [("acknowledge", None, "ack")]
    asked += [("update", None, f"step-{n}") for n in range(STEPS)]
    asked += [("reply", None, "reply"), ("accept", "customer", "accept")]
    for verb, by, command_id in asked:
        await until_answered(case, verb, by, command_id)
        done.release()


async def until_answered(case: Case, verb: str, by: str | None, command_id: str) -> None:
    """Send the command again under its id for as long as nobody answers."""
    away = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)
    async with asyncio.timeout(60):
        while True:
            try:
                await case.do(verb, by, command_id=command_id)
            except WorkflowUpdateRPCTimeoutOrCancelledError:
                continue
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND and verb == "accept":
                    return  # it was done, and the complaint has ended
                if error.status not in away:
                    raise
                await asyncio.sleep(0.05)
            else:
                return
