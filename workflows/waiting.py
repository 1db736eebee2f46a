"""Waiting: one durable timer at a time, moved whenever anything changes.

Owns how a workflow sleeps until its earliest wake-up. What it wakes for is the core's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

from workflows import options


async def sleep_until(wake: datetime | None, why: str | None, changed: Callable[[], bool]) -> None:
    """Return at `wake` (UTC; never without one), or as soon as something has `changed`."""
    try:
        await workflow.wait_condition(
            changed,
            timeout=max(wake - workflow.now(), options.A_MOMENT) if wake else None,
            timeout_summary=why,
        )
    except TimeoutError:
        return
