"""The morning of digests, whose history is kept like those of complaints."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from activities.contracts import DIGEST
from tests.replay.remedy_scenarios import a_remedy_that_is_late
from tests.workflows.player import Case, Office
from tests.workflows.season import day


class Morning(Case):
    """The workflow that tells the mailboxes what waited for them because of a complaint."""

    @classmethod
    async def of(cls, case: Case, at: datetime) -> Self:
        """Start it for that morning, and wait until it has told them."""
        office = case.office
        handle = await office.client.start_workflow(
            DIGEST, at, id=f"digest:{case.reference}", task_queue=office.task_queue
        )
        told = await handle.result()
        assert any(said.startswith("told") for said in told.values()), told
        return cls(office, case.reference, handle)

    async def settled(self) -> dict[str, Any]:
        """Nothing more is owed once it has ended."""
        return {}


async def a_morning_of_digests(office: Office) -> Case:
    case = await a_remedy_that_is_late(office)
    await case.settled()
    return await Morning.of(case, day(77, 8))
