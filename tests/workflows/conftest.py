"""The offices in which the stories are played, and the laws that are checked after each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.workflows.laws import check_laws
from tests.workflows.player import Office, an_office


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_office(env: WorkflowEnvironment) -> AsyncIterator[Office]:
    """One office for all stories that need nothing special of it."""
    async with an_office(env) as office:
        yield office


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def forgetful_office(env: WorkflowEnvironment) -> AsyncIterator[Office]:
    """An office whose worker keeps no complaint in memory: each task replays the whole history."""
    async with an_office(env, max_cached_workflows=0) as office:
        yield office


async def _lawful(office: Office) -> AsyncIterator[Office]:
    office.cases.clear()
    yield office
    for case in office.cases:
        await check_laws(case)


@pytest_asyncio.fixture
async def office(shared_office: Office) -> AsyncIterator[Office]:
    """The shared office; whatever was played in it obeys the laws at the end of the test."""
    async for lawful in _lawful(shared_office):
        yield lawful


@pytest_asyncio.fixture(params=["cached", "uncached"])
async def any_office(
    request: pytest.FixtureRequest, shared_office: Office, forgetful_office: Office
) -> AsyncIterator[Office]:
    """Either office, one after the other, under the same laws."""
    async for lawful in _lawful(shared_office if request.param == "cached" else forgetful_office):
        yield lawful
