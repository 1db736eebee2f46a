"""Owns the real Temporal server that is started on this machine: for trying out, demo and tests.

Everything listens on 127.0.0.1 only. Nothing here ever downloads a server.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import sysconfig
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from engine.connect import connect_here, runtime
from engine.errors import DevServerFailed, ServerBinaryMissing, ServerUnavailable
from engine.plugin import UpholdPlugin
from engine.search_attributes import ALL

HOST: Final = "127.0.0.1"
TIME_SKIPPING_ARGS: Final = (
    # As Server 1.32 names it; later servers have another name for it.
    "--dynamic-config-value",
    "frontend.WorkflowTimeSkippingEnabled=true",
    # A skipped timer is otherwise looked at a second later.
    "--dynamic-config-value",
    'history.timerProcessorMaxTimeShift="10ms"',
)
STORAGE_ARGS: Final = (
    "--sqlite-pragma",
    "journal_mode=WAL",
    "--sqlite-pragma",
    "synchronous=NORMAL",
    # Otherwise it reads its namespace and its attributes anew whenever a complaint shows how it stands.
    "--dynamic-config-value",
    "system.forceSearchAttributesCacheRefreshOnRead=false",
)
_STARTUP: Final = timedelta(seconds=60)
_STOPPING: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class DevServer:
    """A development server that runs: where it is, and where it logs."""

    address: str
    ui_url: str | None
    log_file: Path
    process: asyncio.subprocess.Process


def server_binary() -> Path:
    """The `temporal` program that is installed beside this interpreter.

    Raises `ServerBinaryMissing`, which says what to install.
    """
    places = dict.fromkeys((Path(sysconfig.get_path("scripts")), Path(sys.prefix, "bin")))
    for place in places:
        if os.access(program := place / "temporal", os.X_OK):
            return program
    tried = " nor ".join(str(place) for place in places)
    raise ServerBinaryMissing(
        f"There is no Temporal server at hand: no program `temporal` in {tried}."
        " Install it with the extra: pip install 'uphold[embedded]'."
    )


@asynccontextmanager
async def start_dev_server(
    db_file: Path, port: int = 0, ui_port: int | None = None
) -> AsyncIterator[DevServer]:
    """A Temporal server with a file database, in a process group of its own, until the block ends.

    `port` 0 takes a free one; without `ui_port` there is no web page. What the server prints goes
    to a file beside the database. Raises `DevServerFailed` with the end of that file.
    """
    binary = server_binary()
    for wanted in (port, ui_port):
        if wanted:
            _require_free(wanted)
    port = port or free_port()
    db_file.parent.mkdir(parents=True, exist_ok=True)
    log_file = db_file.with_suffix(".server.log")
    page = ["--headless"] if ui_port is None else ["--ui-port", str(ui_port)]
    arguments = ["--ip", HOST, "--port", str(port), "--db-filename", str(db_file), *page]
    with log_file.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            binary,
            *("server", "start-dev", "--log-level", "warn"),
            *arguments,
            *STORAGE_ARGS,
            *_registration(ALL),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    url = None if ui_port is None else f"http://{HOST}:{ui_port}"
    try:
        server = DevServer(f"{HOST}:{port}", url, log_file, process)
        await _until_it_answers(server)
        yield server
    finally:
        await _stop(process)


@asynccontextmanager
async def embedded_environment(
    *, extra_args: Sequence[str] = (), log_file: Path | None = None, **given: Any
) -> AsyncIterator[WorkflowEnvironment]:
    """A Temporal server whose workflows' clocks can be moved, until the block ends.

    What the server prints goes to `log_file`, or to standard error. In memory, unless `given`, which goes to the SDK's `start_time_skipping_v2`, names a
    `dev_server_database_filename`. Raises `ServerBinaryMissing`.
    """
    storage = STORAGE_ARGS if given.get("dev_server_database_filename") else ()
    options: dict[str, Any] = {
        "dev_server_existing_path": str(server_binary()),
        "dev_server_extra_args": [*TIME_SKIPPING_ARGS, *storage, *extra_args],
        "dev_server_log_level": "error",
        "dev_server_startup_timeout": _STARTUP,
        "search_attributes": ALL,
        "plugins": [UpholdPlugin()],
        "runtime": runtime(),
    }
    with _printing_to(log_file):
        environment = await WorkflowEnvironment.start_time_skipping_v2(**(options | given))
    async with environment:
        yield environment


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def port_fault(port: int) -> str | None:
    """Why a server cannot listen on that port of 127.0.0.1; none if it can."""
    with socket.socket() as listener:
        # As the server does: a port that only lingers after an earlier server is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            return error.strerror or str(error)
    return None


def _require_free(port: int) -> None:
    """Asked beforehand: the other program on the port might answer in the server's place."""
    if fault := port_fault(port):
        raise DevServerFailed(
            f"Port {port} of {HOST} cannot be used: {fault}."
            " Stop the program that has it, or choose another port."
        )


@contextmanager
def _printing_to(log_file: Path | None) -> Iterator[None]:
    """The SDK lets its server inherit standard output and error: its banner is no part of an answer.

    What this process itself prints meanwhile goes to the file (or to standard error) as well, so keep
    it short.
    """
    kept = {number: os.dup(number) for number in (1, 2)}
    sys.stdout.flush()
    try:
        with log_file.open("ab") if log_file else os.fdopen(os.dup(2), "ab") as file:
            for number in kept:
                os.dup2(file.fileno(), number)
        yield
    finally:
        sys.stdout.flush()
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)


def _registration(keys: Sequence[SearchAttributeKey[Any]]) -> list[str]:
    pairs = [f"{key.name}={key._metadata_type}" for key in keys]
    return [part for pair in pairs for part in ("--search-attribute", pair)]


async def _until_it_answers(server: DevServer) -> None:
    answers = asyncio.ensure_future(connect_here(server.address, _STARTUP))
    ends = asyncio.ensure_future(server.process.wait())
    try:
        await asyncio.wait((answers, ends), return_when=asyncio.FIRST_COMPLETED)
        if ends.done():
            raise _failed(server, f"it left with code {ends.result()}")
        answers.result()
    except ServerUnavailable as error:
        raise _failed(server, "it does not answer") from error
    finally:
        for waiting in (answers, ends):
            waiting.cancel()
        await asyncio.gather(answers, ends, return_exceptions=True)


def _failed(server: DevServer, what: str) -> DevServerFailed:
    said = server.log_file.read_text(errors="replace").strip().splitlines()[-5:]
    return DevServerFailed(
        f"The Temporal server at {server.address} did not start: {what}."
        f" It said (all of it in {server.log_file}):\n" + "\n".join(said)
    )


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), _STOPPING.total_seconds())
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
