"""One real development server for the tests of the engine room."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from engine.dev_server import DevServer, start_dev_server


@pytest_asyncio.fixture(scope="session", name="dev_server")
async def _dev_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DevServer]:
    async with start_dev_server(tmp_path_factory.mktemp("server") / "temporal.db") as server:
        yield server


@pytest.fixture(name="at_server")
def _at_server(dev_server: DevServer, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment names the development server; what it is given back can name more."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", dev_server.address)
    return monkeypatch
