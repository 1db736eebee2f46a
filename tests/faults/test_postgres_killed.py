"""PostgreSQL is killed in the middle of each activity: all is tried again, nothing is half written or sent twice."""

from __future__ import annotations

import asyncio
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
GATE = """
CREATE TABLE gate (closed boolean); INSERT INTO gate VALUES (true);
CREATE OR REPLACE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  WHILE EXISTS (SELECT FROM gate WHERE closed) LOOP PERFORM pg_sleep(0.02); END LOOP; RETURN NEW;
END $$;
CREATE TRIGGER gate BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION wait_at_the_gate()
"""
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
    async def nothing_enters(self, table: str) -> AsyncIterator[None]:
        """Whoever adds a row to that table waits in their transaction, until the block ends.

        So it does too when the server was killed meanwhile and has started again.
        """
        await self._psql(GATE.format(table=table))
        yield
        await self._psql("UPDATE gate SET closed = false")
        await self._psql(f"DROP TRIGGER gate ON {table}")

    async def killed(self) -> None:
        """The server is killed as soon as somebody waits, and started again."""
        await eventually(self._is_waited, within=timedelta(seconds=90))
        await asyncio.to_thread(self.cluster.kill)
        await asyncio.to_thread(self.cluster.start)

    async def _is_waited(self) -> bool:
        waiting = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        return await self._psql(waiting) == "t"

    async def _psql(self, statement: str) -> str:
        told = await asyncio.to_thread(
            self.cluster.psql, f"--command={statement}", database=self.database
        )
        assert told.returncode == 0, told.stderr
        return told.stdout.strip()

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
    async with premises.nothing_enters(table):
        await case.do("acknowledge")
        await premises.killed()
        if table != "fates":  # a record alone says nothing of letters
            await premises.killed()
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
    async with premises.nothing_enters("fates"):
        await case.passes(timedelta(seconds=20))
        await premises.killed()
    await premises.as_one_expects(case, "opened", "acknowledged")


async def test_killed_while_a_charter_is_pinned(premises: Premises) -> None:
    """`resolve_charter` is about to keep the charter."""
    async with premises.nothing_enters("charters"):
        opening = asyncio.create_task(premises.office.open(stage="manager"))
        await premises.killed()
    await premises.as_one_expects(await opening, "opened")
