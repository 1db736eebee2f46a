"""A ledger's database on a PostgreSQL server, and how work reaches it.

Owns its sessions and transactions. Knows no table.
"""

from __future__ import annotations

from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ledger.databases.urls import PostgresAddress
from ledger.databases.work import T, Work, telling

CONNECT_SECONDS: Final = 5.0
STATEMENT_SECONDS: Final = 30.0
SESSIONS: Final = 4
"""What one process holds of a server's sessions at most: five processes are no burden on PostgreSQL's hundred."""
SESSION_LASTS_SECONDS: Final = 1800

_READ_ONLY = "25006"  # SQLSTATE: read-only SQL transaction


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
        with telling(
            self.shown, engine.dialect.dbapi, asyncpg.PostgresError, asyncpg.InterfaceError
        ):
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


def _only_reads(error: Exception) -> bool:
    return getattr(getattr(error, "orig", None) or error, "sqlstate", None) == _READ_ONLY
