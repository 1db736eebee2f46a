"""A list is in order, a page at a time, and read along an index however large the ledger is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Connection, event, select, text

from ledger import paging
from ledger.errors import BadListing
from ledger.opening import open_sql_ledger
from ledger.paging import Place
from ledger.port import Ledger, Listing, Page, RemedyListing, every
from ledger.sql import tables
from ledger.sql.ledger import SqlLedger
from ledger.sql.listing import Reading
from tests.ledger.samples import entry, opened, remedy, standing

MANY = 3000
PLACES = [(over, on) for over in (False, True) for on in ("2026-12-01T12:00:00.000000+00:00", "")]


def due(day: int) -> datetime:
    return datetime(2026, 12, day, 12, tzinfo=UTC)


COMPLAINTS: dict[str, dict[str, Any]] = {
    "A": {"next_due": due(3), "stage": "manager"},
    "B": {"next_due": due(1), "handler_id": "m.ali", "missed": 1},
    "C": {"next_due": None, "charter_version": "2027-04"},
    "D": {"next_due": due(3), "charter": "customer-promise"},
    "E": {"next_due": None, "state": "closed"},
    "F": {"next_due": due(2), "state": "closed", "remedies_owed": 1},
    "G": {"next_due": None, "stage": "manager"},
    "K": {"next_due": due(4), "state": "closed", "missed": 1},
    "H": {"next_due": None, "state": "closed", "stage": "manager"},
}
REMEDIES = (
    remedy(1, "A", next_due=due(4), charter="customer-promise"),
    remedy(2, "A", next_due=due(1), owner_id="m.ali", missed=1),
    remedy(3, "A", next_due=None, missed=2),
    remedy(1, "B", next_due=due(1), state="accepted"),
    remedy(2, "B", next_due=None, state="done", ended_at=due(1)),
    remedy(10, "B", next_due=due(1)),
)


async def fill(ledger: Ledger) -> None:
    for reference, changes in COMPLAINTS.items():
        shown = standing(1, reference, **changes)
        own = tuple(one for one in REMEDIES if one.reference == reference)
        made = entry(opened(reference), reference=reference, standing=shown, remedies=own)
        await ledger.record(made)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (Listing(), "BFADKCG"),
        (Listing(ended=None), "BFADKCGEH"),
        (Listing(ended=True), "EH"),
        (Listing(charter="financial-ombudsman"), "BFAKCG"),
        (Listing(version="2027-04"), "C"),
        (Listing(stage="manager"), "AG"),
        (Listing(stage="manager", ended=None), "AGH"),
        (Listing(state="closed"), "FK"),
        (Listing(state="closed", ended=None), "FKEH"),
        (Listing(handler="m.ali"), "B"),
        (Listing(handler=""), ""),
        (Listing(due_before=due(3)), "BF"),
        (Listing(due_before=due(3), ended=None, charter="financial-ombudsman"), "BF"),
        (Listing(missed=True), "BK"),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_a_list_holds_what_every_filter_lets_through_in_order(
    ledger: Ledger, where: Listing, found: str, limit: int
) -> None:
    await fill(ledger)
    page = await ledger.complaints(where=where, limit=limit)
    rows = list(page.rows)
    while page.after:
        assert len(page.rows) == limit
        page = await ledger.complaints(where=where, after=page.after, limit=limit)
        rows += page.rows
    assert "".join(one.reference for one in rows) == found


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (RemedyListing(), "A2 B1 B10 A1 A3"),
        (RemedyListing(settled=None), "A2 B1 B10 A1 A3 B2"),
        (RemedyListing(settled=True), "B2"),
        (RemedyListing(reference="B", settled=None), "B1 B10 B2"),
        (RemedyListing(charter="customer-promise"), "A1"),
        (RemedyListing(state="accepted"), "B1"),
        (RemedyListing(owner="m.ali"), "A2"),
        (RemedyListing(due_before=due(4)), "A2 B1 B10"),
        (RemedyListing(missed=True), "A2 A3"),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_is_9_remedies_are_listed_the_next_due_first(
    ledger: Ledger, where: RemedyListing, found: str, limit: int
) -> None:
    await fill(ledger)
    page = await ledger.remedies(where=where, limit=limit)
    rows = list(page.rows)
    while page.after:
        page = await ledger.remedies(where=where, after=page.after, limit=limit)
        rows += page.rows
    assert " ".join(f"{one.reference}{one.number}" for one in rows) == found


async def test_a_page_goes_on_where_the_last_one_ended_whatever_happened_since(
    ledger: Ledger,
) -> None:
    await fill(ledger)
    first = await ledger.complaints(where=Listing(), limit=2)
    for reference, when in (("I", due(1)), ("J", due(5))):
        shown = standing(1, reference, next_due=when)
        await ledger.record(entry(opened(reference), reference=reference, standing=shown))
    then = await ledger.complaints(where=Listing(), after=first.after)
    assert "".join(one.reference for one in then.rows) == "ADKJCG"


async def test_what_no_page_can_be_asked_for_with_is_refused(ledger: Ledger) -> None:
    await fill(ledger)
    given = await ledger.remedies(where=RemedyListing(), limit=1)
    for after in ("", "x", "bm9uZQ", "W10", given.after):
        with pytest.raises(BadListing, match="No page of this list"):
            await ledger.complaints(where=Listing(), after=after)
    with pytest.raises(BadListing, match="1 row or more, not 0"):
        await ledger.complaints(where=Listing(), limit=0)
    with pytest.raises(ValueError, match="no time zone"):
        await ledger.complaints(where=Listing(due_before=due(1).replace(tzinfo=None)))


async def test_every_row_is_read_page_after_page() -> None:
    asked: list[str | None] = []

    async def listed(*, where: str, after: str | None = None, limit: int = 0) -> Page[str]:
        asked.append(after)
        return Page((f"{where}{len(asked)}",), None if len(asked) == 3 else str(len(asked)))

    assert [one async for one in every(listed, "row")] == ["row1", "row2", "row3"]
    assert asked == [None, "1", "2"]


# --- however large ----------------------------------------------------------------------------


@pytest_asyncio.fixture(name="large")
async def _large(ledger_url: str) -> AsyncIterator[SqlLedger]:
    """A ledger in which most complaints have ended, and many are somebody's."""

    def copies(connection: Connection) -> None:
        for table in (tables.complaints, tables.remedies):
            rows = connection.execute(select(table)).mappings().all()
            many = [_copy(row, number) for number in range(MANY) for row in rows]
            connection.execute(table.insert(), many)
        connection.execute(text("ANALYZE"))

    async with open_sql_ledger(ledger_url) as ledger:
        ended = standing(1, "Z", state="closed", next_due=None)
        await ledger.record(entry(opened("Z"), reference="Z", standing=ended))
        await ledger.record(
            entry(opened("Y"), reference="Y", standing=standing(1, "Y"), remedies=(remedy(1, "Y"),))
        )
        await ledger.writing(copies)
        yield ledger


def _copy(row: Any, number: int) -> dict[str, Any]:
    return {**row, "reference": f"{row['reference']}-{number:05}", "missed": number % 3}


@pytest.mark.parametrize(
    "where",
    [
        Listing(),
        Listing(ended=None),
        Listing(charter="financial-ombudsman"),
        Listing(charter="financial-ombudsman", stage="case-handler", missed=True),
        Listing(handler="h.jones"),
        Listing(state="received", due_before=due(20)),
    ],
    ids=str,
)
async def test_no_page_of_complaints_reads_the_whole_ledger(
    large: SqlLedger, where: Listing
) -> None:
    read = Reading(paging.COMPLAINTS, where).page
    for place in (None, *(Place(over, not on, on, ("Y-01000",)) for over, on in PLACES)):
        after = place.token() if place else None
        plans = await large.reading(lambda c: planned(c, read, where, after))  # noqa: B023
        assert [plan for plan in plans if reads_it_all(plan)] == []


@pytest.mark.parametrize(
    "where",
    [
        RemedyListing(),
        RemedyListing(settled=None),
        RemedyListing(owner="k.lee"),
        RemedyListing(charter="financial-ombudsman", state="owed"),
    ],
    ids=str,
)
async def test_no_page_of_remedies_reads_the_whole_ledger(
    large: SqlLedger, where: RemedyListing
) -> None:
    read = Reading(paging.REMEDIES, where).page
    for place in (None, *(Place(over, not on, on, ("Y-01000", 1)) for over, on in PLACES)):
        after = place.token() if place else None
        plans = await large.reading(lambda c: planned(c, read, where, after))  # noqa: B023
        assert [plan for plan in plans if reads_it_all(plan)] == []


def planned(
    connection: Connection,
    read: Callable[[Connection, str | None, int], object],
    where: Listing | RemedyListing,
    after: str | None,
) -> list[str]:
    """How the database goes about each statement of a page."""
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    queries: list[str] = []

    def note(_: Connection, query: Any, *__: Any) -> None:
        literal = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        queries.append(f"{explain} {literal}")

    event.listen(connection, "before_execute", note)
    read(connection, after, 50)
    event.remove(connection, "before_execute", note)
    assert queries or (after and where.over is not None)
    plans = [connection.exec_driver_sql(query).all() for query in queries]
    return ["\n".join(str(row[-1]) for row in plan) for plan in plans]


def reads_it_all(plan: str) -> bool:
    """Whether a plan reads all rows, or sorts them."""
    return "INDEX" not in plan.upper() or bool(re.search(r"SCAN |TEMP B-TREE|Seq Scan|Sort", plan))


async def test_a_plan_that_reads_the_whole_ledger_is_seen(large: SqlLedger) -> None:
    def whole(connection: Connection, *_: Any) -> None:
        table = tables.complaints
        connection.execute(select(table).order_by(table.c.stage).limit(50))

    plans = await large.reading(lambda c: planned(c, whole, Listing(), None))
    assert all(map(reads_it_all, plans))
