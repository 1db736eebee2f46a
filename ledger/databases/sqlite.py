"""A ledger's database in a file, and how work reaches it.

Owns its threads, connections and transactions. Knows no table.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy import exc as sa

from ledger.databases.urls import SqliteAddress
from ledger.databases.work import LEAVES_NOTHING, T, Work, telling

LOCK_WAIT_SECONDS: Final = 5.0
"""How long another process's write to the same file is waited for."""
LOOK_AGAIN_SECONDS: Final = 0.02
READERS: Final = 2


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
            with telling(self.shown, sqlite3), engine.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(threads, run)


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
