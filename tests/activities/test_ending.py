"""What is due to be erased is ended on the server only where it is over and says so."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.keeping.erasing import StillUnderWay, end_on_server
from ledger.keys.keeping.erasing import CannotErase
from starter.client import Complaints
from starter.desk.keeping.erasing import end_for_good
from starter.wire.names import workflow_id
from tests.workflows.player import an_office


async def test_what_goes_on_again_on_the_server_is_not_ended(env: WorkflowEnvironment) -> None:
    async with an_office(env) as office:
        case = await office.open()
        await case.settled()
        with pytest.raises(StillUnderWay, match="it goes on"):
            await end_on_server(office.client, case.reference)
        with pytest.raises(CannotErase, match="goes on again"):
            await end_for_good(Complaints(office.client), case.reference)
        assert await case.runs_still()
        await case.do("withdraw", "customer")
        await case.settled()
        await end_on_server(office.client, case.reference)
        assert not await case.runs_still()
        await end_on_server(office.client, "NOBODY")


async def test_a_complaint_that_no_worker_answers_for_is_left_for_another_night(
    env: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.keeping.erasing._ANSWERS_WITHIN", timedelta(seconds=1))
    reference = f"stuck-{uuid4()}"
    handle = await env.client.start_workflow(
        "Complaint", id=workflow_id(reference), task_queue=reference
    )
    with pytest.raises(StillUnderWay, match="it does not say how it stands"):
        await end_on_server(env.client, reference)
    await handle.terminate()
