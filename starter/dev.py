"""The development set-up: server, ledger, outbox and worker together, and their end together.

Everything listens on 127.0.0.1 and lives in one folder. Must not print.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from domain.errors import UpholdError
from engine.dev_server import HOST, DevServer, free_port, port_fault, start_dev_server
from engine.errors import DevServerFailed
from engine.process_exit import end_in_order_on_sigterm
from engine.settings import Settings
from identity.issuer import EMBEDDED, Issuer
from sealing.beside import RING, place_beside
from sealing.ring import new_ring

SERVER_PORT: Final = 7233
WEB_PORT: Final = 8233
_CHECK_EVERY_SECONDS: Final = 0.1
_STARTUP: Final = timedelta(seconds=30)


class AlreadyRunning(UpholdError):
    """Another development set-up uses the folder."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where each part of a development set-up is."""

    address: str
    web_page: str
    server_log: Path
    ledger_url: str
    outbox: Path
    health_page: str
    people: Path | None = None
    """Who may act, where the embedded issuer says so."""
    key_ring: Path | None = None
    """What is sealed with; nothing is without one."""


Ready = Callable[[Running], None]


async def run_dev(folder: Path, settings: Settings, ready: Ready, *, unsealed: bool = False) -> int:
    """Run everything until SIGTERM or Ctrl-C; returns the worker's exit code.

    `settings` as the environment gives them; what is not set lives in `folder`. `ready` is called
    once, when complaints can be opened. Raises `AlreadyRunning`, `BadKeyRing`, `DevServerFailed`.
    """
    with _only_one(folder):
        settings = in_folder(settings, folder, unsealed=unsealed)
        end_in_order_on_sigterm()  # until the worker listens for it, and after
        port, web_port = port_or_free(SERVER_PORT), port_or_free(WEB_PORT)
        async with start_dev_server(folder / "temporal.sqlite3", port, web_port) as server:
            _point_at(server)
            code = await _serve(settings, server, ready)
            end_in_order_on_sigterm()
        return code


def in_folder(settings: Settings, folder: Path, *, unsealed: bool = False) -> Settings:
    """The settings, with ledger, key ring, outbox and issuer of tokens in the folder, and a free port, unless set.

    With `unsealed` nothing is sealed from now on.
    """
    changed: dict[str, Any] = {}
    given = settings.model_fields_set
    if not given & {"identity", "identity_issuer"}:
        keys = Issuer(folder / "identity").keys
        changed |= {"identity_issuer": EMBEDDED, "identity_keys": str(keys.absolute())}
    if "ledger_url" not in given:
        changed["ledger_url"] = f"sqlite:///{folder / 'ledger.sqlite3'}"
    if unsealed:
        changed["key_ring"] = None
    elif "key_ring" not in given:
        ledger_url = changed.get("ledger_url", settings.ledger_url)
        ring = place_beside(ledger_url) or folder / RING
        changed["key_ring"] = ring
        if not ring.exists():
            new_ring(ring)
    if "maildir" not in given:
        changed["maildir"] = folder / "outbox"
    if not settings.health_port:
        changed["health_port"] = free_port()
    elif "health_port" not in given:
        changed["health_port"] = port_or_free(settings.health_port)
    return settings.model_copy(update=changed)


def port_or_free(port: int) -> int:
    """The port, or a free one if somebody listens on it."""
    return free_port() if port_fault(port) else port


async def _serve(settings: Settings, server: DevServer, ready: Ready) -> int:
    from engine.connect import connect_here, show_metrics
    from engine.provision import ensure_schedules
    from ledger.migrations.schema import upgrade
    from worker.build import open_parts
    from worker.service import serve

    await upgrade(settings.ledger_url)
    show_metrics(settings.metrics_address)
    client = await connect_here(server.address, _STARTUP)
    await ensure_schedules(client, settings)
    running = Running(
        server.address,
        server.ui_url or "",
        server.log_file,
        settings.ledger_url,
        settings.maildir,
        f"http://{HOST}:{settings.health_port}",
        Path(settings.identity_keys).with_name("people.toml")
        if settings.identity_issuer == EMBEDDED and settings.identity_keys
        else None,
        settings.key_ring,
    )
    worker = asyncio.create_task(serve(settings, open_parts))
    telling = asyncio.create_task(_tell_when_ready(running, ready))
    ended = asyncio.create_task(server.process.wait())
    try:
        await asyncio.wait((worker, ended), return_when=asyncio.FIRST_COMPLETED)
        if not worker.done():
            raise DevServerFailed(
                f"The Temporal server ended with code {ended.result()}. See {server.log_file}."
            )
        return worker.result()
    finally:
        for task in (worker, telling, ended):
            task.cancel()
        await asyncio.gather(worker, telling, ended, return_exceptions=True)


async def _tell_when_ready(running: Running, ready: Ready) -> None:
    from worker.health import check_health

    # The worker's page is asked as anybody else would ask it: there is no event to wait for.
    while not (await asyncio.to_thread(check_health, running.health_page))[0]:  # noqa: ASYNC110
        await asyncio.sleep(_CHECK_EVERY_SECONDS)
    ready(running)


def _point_at(server: DevServer) -> None:
    """Keep whatever the environment says of another cluster from the worker."""
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        del os.environ[name]
    os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull
    os.environ["TEMPORAL_ADDRESS"] = server.address
    os.environ["TEMPORAL_NAMESPACE"] = "default"


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "dev.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"`uphold dev` already runs in {folder}. Stop it first, or give another folder"
                " with --dir."
            ) from None
        yield
