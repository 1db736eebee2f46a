"""The ledgers that the tests run on: the same tests for each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from ledger.migrations.schema import upgrade
from ledger.opening import open_ledger
from ledger.port import Ledger
from sealing.ring import with_new_key

on_postgres = pytest.param("postgres", marks=pytest.mark.postgres)


def _url(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if kind == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return "memory://" if kind == "memory" else f"sqlite:///{folder}/a folder/ledger#1.sqlite3"


@pytest_asyncio.fixture(params=["memory", "sqlite", "sealed", on_postgres])
async def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ledger]:
    """An empty ledger that is ready."""
    url = _url(request.param, tmp_path, request)
    await upgrade(url)
    ring = with_new_key(None, "first") if request.param == "sealed" else None
    async with open_ledger(url, ring) as opened:
        yield opened


@pytest.fixture(params=["sqlite", on_postgres])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that nothing was set up in."""
    return _url(request.param, tmp_path, request)


@pytest_asyncio.fixture
async def ledger_url(empty_url: str) -> str:
    """The URL of an empty ledger in a database."""
    await upgrade(empty_url)
    return empty_url
