"""Owns how a program that has talked to Temporal ends. Must not import `temporalio`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import NoReturn

from telemetry import traces


def leave(code: int) -> NoReturn:
    """Ends the process at once with this exit code, everything flushed.

    For entry points only, as their very last act. Some programs that have used the SDK, be it a
    worker or a client of one call, abort in the interpreter's own shutdown, when a thread of the
    SDK's core asks for an interpreter that is gone (`PyGILState_Release`). That would turn a
    clean end into a crash for whoever reads the exit code. By now everything is closed in order,
    so nothing is lost by going without that shutdown.
    """
    traces.stop()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def stand_in_for_closed_streams() -> None:
    """Gives whoever was started without standard input or output (`>&-`) one that leads nowhere."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, "r" if name == "stdin" else "w"))


def end_in_order_on_sigterm() -> None:
    """Lets SIGTERM cancel the running task; otherwise the process would leave its server behind.

    Ctrl-C is asyncio's own.
    """
    work = asyncio.current_task()
    assert work is not None  # noqa: S101 - within a coroutine there is one
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
