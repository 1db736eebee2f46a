"""A real web server on this machine for one test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette


@asynccontextmanager
async def serving(app: Starlette, **options: Any) -> AsyncIterator[int]:
    """The port of 127.0.0.1 at which the app answers until the block ends."""
    config = uvicorn.Config(app, ws="none", log_config=None, lifespan="off", **options)
    server = uvicorn.Server(config)
    server.capture_signals = _no_signals  # type: ignore[method-assign]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = asyncio.create_task(server.serve([listening]))
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            await running


@contextmanager
def _no_signals() -> Iterator[None]:
    """Signals are the test run's own."""
    yield
