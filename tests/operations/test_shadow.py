"""Complaints that run are replayed on this code, and those that would break are named."""

from __future__ import annotations

from datetime import date

from temporalio.testing import WorkflowEnvironment

from operations import shadow as shadowing
from operations.shadow import Shadowed, running, shadow
from tests.replay.mutants import NoTimer
from tests.workflows.player import an_office


async def test_every_complaint_that_runs_is_replayed_and_none_is_touched(
    env: WorkflowEnvironment,
) -> None:
    async with an_office(env) as office:
        cases = [await office.open(stage="manager") for _ in range(3)]
        await cases[0].do("acknowledge")
        for case in cases:
            await case.settled()
        ours = {f"complaint:{case.reference}" for case in cases}
        chosen = [one for one in await running(env.client) if one[0] in ours]
        assert {one[0] for one in chosen} == ours
        before = [await case.kinds() for case in cases]
        found = [each async for each in shadow(env.client, chosen)]
        assert {each.reference for each in found} == {case.reference for case in cases}
        assert all(each.holds for each in found)
        assert all(each.events > 0 for each in found)
        assert [await case.kinds() for case in cases] == before
        assert len(await running(env.client, sample=2)) == 2
        assert await running(env.client, since=date(2999, 1, 1)) == []


async def test_a_change_that_would_break_them_is_told(env: WorkflowEnvironment) -> None:
    async with an_office(env) as office:
        case = await office.open(stage="manager")
        await case.settled()
        chosen = [one for one in await running(env.client) if one[0].endswith(case.reference)]
        (found,) = [each async for each in shadowing.shadow(env.client, chosen, workflow=NoTimer)]
        assert isinstance(found, Shadowed)
        assert found.breaks
        assert not found.holds
