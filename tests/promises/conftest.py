"""A ledger for what is measured over many complaints."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger


@pytest_asyncio.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqlLedger]:
    """An empty ledger in a file."""
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    await upgrade(url)
    async with open_sql_ledger(url) as opened:
        yield opened
