"""Waiting: one durable timer at a time, moved whenever anything changes.

Owns how a workflow sleeps until its earliest wake-up, when it begins a new history, and whether this one
began so. What it wakes for is the core's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from temporalio import workflow

from sealing.clear import InTheClear
from workflows import options

LONG: Final = 200
"""Events of a history that is worth leaving. A worker that has forgotten the complaint replays them at some
0.3 ms each; to take up the complaint from its own events costs a tenth of that."""


async def sleep_until(wake: datetime | None, why: str | None, changed: Callable[[], bool]) -> None:
    """Return at `wake` (UTC; never without one), or as soon as something has `changed`."""
    try:
        await workflow.wait_condition(
            changed,
            timeout=max(wake - workflow.now(), options.A_MOMENT) if wake else None,
            timeout_summary=InTheClear(why) if why else None,
        )
    except TimeoutError:
        return


def history_is_long() -> bool:
    """Whether it is time for a new history: the next one begins with all that this one led to."""
    info = workflow.info()
    return info.get_current_history_length() >= LONG or info.is_continue_as_new_suggested()


def goes_on() -> bool:
    """Whether this history goes on where the complaint itself left the one before.

    The server as well begins another behind one: by a timetable (cron), or once more where a first was timed out. That
    one has the argument of whoever started it, who then would say what the complaint takes along.
    """
    info = workflow.info()
    return bool(info.continued_run_id) and not info.cron_schedule and info.attempt == 1
