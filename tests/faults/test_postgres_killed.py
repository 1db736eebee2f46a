"""PostgreSQL is killed in the middle of each activity: all is tried again, nothing is half written or sent twice."""

# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from letters.channels.memory import MemoryChannel
from letters.channels.port import Mail, TemporaryFailure
from starter.desk.verifying import Verification
from tests.fixtures.postgres import MISSING, Cluster, find_programs, running_cluster
from tests.workflows.laws import check_laws
from tests.workflows.player import Case, Office, an_office, eventually

pytestmark = pytest.mark.postgres
A_WHILE = timedelta(minutes=11)
"""Longer than the pause between two tries."""
DOWN = TemporaryFailure("the mail server is down", "connection")


@pytest.fixture(scope="module")
def own() -> Iterator[Cluster]:
    """A server that nobody else needs."""
    programs = find_programs()
    if programs is None:
        pytest.skip(MISSING)
    with running_cluster(programs) as cluster:
        yield cluster


@dataclass(slots=True)
class Premises:
    """An office with its ledger on a server that can be killed."""

    office: Office
    cluster: Cluster
    database: str
    channel: KillingChannel

    @asynccontextmanager
    async def killed_while_writing(self, table: str) -> AsyncIterator[None]:
        """What begins in the block waits for that table, in its transaction, when the server is killed.

        It is down at the end of the block.
        """
        statement = f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(3600);"
        holding = asyncio.create_task(asyncio.to_thread(self._psql, statement))
        await eventually(
            lambda: self._is(
                f"locktype = 'relation' AND granted AND relation = '{table}'::regclass AND mode = 'AccessExclusiveLock'"
            )
        )
        yield
        await eventually(lambda: self._is("NOT granted"))
        self.cluster.kill()
        await holding

    async def _is(self, condition: str) -> bool:
        """Whether there is such a lock."""
        told = await asyncio.to_thread(
            self._psql, f"SELECT count(*) > 0 FROM pg_locks WHERE {condition}"
        )
        return told.stdout.strip() == "t"

    def _psql(self, statement: str) -> subprocess.CompletedProcess[str]:
        return self.cluster.psql(f"--command={statement}", database=self.database)

    async def as_one_expects(self, case: Case, *kinds: str) -> None:
        """Each event is on record once, each letter was sent once, and the record is whole."""
        await case.passes(A_WHILE)
        assert await case.kinds() == list(kinds)
        ledger = self.office.ledger
        assert isinstance(ledger, SqlLedger)
        prompt = [each for each in await ledger.notices(case.reference) if not each.notice.waits]
        assert {each.state for each in prompt} == {"delivered"}
        sent = [mail.message_id for mail in self.channel.taken]
        assert len(sent) == len(set(sent)) == len(prompt)
        found = await Verification(ledger, None, None).run((), (), (), lambda _: None)
        assert found.findings == ()
        assert (await case.status())["ledger_fault"] is None
        await check_laws(case)


class KillingChannel(MemoryChannel):
    """A channel that takes a message and kills the ledger's server before it says so, when it is told to."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__()
        self._cluster = cluster
        self.kills = False
        self.killed = asyncio.Event()

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        """As the channel does."""
        await super().send(mail, patience_seconds=patience_seconds)
        if self.kills:
            self.kills = False
            await asyncio.to_thread(self._cluster.kill)
            self.killed.set()


@pytest_asyncio.fixture
async def premises(env: WorkflowEnvironment, own: Cluster) -> AsyncIterator[Premises]:
    """An office of its own."""
    name = own.create_database()
    url, channel = own.url(name), KillingChannel(own)
    await upgrade(url)
    async with (
        open_sql_ledger(url) as ledger,
        an_office(env, ledger=ledger, channel=channel) as office,
    ):
        yield Premises(office, own, name, channel)
    own.drop_database(name)


@pytest.mark.parametrize("table", ["events", "notices", "fates"])
async def test_killed_while_an_entry_is_recorded(premises: Premises, table: str) -> None:
    """`record_and_send` is in its transaction, and when it is tried again so is `record`."""
    case = await premises.office.open(stage="manager")
    await case.settled()
    async with premises.killed_while_writing(table):
        await case.do("acknowledge")
    premises.cluster.start()
    if table != "fates":  # a record alone says nothing of letters
        async with premises.killed_while_writing(table):
            pass  # it is tried again within seconds
        premises.cluster.start()
    await premises.as_one_expects(case, "opened", "acknowledged")


async def test_killed_when_a_letter_has_left_promptly(premises: Premises) -> None:
    """`record_and_send` has sent it, and cannot say so."""
    case = await premises.office.open(stage="manager")
    await case.settled()
    premises.channel.kills = True
    await case.do("acknowledge")
    await premises.channel.killed.wait()
    premises.cluster.start()
    await premises.as_one_expects(case, "opened", "acknowledged")


async def test_killed_when_a_letter_has_left_late(premises: Premises) -> None:
    """`send_notice` has sent it, and cannot say so."""
    case = await premises.office.open(stage="manager")
    await case.settled()
    premises.channel.next_time(DOWN)
    premises.channel.kills = True
    await case.do("acknowledge")
    await premises.channel.killed.wait()
    premises.cluster.start()
    await premises.as_one_expects(case, "opened", "acknowledged")


async def test_killed_before_a_letter_leaves(premises: Premises) -> None:
    """`send_notice` is about to put on record that it tries."""
    case = await premises.office.open(stage="manager")
    await case.settled()
    tried = len(premises.channel.patience) + 2
    premises.channel.next_time(DOWN, DOWN)
    await case.do("acknowledge")

    async def twice() -> bool:
        return len(premises.channel.patience) == tried

    await eventually(twice)
    async with premises.killed_while_writing("fates"):
        await case.passes(timedelta(seconds=20))
    premises.cluster.start()
    await premises.as_one_expects(case, "opened", "acknowledged")


@pytest.mark.parametrize("table", ["complaints", "charters"])
async def test_killed_while_a_charter_is_pinned(premises: Premises, table: str) -> None:
    """`resolve_charter` reads what is known, or keeps the charter."""
    office = premises.office
    async with premises.killed_while_writing(table):
        opening = asyncio.create_task(office.open(stage="manager"))
    premises.cluster.start()
    await premises.as_one_expects(await opening, "opened")
