"""The two databases that a ledger can live in, and how work reaches them.

Owns connections, transactions and what a database's errors mean. Knows no table.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol, TypeVar

import asyncpg
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy import exc as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ledger.errors import LedgerFault, LedgerUnavailable
from ledger.urls import Address, PostgresAddress, SqliteAddress, hide_password

T = TypeVar("T")
Work = Callable[[Connection], T]

LOCK_WAIT_SECONDS: Final = 5.0
"""How long another process's write to the same file is waited for."""
LOOK_AGAIN_SECONDS: Final = 0.02
CONNECT_SECONDS: Final = 5.0
LEAVES_NOTHING: Final = "leaves_nothing"
"""What work says in a connection's `info` whose old bytes are to go: also those in a file's write-ahead log."""
STATEMENT_SECONDS: Final = 30.0
READERS: Final = 2
SESSIONS: Final = 4
"""What one process holds of a server's sessions at most: five processes are no burden on PostgreSQL's hundred."""
SESSION_LASTS_SECONDS: Final = 1800

_TABLE_MISSING = ("no such table", "no such column", "does not exist")
_READ_ONLY = "25006"  # SQLSTATE: read-only SQL transaction
_ABOUT_THE_DATA = ("22", "23")  # SQLSTATE classes: data exception, integrity constraint
_NO_TEXT = "Could not decode to UTF-8"  # SQLite's words for a text that is none


class Database(Protocol):
    """Somewhere to do work in a transaction."""

    shown: str
    """The URL without its password."""

    async def write(self, work: Work[T]) -> T:
        """What the work returns, once committed; nothing is kept when it raises."""
        ...

    async def read(self, work: Work[T]) -> T:
        """What the work returns, all of it seen at one instant."""
        ...

    async def close(self) -> None:
        """Lets go of every connection."""
        ...


class Sqlite:
    """A file, written by one thread and read by others.

    The driver runs in threads of ours: an asynchronous wrapper crosses threads for every
    statement, which costs six times as much as the statements do.
    """

    def __init__(self, address: SqliteAddress, *, create: bool = False) -> None:
        """`create` makes the folder and the file where they are missing."""
        self.shown = address.shown
        if create:
            address.file.parent.mkdir(parents=True, exist_ok=True)
        self._engine = _sqlite_engine(address, "rwc" if create else "rw")
        self._writes = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        self._log_is_to_go = False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="ledger-writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="ledger-reader")

    async def write(self, work: Work[T]) -> T:
        """As the port says; a lock is waited for by the driver, in the writer's thread.

        Old bytes that are to go are gone from the log too, or, where somebody reads for long just now, with a later write.
        """
        new = False

        def written(connection: Connection) -> T:
            nonlocal new
            done = work(connection)
            new = connection.info.pop(LEAVES_NOTHING, False)
            return done

        done = await self._run(self._writer, self._writes, written)
        if new or self._log_is_to_go:
            seconds = LOCK_WAIT_SECONDS if new else 0
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._writer, self._empty_the_log, seconds)
        return done

    async def read(self, work: Work[T]) -> T:
        """As the port says; never waits for a writer."""
        return await self._run(self._readers, self._engine, work)

    async def close(self) -> None:
        """As the port says."""
        await asyncio.to_thread(self._writer.shutdown)
        await asyncio.to_thread(self._readers.shutdown)
        self._engine.dispose()

    def _empty_the_log(self, wait: float) -> None:
        """Bring all of the write-ahead log into the file and leave nothing in it, once nobody reads of it.

        What was to be written is written by then: that somebody reads for longer than is waited is no fault.
        """
        self._log_is_to_go = True
        with (
            contextlib.suppress(sa.DBAPIError, sqlite3.Error),
            contextlib.closing(self._engine.raw_connection()) as connection,
        ):
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {wait * 1000:.0f}")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_SECONDS * 1000:.0f}")
            self._log_is_to_go = bool(busy)

    async def _run(self, threads: ThreadPoolExecutor, engine: Engine, work: Work[T]) -> T:
        def run() -> T:
            with _telling(self.shown, sqlite3), engine.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(threads, run)


class Postgres:
    """A database on a PostgreSQL server, through asyncpg."""

    def __init__(self, address: PostgresAddress) -> None:
        """Connects when it is first needed, and again after the server was away."""
        self.shown = address.shown
        self._engine = create_async_engine(
            address.url,
            pool_pre_ping=True,
            pool_timeout=CONNECT_SECONDS,
            pool_size=SESSIONS,
            max_overflow=0,
            pool_recycle=SESSION_LASTS_SECONDS,
            hide_parameters=True,
            connect_args={
                "timeout": CONNECT_SECONDS,
                "command_timeout": STATEMENT_SECONDS,
                "server_settings": {"application_name": "uphold"},
            },
        )
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    async def write(self, work: Work[T]) -> T:
        """As the port says."""
        return await self._run(self._engine, work)

    async def read(self, work: Work[T]) -> T:
        """As the port says."""
        return await self._run(self._snapshots, work)

    async def _run(self, engine: AsyncEngine, work: Work[T]) -> T:
        with _telling(self.shown, engine.dialect.dbapi):
            try:
                async with engine.begin() as connection:
                    return await connection.run_sync(work)
            except Exception as error:
                if _only_reads(error):
                    # The servers have changed places: a new session finds the one that writes.
                    await self._engine.dispose()
                raise

    async def close(self) -> None:
        """As the port says."""
        await self._engine.dispose()


def database_at(address: Address, *, create: bool = False) -> Database:
    """The database of that address; `create` makes the folder and the file of a file."""
    if isinstance(address, SqliteAddress):
        return Sqlite(address, create=create)
    return Postgres(address)


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to a write-ahead log; it stays so, and whoever comes first does it.

    SQLite does not wait its usual time for this one lock, so that two set-ups at once could fail.
    """
    give_up = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(LOOK_AGAIN_SECONDS)
        else:
            return


def _sqlite_engine(address: SqliteAddress, mode: str) -> Engine:
    uri = f"{address.file.as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, timeout=LOCK_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        _log_ahead(connection)
        # A workflow never repeats a record that was confirmed: it has to survive a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # On the driver's own cursor, as it runs for every transaction.
        cursor = connection.connection.cursor()
        cursor.execute(connection.get_execution_options().get("begin", "BEGIN"))

    @event.listens_for(engine, "connect")
    def remember(_: Any, record: Any) -> None:
        record.info["file"] = _identity(address)

    @event.listens_for(engine, "checkout")
    def check(_: Any, record: Any, __: Any) -> None:
        # A file that was removed or replaced stays writable to whoever has it open.
        if _identity(address) != record.info["file"]:
            msg = "the ledger's file was removed or replaced"
            raise sa.DisconnectionError(msg)

    return engine


def _identity(address: SqliteAddress) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        found = os.stat(address.file)  # noqa: PTH116 - runs before every transaction
        return found.st_dev, found.st_ino
    return None


@contextlib.contextmanager
def _telling(shown: str, driver: Any) -> Iterator[None]:
    """Turns a database's errors into the ledger's, which name the URL but no password or row.

    They come from the driver itself, or as what SQLAlchemy makes of them.
    """
    try:
        yield
    except (sa.DBAPIError, driver.Error) as error:
        said = getattr(error, "orig", None) or error
        fault = LedgerFault if _is_about_the_data(said, driver) else LedgerUnavailable
        raise fault(_message(shown, said)) from None
    except (sa.TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise LedgerUnavailable(_message(shown, error)) from None


def _only_reads(error: Exception) -> bool:
    return getattr(getattr(error, "orig", None) or error, "sqlstate", None) == _READ_ONLY


def _is_about_the_data(error: BaseException, driver: Any) -> bool:
    state = str(getattr(error, "sqlstate", None) or "")
    return (
        isinstance(error, driver.DataError | driver.IntegrityError)
        or state[:2] in _ABOUT_THE_DATA
        or _NO_TEXT in str(error)
    )


def _message(shown: str, error: BaseException) -> str:
    said = str(error).strip() or type(error).__name__
    reason = hide_password(said.splitlines()[0].rpartition(">: ")[2])
    hint = " `uphold setup` creates what is missing." if _looks_missing(reason) else ""
    return f"The ledger at {shown} cannot be used: {reason}.{hint}"


def _looks_missing(reason: str) -> bool:
    return "unable to open" in reason or any(words in reason for words in _TABLE_MISSING)
