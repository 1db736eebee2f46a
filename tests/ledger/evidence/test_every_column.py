"""Whoever alters one cell of the record is found out, whichever column it is in, or the page on security says not."""

# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Date, DateTime, Integer, LargeBinary, Table, make_url
from sqlalchemy.types import TypeDecorator

from ledger.evidence.key_uses import note
from ledger.keys.keeping import erasing
from ledger.port import NoticeFate, NoticeState
from ledger.sql import tables
from sealing.port import KeyUse
from tests.ledger.evidence.on_record import ANN, entries, put_on_record, tamper
from tests.ledger.evidence.test_keeping import a_hold
from tests.ledger.evidence.test_tampering import NOON, RING, Held, held
from tests.ledger.samples import an_erasure

__all__ = ["held"]
CAT = "FO-CAT"
PAGE = Path(__file__).parents[3] / "docs" / "security.md"
IN_NO_CHAIN = re.findall(
    r"`([a-z_]+(?:\.[a-z_]+)?)`",
    "".join(
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if "in no chain" in line
    ),
)
"""What the page says is seen by nobody: tables, and columns of others."""


async def everything(held: Held) -> None:
    """Put a row into each table: letters that left, a hold, an erasure, somebody who asked for a key."""
    ledger, sealed = held.ledger, bool(held.ledger._keys)
    await put_on_record(ledger, CAT)
    for notice in (each for entry in (*entries(ANN), *entries(CAT)) for each in entry.prompt):
        fate = NoticeFate(key=notice.key, state=NoticeState.DELIVERED, at=NOON, channel="smtp")
        await ledger.mark(fate, b"From: a@b.example\r\n\r\n" + notice.key.encode())
    await ledger.writing(lambda c: erasing.hold(c, *a_hold()))
    if sealed:
        await ledger.writing(lambda c: erasing.erase(c, an_erasure(CAT, NOON)))
    use = KeyUse(at=NOON, what="made", reference=ANN, who="w", role="r", issuer="i", token="t")
    await ledger.writing(lambda c: note(c, {"1": use}))
    await held.seal()


OTHERS: dict[type, Any] = {
    DateTime: "2026-05-05 10:00:00.000000",
    Date: "2026-05-05",
    Integer: 1,
    LargeBinary: b"x",
}


def another(column: Column[Any], value: Any) -> Any:
    """A value that the column takes, and that this is not."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(value, int):
        return value + 1 if value > 1 else 1 - value
    if value is None or isinstance(kind, DateTime | Date):
        return OTHERS.get(type(kind), "x")
    return '["2026-05-05"]' if value.startswith("[") else f"x{value}"


class File:
    """The ledger's file, as whoever may write it has it before them."""

    def __init__(self, held: Held) -> None:
        self._name = make_url(held.ledger.shown).database or ""

    def cells(self, table: Table) -> list[tuple[int, dict[str, Any]]]:
        """The first row and the last, each with where it stands."""
        with closing(sqlite3.connect(self._name)) as file:
            file.row_factory = sqlite3.Row
            query = f"SELECT rowid AS place, * FROM {table.name}"
            rows = [dict(row) for row in file.execute(query)]
        return [(row.pop("place"), row) for row in (rows[:1] + rows[1:][-1:])]

    def write(self, column: Column[Any], place: int, value: Any) -> bool:
        """Whether the file takes that value there."""
        with closing(sqlite3.connect(self._name)) as file:
            try:
                where = f'UPDATE {column.table.name} SET "{column.name}" = ? WHERE rowid = ?'
                file.execute(where, (value, place))
            except sqlite3.IntegrityError:
                return False
            file.commit()
        return True


@pytest.mark.parametrize("held", [None, RING], ids=["clear", "sealed"], indirect=True)
async def test_one_altered_cell_of_any_column_is_found_or_the_page_says_that_it_is_not(
    held: Held,
) -> None:
    if not held.ledger.shown.startswith("sqlite"):
        pytest.skip("a file takes what PostgreSQL would not")
    await everything(held)
    assert await held.found(kept=True) == []
    await tamper(held.ledger)  # takes the triggers away
    file, unseen = File(held), set()
    for table in tables.metadata.sorted_tables:
        if table.name in IN_NO_CHAIN:
            continue
        for column in table.columns:
            for place, row in file.cells(table):
                was, altered = row[column.name], another(column, row[column.name])
                if not file.write(column, place, altered):
                    continue
                if not await held.found(kept=True):
                    unseen.add(f"{table.name}.{column.name}")
                moved = isinstance(column.type, Integer) and [*table.primary_key] == [column]
                assert file.write(column, altered if moved else place, was)
    assert await held.found(kept=True) == []
    if held.ledger._keys:
        assert unseen == {each for each in IN_NO_CHAIN if "." in each}
    else:
        assert unseen <= set(IN_NO_CHAIN)
