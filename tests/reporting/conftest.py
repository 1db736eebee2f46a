"""The ledgers that reports are made from: the same tests on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from charters.files import CharterBook
from domain.charter.tables import Charter
from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from ledger.sql.ledger import SqlLedger
from reporting.assemble import assemble
from reporting.model import Report
from reporting.period import Period
from tests.fixtures.postgres import Cluster
from tests.reporting.played import CHARTER, FIRST, LAST, played, record

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def charter(charter_id: str = CHARTER) -> Charter:
    """A charter that ships."""
    return CharterBook().get(charter_id)


async def report_on(
    ledger: SqlLedger,
    first: date = FIRST,
    last: date = LAST,
    of: Charter | None = None,
    now: datetime = NOW,
) -> Report:
    """The report on the period."""
    terms = of or charter()
    period = Period(first, last, terms.calendar.time_zone)
    return await ledger.reading(lambda c: assemble(c, terms, period, now))


@pytest.fixture(scope="session", params=KINDS)
def a_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of an empty database for all tests that only read what was played."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('report')}/ledger.sqlite3"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create_database()
    yield cluster.url(name)
    cluster.drop_database(name)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def year(a_database: str) -> AsyncIterator[SqlLedger]:
    """A ledger with the complaints of a busy year, for reading only."""
    await upgrade(a_database)
    async with open_sql_ledger(a_database) as ledger:
        await record(ledger, played())
        yield ledger


@pytest_asyncio.fixture(params=KINDS)
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlLedger]:
    """A ledger of the test's own with nothing in it."""
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    await upgrade(url)
    async with open_sql_ledger(url) as ledger:
        yield ledger
