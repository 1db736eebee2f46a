"""The migrations add up to the tables of the program, and a program knows whether they did."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from ledger.databases.opening import database_at
from ledger.databases.urls import parse_address
from ledger.databases.work import Database
from ledger.errors import LedgerNotReady
from ledger.migrations import schema as migrating
from ledger.migrations.schema import schema_state, upgrade
from ledger.opening import open_ledger
from ledger.sql import tables
from tests.ledger.samples import REFERENCE, entry, opened, updated

NEXT_MIGRATION = '''"""One more."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", "0005", None, None
def upgrade():
    op.add_column("complaints", sa.Column("mood", sa.Text(), nullable=True))
'''


def open_database(url: str) -> Database:
    address = parse_address(url)
    assert address is not None
    return database_at(address)


async def test_the_migrations_add_up_to_the_tables(ledger_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, tables.metadata))

    database = open_database(ledger_url)
    try:
        assert await database.read(differences) == []
    finally:
        await database.close()


def test_the_order_of_the_migrations_is_that_of_their_files() -> None:
    scripts = ScriptDirectory.from_config(migrating._config()).walk_revisions()
    assert migrating.revisions(migrating._MIGRATIONS) == tuple(
        script.revision for script in reversed(list(scripts))
    )


async def test_a_ledger_is_missing_until_it_is_set_up(empty_url: str, tmp_path: Path) -> None:
    assert await schema_state(empty_url) == "missing"
    assert list(tmp_path.iterdir()) == []
    await upgrade(empty_url)
    assert await schema_state(empty_url) == "current"


async def test_setting_up_twice_or_at_once_is_setting_up_once(empty_url: str) -> None:
    await asyncio.gather(*(upgrade(empty_url) for _ in range(4)))
    await upgrade(empty_url)
    assert await schema_state(empty_url) == "current"


async def test_a_ledger_in_memory_needs_no_set_up() -> None:
    assert await schema_state("memory://") == "current"
    await upgrade("memory://")


async def test_an_earlier_ledger_is_behind_and_brought_up_with_its_records(
    ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_ledger(ledger_url) as ledger:
        await ledger.record(entry(opened()))
        newer = tmp_path / "migrations"
        shutil.copytree(migrating._MIGRATIONS, newer)
        (newer / "versions" / "9999_one_more.py").write_text(NEXT_MIGRATION)
        monkeypatch.setattr(migrating, "_MIGRATIONS", newer)
        assert await schema_state(ledger_url) == "behind"
        with pytest.raises(LedgerNotReady, match="earlier version; `uphold setup`"):
            await ledger.require_ready()
        await upgrade(ledger_url)
        assert await schema_state(ledger_url) == "current"
        await ledger.record(entry(updated(2)))
        assert len(await ledger.events(REFERENCE)) == 2


async def test_a_newer_ledger_is_left_alone(ledger_url: str) -> None:
    database = open_database(ledger_url)
    try:
        await database.write(
            lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9998'"))
        )
    finally:
        await database.close()
    assert await schema_state(ledger_url) == "ahead"
    with pytest.raises(LedgerNotReady, match="newer version") as caught:
        await upgrade(ledger_url)
    assert ledger_url not in str(caught.value) or "@" not in ledger_url


async def test_there_is_no_step_back(ledger_url: str) -> None:
    def step_back(connection: Connection) -> None:
        config = migrating._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    database = open_database(ledger_url)
    try:
        with pytest.raises(NotImplementedError, match="restore a backup"):
            await database.write(step_back)
    finally:
        await database.close()
    assert await schema_state(ledger_url) == "current"
