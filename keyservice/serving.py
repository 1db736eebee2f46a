"""The key service as a server: where it listens, and how it ends.

Owns the socket, TLS and the server's own settings. Whoever asks is never logged by their address.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from engine.errors import SettingsError
from identity.proving import Doorkeeper

_FINISHING_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the service listens, and with which certificate."""

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    private_key: Path | None = None

    def require_safe(self, door: Doorkeeper) -> None:
        """Return where nobody else can reach what is given to anybody. Raises `SettingsError`."""
        if (self.certificate is None) != (self.private_key is None):
            raise SettingsError("--certificate and --private-key are given together, or neither.")
        if not door.required and not _only_here(self.host):
            raise SettingsError(
                f"UPHOLD_IDENTITY is off, so whoever reaches {self.host} would be given every key."
                " Allowed: --host 127.0.0.1, or tokens."
            )


@asynccontextmanager
async def served(
    app: ASGIApp, listening: Listening
) -> AsyncIterator[tuple[str, asyncio.Task[None]]]:
    """Its address, and the server that ends on SIGTERM, SIGINT or with the block. Raises `SettingsError`."""
    server = _server(app, listening)
    host = f"[{listening.host}]" if ":" in listening.host else listening.host
    scheme = "https" if listening.certificate else "http"
    with _bound(listening) as bound:
        running = asyncio.create_task(server.serve([bound]))
        try:
            yield f"{scheme}://{host}:{bound.getsockname()[1]}", running
        finally:
            server.should_exit = True
            await running


def _server(app: ASGIApp, listening: Listening) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.private_key,
        timeout_graceful_shutdown=_FINISHING_SECONDS,
    )
    try:
        config.load()
    except OSError as error:
        raise SettingsError(
            f"The certificate {listening.certificate} and its key {listening.private_key} cannot be used: {error}."
        ) from None
    return uvicorn.Server(config)


def _bound(listening: Listening) -> socket.socket:
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    try:
        return socket.create_server((listening.host, listening.port), family=family)
    except (OSError, UnicodeError) as error:  # the last for a name that is none
        why = getattr(error, "strerror", None) or error
        raise SettingsError(
            f"The key service cannot listen on {listening.host}:{listening.port}: {why}."
            " Allowed: --host and --port of this machine (0 takes any free port)."
        ) from None


def _only_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
