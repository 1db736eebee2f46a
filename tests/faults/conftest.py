"""The office of the tests of faults."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.workflows.player import Office, an_office


@pytest_asyncio.fixture
async def office(env: WorkflowEnvironment) -> AsyncIterator[Office]:
    """An office of this test alone."""
    async with an_office(env) as office:
        yield office
