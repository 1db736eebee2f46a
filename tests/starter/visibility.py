"""Waiting for the server's index, which follows a change after a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starter.client import Complaints
from starter.wire.listing import Filters, Listed

Condition = Callable[[list[Listed]], bool]


async def until_listed(
    complaints: Complaints, condition: Condition = bool, limit: int = 100, **filters: Any
) -> list[Listed]:
    """What is listed for these filters, as soon as the condition holds: that it is something."""
    async with asyncio.timeout(30):
        # The index tells nobody when it has caught up.
        while not condition(rows := await complaints.list(Filters(**filters), limit=limit)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return rows
