"""An office on a server of its own, since the contract names the one task queue there is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from engine.dev_server import start_dev_server
from starter.wire.names import TASK_QUEUE
from tests.starter.conftest import Office, running_office


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """One office for all tests of the contract."""
    folder = tmp_path_factory.mktemp("contract")
    async with (
        start_dev_server(folder / "temporal.sqlite3") as server,
        running_office(server.address, folder, TASK_QUEUE) as running,
    ):
        yield running
