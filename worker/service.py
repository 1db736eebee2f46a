"""Owns the life of the service: check what it needs, poll, drain, leave with a telling code.

What it runs comes in from outside as `Parts`; this module knows no workflow and no adapter.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, TypeVar

import structlog
from temporalio.client import Client

from engine.connect import connect, show_metrics
from engine.errors import EngineError, IssuerUnreachable
from engine.provision import require_search_attributes
from engine.settings import Settings
from sealing.data_keys import DataKeys
from worker.assembly import Workers
from worker.connection import Connection
from worker.counting import Count, keep_counting
from worker.health import Check, health_page

_log = structlog.stdlib.get_logger("worker")
_ABANDONING: Final = timedelta(seconds=2)
_BETWEEN: Final = timedelta(seconds=1)
"""Two readings of an issuer's keys that is away."""

_T = TypeVar("_T")


async def _nothing_to_read() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service runs: how its worker is built, and whether its ledger is ready."""

    build: Callable[[Client], Workers]
    require_ledger: Check
    """Returns when the ledger answers and has the right tables.

    Raises `LedgerUnreachable` or `LedgerUnready`.
    """
    require_keys: Check = _nothing_to_read
    """Returns when the key ring reads whatever is in the ledger. Raises `SettingsError`."""
    keys: DataKeys | None = None
    """What is sealed with; without it nothing is."""
    require_issuer: Check = _nothing_to_read
    """Returns when the keys that tokens are proven by are known. Raises `IssuerUnreachable` or `SettingsError`."""
    count: Count | None = None
    """How things stand in all, for metrics; none where nothing can say."""


OpenParts = Callable[[Settings], AbstractAsyncContextManager[Parts]]


@dataclass(slots=True)
class Stop:
    """Whether, and how urgently, the service has been told to stop."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    urged: asyncio.Event = field(default_factory=asyncio.Event)
    number: int = signal.SIGTERM

    def hear(self, number: int) -> None:
        """Takes in one signal: the first asks, every further one urges."""
        self.number = number
        (self.urged if self.asked.is_set() else self.asked).set()


@contextmanager
def stop_signals() -> Iterator[Stop]:
    """Listens to SIGTERM and SIGINT until the block ends, in place of what Python does on them."""
    loop = asyncio.get_running_loop()
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.hear, number)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def serve(settings: Settings, open_parts: OpenParts) -> int:
    """Runs a worker until it is told to stop, and returns the exit code of the process.

    0: stopped as asked, with its work drained. 69: server, ledger or issuer do not answer. 77: the server refused the
    credentials. 78: settings, namespace, search attributes or ledger are not as they must be.
    70: the worker failed. 128 and the signal's number: urged by a second signal, work abandoned
    (the server hands it to another worker).
    """
    with stop_signals() as stop:
        service = asyncio.create_task(_live(settings, open_parts, stop))
        try:
            if await _done_before(service, stop.urged):
                return service.result()
            _log.warning("stopping at once", reason="a second signal")
            return 128 + stop.number
        finally:
            service.cancel()
            await asyncio.wait((service,), timeout=_ABANDONING.total_seconds())


async def _live(settings: Settings, open_parts: OpenParts, stop: Stop) -> int:
    checks: dict[str, Check] = {"worker": _not_yet}
    try:
        show_metrics(settings.metrics_address)
        async with (
            health_page(
                settings.health_host, settings.health_port, checks, identity=settings.identity
            ) as address,
            open_parts(settings) as parts,
        ):
            _log.info("health page", address=address)
            preparing = asyncio.create_task(_prepare(settings, parts))
            try:
                if not await _done_before(preparing, stop.asked):
                    return os.EX_OK
            finally:
                preparing.cancel()
            return await _poll(preparing.result(), settings, parts, checks, stop)
    except EngineError as error:
        _log.error("not started", reason=str(error), exit_code=error.exit_code)
        return error.exit_code


async def _prepare(settings: Settings, parts: Parts) -> Client:
    await parts.require_ledger()
    await parts.require_keys()
    await _wait_for_issuer(parts, settings.connect_timeout_seconds)
    if parts.keys is None:
        _log.warning(
            "nothing is sealed",
            reason="UPHOLD_KEY_RING is not set: whoever reads the server's database reads every complaint,"
            " and every token that was sent",
        )
    client = await connect(
        settings,
        keys=parts.keys,
        progress=lambda message: _log.info("waiting for the server", reason=message),
    )
    await require_search_attributes(client)
    return client


async def _wait_for_issuer(parts: Parts, seconds: float) -> None:
    """Return when tokens can be proven: without a key everybody would be refused who says the truth."""
    loop = asyncio.get_running_loop()
    deadline, told = loop.time() + seconds, False
    while True:
        try:
            return await parts.require_issuer()
        except IssuerUnreachable as error:
            if loop.time() > deadline:
                raise
            if not told:
                _log.info("waiting for the issuer", reason=str(error))
        told = True
        await asyncio.sleep(_BETWEEN.total_seconds())


async def _poll(
    client: Client, settings: Settings, parts: Parts, checks: dict[str, Check], stop: Stop
) -> int:
    worker = parts.build(client)
    connection = Connection(settings, client, worker, parts.keys)

    async def polls() -> None:
        if stop.asked.is_set():
            raise EngineError("stopping")
        if not worker.is_running:
            raise EngineError("not polling")

    checks |= {
        "worker": polls,
        "server": connection.require_answer,
        "routing": connection.require_routed,
        "ledger": parts.require_ledger,
        "issuer": parts.require_issuer,
    }
    _log.info(
        "started",
        server=client.service_client.config.target_host,
        namespace=client.namespace,
        task_queue=settings.task_queue,
        build_id=settings.build_id,
    )
    running = asyncio.create_task(worker.run())
    beside = [asyncio.create_task(connection.keep())]
    if parts.count and settings.metrics_address:
        beside.append(asyncio.create_task(keep_counting(parts.count, settings)))
    try:
        if not await _done_before(running, stop.asked):
            _log.info("stopping", drains_for_seconds=settings.graceful_shutdown_seconds)
            await worker.shutdown()
        await running
    except RuntimeError as error:
        _log.error("the worker failed", reason=str(error), exit_code=os.EX_SOFTWARE)
        return os.EX_SOFTWARE
    finally:
        for task in (running, *beside):
            task.cancel()
    _log.info("stopped")
    return os.EX_OK


async def _done_before(work: asyncio.Task[_T], told: asyncio.Event) -> bool:
    """Whether the work ends, however it does, before the event is set."""
    telling = asyncio.create_task(told.wait())
    try:
        await asyncio.wait((work, telling), return_when=asyncio.FIRST_COMPLETED)
        return work.done()
    finally:
        telling.cancel()


async def _not_yet() -> None:
    raise EngineError("starting")
