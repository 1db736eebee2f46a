"""A worker's role on PostgreSQL does all that a worker does, and can alter nothing that is on record."""

# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from ledger.errors import CannotGrant, LedgerFault
from ledger.evidence.keys import make_key
from ledger.evidence.rebuilding import rebuild_within
from ledger.evidence.seals import seal_within
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.port import NoticeFate, NoticeState
from ledger.quality.samples import keep_sample
from ledger.sql import tables
from starter.desk.verifying import Verification
from tests.fixtures.postgres import Cluster
from tests.ledger.evidence.on_record import ANN, BOB, entries, put_on_record
from tests.ledger.quality.test_samples import sample

pytestmark = pytest.mark.postgres
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
OWNER, WORKER = "a_ledgers_owner", 'a "worker"'


@dataclass(frozen=True, slots=True)
class Roles:
    """The URLs of one ledger, for who owns it and for who works with it."""

    owner: str
    worker: str


@pytest.fixture
def roles(postgres: Cluster) -> Iterator[Roles]:
    """An empty database with an owner and a worker."""
    name, quoted = postgres.create_database(), WORKER.replace('"', '""')
    commands = [
        f"CREATE ROLE {OWNER} LOGIN PASSWORD 'owner'",
        f"CREATE ROLE \"{quoted}\" LOGIN PASSWORD 'worker'",
        f"ALTER DATABASE {name} OWNER TO {OWNER}",
    ]
    done = postgres.psql(*(f"--command={each}" for each in commands))
    assert done.returncode == 0, done.stderr
    worker = WORKER.replace(" ", "%20").replace('"', "%22")
    yield Roles(postgres.url(name, OWNER, "owner"), postgres.url(name, worker, "worker"))
    postgres.drop_database(name)
    postgres.psql(f"--command=DROP ROLE {OWNER}", f'--command=DROP ROLE "{quoted}"')


async def test_a_worker_does_all_its_work(roles: Roles, tmp_path: Path) -> None:
    for _ in range(2):
        await upgrade(roles.owner, WORKER)
    key = make_key(tmp_path / "key")
    async with open_sql_ledger(roles.worker) as ledger:
        await ledger.require_ready(to_write=True)
        await put_on_record(ledger, ANN, BOB)
        letter = entries(ANN)[0].notices[0].key
        for state in (NoticeState.ATTEMPTED, NoticeState.DELIVERED):
            await ledger.mark(NoticeFate(key=letter, state=state, at=NOON), b"letter")
        seal, count = await ledger.writing(lambda c: seal_within(c, key, NOON))
        assert (seal.number, count) == (1, 2)
        await change_as_owner(roles, "UPDATE complaints SET missed = 7", "DELETE FROM remedies")
        assert await ledger.writing(lambda c: rebuild_within(c, ANN))
        assert await ledger.writing(lambda c: rebuild_within(c, BOB))
        await ledger.writing(lambda c: keep_sample(c, sample(ANN)))
        found = await Verification(ledger, None, None).run((), (), (), lambda _: None)
        assert found.findings == ()


async def change_as_owner(roles: Roles, *statements: str) -> None:
    """Change what is made of events, which a worker may too."""
    async with open_sql_ledger(roles.owner) as ledger:
        for each in statements:
            await ledger.writing(lambda c, one=each: c.execute(text(one)))  # type: ignore[misc]


FORBIDDEN = [
    *(
        statement
        for table in tables.APPEND_ONLY
        for statement in (
            f"UPDATE {table} SET {table.primary_key.columns.keys()[0]} = NULL",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
            f"DROP TABLE {table} CASCADE",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        )
    ),
    "DELETE FROM complaints",
    "DELETE FROM fates",
    "DELETE FROM data_keys",
    "TRUNCATE complaints CASCADE",
    "UPDATE alembic_version SET version_num = '9999'",
    "CREATE TABLE another (id int)",
    f"SET ROLE {OWNER}",
]


async def test_nothing_that_alters_the_record_is_allowed(roles: Roles) -> None:
    await upgrade(roles.owner, WORKER)
    async with open_sql_ledger(roles.worker) as ledger:
        await put_on_record(ledger, ANN)
        for statement in FORBIDDEN:
            with pytest.raises(LedgerFault, match=r"permission denied|must be owner"):
                await ledger.writing(lambda c, each=statement: c.execute(text(each)))  # type: ignore[misc]
        assert len(await ledger.events(ANN)) == entries(ANN)[-1].standing.events


async def test_who_owns_the_tables_or_is_not_there_is_granted_nothing(roles: Roles) -> None:
    for role, said in (
        (OWNER, "owns the ledger's tables"),
        ("nobody", "There is no role 'nobody'"),
    ):
        with pytest.raises(CannotGrant, match=said):
            await upgrade(roles.owner, role)
    with pytest.raises(CannotGrant, match="no right keeps it from altering"):
        await upgrade(roles.owner, "postgres")
    await asyncio.gather(*(upgrade(roles.owner, WORKER) for _ in range(3)))


async def test_a_ledger_in_a_file_has_no_roles(tmp_path: Path) -> None:
    with pytest.raises(CannotGrant, match="A ledger in a file has no roles"):
        await upgrade(f"sqlite:///{tmp_path}/ledger", "uphold")
