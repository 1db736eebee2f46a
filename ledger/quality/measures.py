"""Measures in the ledger: calls, and what people answered when asked how satisfied they were.

Owns that the same row is kept once and that a corrected one takes its place. Whether a row can be
true is decided in `domain.quality.measures` before it comes here; whether calls would be counted twice
needs what is on record, and is asked there from here. Every function works within a connection that
`SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Table, extract, func, select

from domain.calendar.months import Month
from domain.errors import InvalidCommand
from domain.quality.measures import (
    CallCount,
    CallFigure,
    SatisfactionFigure,
    SurveyResponse,
    check_period,
)
from ledger.keys.words import ERASED, WORDS, read_words, sealed_within
from ledger.sql import tables
from ledger.sql.statements import lock_table, upsert

Measured = TypeVar("Measured", CallCount, SurveyResponse)


@dataclass(frozen=True, slots=True)
class Kept(Generic[Measured]):
    """What became of the rows of one batch."""

    new: list[Measured] = field(default_factory=list)
    unchanged: list[Measured] = field(default_factory=list)
    superseded: list[tuple[Measured, Measured]] = field(default_factory=list)
    """What was on record, and what stands now."""
    refused: list[tuple[Measured, str]] = field(default_factory=list)
    """With the reason; nothing of them is kept."""


def keep_calls(
    connection: Connection, charter: str, counts: Sequence[CallCount], source: str, at: datetime
) -> Kept[CallCount]:
    """Keep the counts, each day and period once. `source` names the file that they are from."""
    table, days = tables.calls, {count.day for count in counts}
    held = _held(connection, table, CallCount, charter, table.c.day.in_(days))
    periods: defaultdict[date, set[str]] = defaultdict(set)
    for day, period in held:
        periods[day].add(period)
    possible: list[CallCount] = []
    refused: list[tuple[CallCount, str]] = []
    for count in counts:
        try:
            check_period(count, periods[count.day])
        except InvalidCommand as error:
            refused.append((count, str(error)))
            continue
        periods[count.day].add(count.period)
        possible.append(count)
    kept = _keep(connection, table, possible, held, charter=charter, source=source, imported_at=at)
    kept.refused.extend(refused)
    return kept


def keep_responses(
    connection: Connection, charter: str, responses: Sequence[SurveyResponse], at: datetime
) -> Kept[SurveyResponse]:
    """Keep the responses, each id once."""
    table, ids = tables.satisfaction, [response.response_id for response in responses]
    held = _held(connection, table, SurveyResponse, charter, table.c.response_id.in_(ids))
    gone = {key for key, each in held.items() if each.comment == ERASED}
    given = [replace(each, comment=ERASED) if each.key in gone else each for each in responses]
    return _keep(connection, table, given, held, charter=charter, imported_at=at)


def _held(
    connection: Connection,
    table: Table,
    kind: type[Measured],
    charter: str,
    among: ColumnElement[bool],
) -> dict[Any, Measured]:
    """What is on record by its key; one import at a time compares with it."""
    lock_table(connection, table)
    rows: Any = connection.execute(
        select(table).where(table.c.charter == charter, among)
    ).mappings()
    rows = read_words(connection, table, rows) if table in WORDS else rows
    found = [kind(**{each.name: row[each.name] for each in fields(kind)}) for row in rows]
    return {each.key: each for each in found}


def _keep(
    connection: Connection,
    table: Table,
    given: Sequence[Measured],
    held: dict[Any, Measured],
    **more: Any,
) -> Kept[Measured]:
    kept: Kept[Measured] = Kept()
    for each in given:
        before = held.get(each.key)
        if before is None:
            kept.new.append(each)
        elif before == each:
            kept.unchanged.append(each)
        else:
            kept.superseded.append((before, each))
    rows = [asdict(row) | more for row in (*kept.new, *(now for _, now in kept.superseded))]
    if table in WORDS:
        rows = [sealed_within(connection, table, row, row["reference"]) for row in rows]
    if rows:
        connection.execute(upsert(connection.dialect.name, table), rows)
    return kept


def calls_by_month(
    connection: Connection, charter: str, first: date, last: date
) -> dict[Month, CallFigure]:
    """The calls of each month from `first` to `last`, both included; no entry without a row."""
    table = tables.calls
    names = [each.name for each in fields(CallFigure)]
    sums = [func.sum(table.c[name]) for name in names]
    return {
        month: CallFigure(**{name: int(value) for name, value in zip(names, row, strict=True)})
        for month, row in _by_month(connection, table.c.day, charter, first, last, sums, [])
    }


def satisfaction_by_month(
    connection: Connection, charter: str, first: date, last: date
) -> dict[Month, SatisfactionFigure]:
    """The responses of each month from `first` to `last`, both included."""
    table, found = tables.satisfaction, defaultdict[Month, dict[int, int]](dict)
    score, count = table.c.score, func.count()
    for month, row in _by_month(
        connection, table.c.answered_on, charter, first, last, [score, count], [score]
    ):
        found[month][row[0]] = row[1]
    return {month: SatisfactionFigure(scores=scores) for month, scores in found.items()}


def _by_month(
    connection: Connection,
    day: Column[date],
    charter: str,
    first: date,
    last: date,
    what: Sequence[ColumnElement[Any]],
    also_by: Sequence[ColumnElement[Any]],
) -> list[tuple[Month, Sequence[Any]]]:
    keys = [extract("year", day), extract("month", day), *also_by]
    query = (
        select(*keys[:2], *what)
        .where(day.table.c.charter == charter, day.between(first, last))
        .group_by(*keys)
        .order_by(*keys)
    )
    return [(Month(int(row[0]), int(row[1])), row[2:]) for row in connection.execute(query)]
