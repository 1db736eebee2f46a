"""Owns what the demonstration runs on: a server with skipped time, a ledger, an outbox, a worker.

All of it lives in one folder and one process; nothing is taken from the environment's settings.
Must not print.
"""

from __future__ import annotations

import fcntl
import json
import logging
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import structlog
from temporalio.testing import WorkflowEnvironment

from domain.errors import UpholdError
from domain.vocabulary import Role
from engine.dev_server import HOST, embedded_environment, free_port
from engine.logs import configure_logs
from engine.plugin import UpholdPlugin
from engine.provision import DIGESTS, ensure_schedule
from engine.settings import Settings
from identity.issuer import EMBEDDED, Issuer
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from letters.channels.maildir import MaildirChannel
from sealing.beside import RING
from sealing.data_keys import DataKeys
from sealing.ring import new_ring
from starter.client import Complaints
from worker.build import build_worker

DEFAULT_FOLDER: Final = Path("var/demo")
_NAMES: Final = ("ledger.sqlite3", "outbox", "report.html", "uphold.toml", RING)
_LEFT: Final = (
    *_NAMES, "identity", "ledger.sqlite3-wal", "ledger.sqlite3-shm", "server.log", "worker.log",
)  # fmt: skip
_PATIENCE: Final = timedelta(minutes=2)
"""For one answer: on a busy machine, the server is given time."""


class FolderInUse(UpholdError):
    """The folder holds something else, or another demonstration runs in it."""


class Folder(NamedTuple):
    """Where the demonstration leaves what it made."""

    path: Path
    ledger: Path
    outbox: Path
    report: Path
    """Where the report goes that its reader is told how to make."""
    settings_file: Path
    """Settings by which the admin script finds what was left."""
    ring: Path
    """The keys that it is sealed under."""


@dataclass(frozen=True, slots=True)
class Premises:
    """Everything up and running."""

    env: WorkflowEnvironment
    complaints: Complaints
    ledger: SqlLedger
    folder: Folder
    address: str
    web_page: str | None
    settings: Settings


@contextmanager
def fresh_folder(path: Path, *, replace: bool) -> Iterator[Folder]:
    """The folder, empty of earlier demonstrations, for this process alone.

    What a demonstration left there is removed with `replace`; without, and for anything else that
    is found there, raises `FolderInUse`.
    """
    if path.exists() and not path.is_dir():
        raise FolderInUse(f"{path} is not a folder. Name another with --keep.")
    path.mkdir(parents=True, exist_ok=True)
    with (path / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(f"Another demonstration runs in {path}. Let it finish.") from None
        found = {entry.name for entry in path.iterdir()} - {".lock"}
        unknown = sorted(found - set(_LEFT))
        if unknown or (found and not replace):
            raise FolderInUse(
                f"{path} holds {', '.join(unknown or sorted(found))}, which would be lost."
                " Name an empty folder with --keep."
            )
        for name in found:
            _remove(path / name)
        yield Folder(path, *(path / name for name in _NAMES))


@asynccontextmanager
async def open_premises(
    folder: Folder, *, web_page: bool = False, unsealed: bool = False, **server: Any
) -> AsyncIterator[Premises]:
    """Start everything, and stop it in order when the block ends.

    `server` goes to `embedded_environment`. Raises `ServerBinaryMissing`, which says what to install.
    """
    ring = None if unsealed else new_ring(folder.ring)
    settings, issuer = _settings(folder, sealed=ring is not None), Issuer(folder.path / "identity")
    await upgrade(settings.ledger_url)
    port = free_port()
    server |= {"ui": True, "ui_port": free_port()} if web_page else {}
    async with AsyncExitStack() as stack:
        stack.enter_context(_logs_to(folder.path / "worker.log", settings))
        opened = open_sql_ledger(settings.ledger_url, ring)
        ledger = await stack.enter_async_context(opened)
        plugin = UpholdPlugin(DataKeys(ring, ledger) if ring else None)
        starting = embedded_environment(
            log_file=folder.path / "server.log", port=port, plugins=[plugin], **server
        )
        env = await stack.enter_async_context(starting)
        channel = MaildirChannel(folder.outbox)
        await stack.enter_async_context(build_worker(env.client, settings, ledger, channel))
        await ensure_schedule(
            env.client,
            DIGESTS,
            settings.task_queue,
            settings.digest_hour,
            settings.digest_time_zone,
        )
        address = f"{HOST}:{port}"
        _leave_settings(folder, settings)
        yield Premises(
            env,
            Complaints(
                env.client,
                settings.task_queue,
                answer_within=_PATIENCE,
                token=partial(_token, issuer),
            ),
            ledger,
            folder,
            address,
            f"http://{HOST}:{server['ui_port']}" if web_page else None,
            settings,
        )


def _token(issuer: Issuer, reference: str, actor: Mapping[str, Any] | None) -> str:
    """What proves whoever the script says acts on the complaint; an app opens it."""
    who = actor or {"id": "intake", "name": "The web form", "role": Role.UPSTREAM_APP}
    roles = (Role(who["role"]),)
    return issuer.issue(who["id"], who["name"], roles, complaint=reference).token


def _settings(folder: Folder, *, sealed: bool) -> Settings:
    # Not read from the environment: a demonstration must not write to anybody's real mail server.
    return Settings.model_construct(
        ledger_url=f"sqlite:///{folder.ledger.absolute()}",
        key_ring=folder.ring.absolute() if sealed else None,
        identity="tokens",
        identity_issuer=EMBEDDED,
        identity_keys=str(folder.path.absolute() / "identity/keys.json"),
        identity_audience="uphold",
        identity_roles_claim="roles",
        channel="maildir",
        maildir=folder.outbox.absolute(),
        sender_address="complaints@uphold.example",
        log_format="json",
        log_level="warning",
    )


def _leave_settings(folder: Folder, settings: Settings) -> None:
    # Absolute, so that they are found from any folder; a JSON string is one of TOML as well.
    ring = f"key_ring = {json.dumps(str(settings.key_ring))}\n" if settings.key_ring else ""
    folder.settings_file.write_text(
        "# By these settings `uphold show` reads what the demonstration left.\n"
        f"ledger_url = {json.dumps(settings.ledger_url)}\n{ring}"
        f"maildir = {json.dumps(str(settings.maildir))}\n"
        "# The demonstration's server is gone: there is nothing to wait for.\n"
        "connect_timeout_seconds = 0\n",
        encoding="utf-8",
    )


@contextmanager
def _logs_to(path: Path, settings: Settings) -> Iterator[None]:
    root = logging.getLogger()
    before, level, ways = root.handlers, root.level, structlog.get_config()
    with path.open("a", encoding="utf-8") as file:
        configure_logs(settings, file)
        try:
            yield
        finally:
            root.handlers, root.level = before, level
            structlog.configure(**ways)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
