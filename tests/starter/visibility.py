"""Waiting for the server's index, which follows a change after a moment."""

from __future__ import annotations

import asyncio
from typing import Any

from starter.client import Complaints
from starter.listing import Listed


async def until_listed(
    complaints: Complaints, *, at_least: int = 1, **filters: Any
) -> list[Listed]:
    """What is listed for these filters, as soon as it is something."""
    async with asyncio.timeout(30):
        # The index tells nobody when it has caught up.
        while len(rows := await complaints.list(**filters)) < at_least:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return rows
