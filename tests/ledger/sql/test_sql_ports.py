"""Other ports work on the ledger's database through functions of a connection."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from ledger.errors import BadLedgerUrl, LedgerFault, LedgerUnavailable
from ledger.opening import open_sql_ledger
from ledger.sql import tables
from ledger.sql.ledger import SqlLedger
from ledger.sql.statements import insert_into, upsert
from tests.ledger.samples import entry, opened, remedy

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def closure(reason: str, **changed: Any) -> dict[str, Any]:
    known = {
        "region": "scotland",
        "day": date(2026, 12, 1),
        "charter": "",
        "reason": reason,
        "added_at": AT,
        "added_by": "a.dmin",
    }
    return {**known, **changed}


async def reasons(ledger: SqlLedger) -> list[str]:
    table = tables.closures.c
    query = select(table.reason).order_by(table.day, table.charter)
    return await ledger.reading(lambda connection: list(connection.scalars(query)))


async def test_what_is_written_is_read_as_it_was(ledger_url: str) -> None:
    async with open_sql_ledger(ledger_url) as ledger:

        def write(connection: Connection) -> str:
            connection.execute(tables.closures.insert(), closure("Snow\x00 and ice"))
            return "done"

        assert await ledger.writing(write) == "done"
        row = await ledger.reading(lambda c: c.execute(select(tables.closures)).one())
    assert (row.reason, row.day, row.added_at) == ("Snow\ufffd and ice", date(2026, 12, 1), AT)


async def test_work_that_raises_leaves_no_trace(ledger_url: str) -> None:
    async with open_sql_ledger(ledger_url) as ledger:

        def half(connection: Connection) -> None:
            connection.execute(tables.closures.insert(), closure("Snow"))
            raise ValueError("no further")

        with pytest.raises(ValueError, match="no further"):
            await ledger.writing(half)
        assert await reasons(ledger) == []


async def test_a_database_that_refuses_says_so_as_the_ledger_does(ledger_url: str) -> None:
    async with open_sql_ledger(ledger_url) as ledger:

        def twice(connection: Connection) -> None:
            for _ in range(2):
                connection.execute(tables.closures.insert(), closure("Snow"))

        with pytest.raises(LedgerFault) as caught:
            await ledger.writing(twice)
        assert "Snow" not in str(caught.value)


async def test_an_upsert_writes_once_and_takes_the_place_of_what_was_there(ledger_url: str) -> None:
    async with open_sql_ledger(ledger_url) as ledger:

        def write(reason: str, **changed: Any) -> Any:
            return lambda c: c.execute(
                upsert(c.dialect.name, tables.closures), closure(reason, **changed)
            )

        await ledger.writing(write("Snow"))
        await ledger.writing(write("Snow"))
        await ledger.writing(write("Storm"))
        await ledger.writing(write("Burst pipe", charter="customer-promise"))
        assert await reasons(ledger) == ["Storm", "Burst pipe"]


async def test_an_upsert_of_what_is_newer_leaves_the_rest(ledger_url: str) -> None:
    row = {**asdict(remedy(number=2)), "settled": False}
    async with open_sql_ledger(ledger_url) as ledger:
        await ledger.record(entry(opened()))

        def write(**changed: Any) -> Any:
            return lambda c: c.execute(
                upsert(c.dialect.name, tables.remedies, newer="as_of"), {**row, **changed}
            )

        await ledger.writing(write(as_of=2, state="done"))
        await ledger.writing(write(as_of=1))
        await ledger.writing(write(as_of=2, state="refused"))
        state = await ledger.reading(lambda c: c.scalar(select(tables.remedies.c.state)))
    assert state == "done"


async def test_an_insert_may_leave_what_is_there(ledger_url: str) -> None:
    async with open_sql_ledger(ledger_url) as ledger:
        for reason in ("Snow", "Storm"):
            row = closure(reason)
            await ledger.writing(
                lambda c, row=row: c.execute(  # type: ignore[misc]
                    insert_into(c.dialect.name, tables.closures).on_conflict_do_nothing(), row
                )
            )
        assert await reasons(ledger) == ["Snow"]


async def test_a_ledger_in_memory_has_no_connection_to_work_on() -> None:
    with pytest.raises(BadLedgerUrl, match="name a file"):
        open_sql_ledger("memory://")


async def test_a_ledger_that_is_missing_is_not_made_by_asking(empty_url: str) -> None:
    async with open_sql_ledger(empty_url) as ledger:
        with pytest.raises(LedgerUnavailable, match="uphold setup"):
            await reasons(ledger)
