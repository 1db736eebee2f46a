"""Measures in the ledger: calls, and what people answered when asked how satisfied they were.

Owns that the same row is kept once and that a corrected one takes its place. Whether a row can be
true is decided in `domain.quality.measures` before it comes here; whether calls would be counted twice
needs what is on record, and is asked there from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, extract, func, select

from activities.ledger import schema
from activities.ledger.sql import SqlLedger
from activities.ledger.upserts import upsert
from domain.calendar.months import Month
from domain.errors import InvalidCommand
from domain.quality.measures import (
    CallCount,
    CallFigure,
    SatisfactionFigure,
    SurveyResponse,
    check_period,
)

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


class SqlMeasures:
    """The measures of a ledger in a database; every method may raise `LedgerUnavailable`."""

    def __init__(self, ledger: SqlLedger) -> None:
        """The ledger stays the caller's to close."""
        self._ledger = ledger

    async def keep_calls(
        self, charter: str, counts: Sequence[CallCount], source: str, at: datetime
    ) -> Kept[CallCount]:
        """Keep the counts, each day and period once. `source` names the file that they are from."""
        more = {"charter": charter, "source": source, "imported_at": at}
        return await self._ledger.writing(lambda c: _keep_calls(c, counts, more))

    async def keep_responses(
        self, charter: str, responses: Sequence[SurveyResponse], at: datetime
    ) -> Kept[SurveyResponse]:
        """Keep the responses, each id once."""
        more = {"charter": charter, "imported_at": at}
        return await self._ledger.writing(lambda c: _keep_responses(c, responses, more))

    async def calls_by_month(
        self, charter: str, first: date, last: date
    ) -> dict[Month, CallFigure]:
        """The calls of each month from `first` to `last`, both included; no entry without a row."""
        return await self._ledger.reading(lambda c: read_calls_by_month(c, charter, first, last))

    async def satisfaction_by_month(
        self, charter: str, first: date, last: date
    ) -> dict[Month, SatisfactionFigure]:
        """The responses of each month from `first` to `last`, both included."""
        return await self._ledger.reading(
            lambda c: read_satisfaction_by_month(c, charter, first, last)
        )


def _keep_calls(
    connection: Connection, counts: Sequence[CallCount], more: Mapping[str, Any]
) -> Kept[CallCount]:
    table, charter = schema.calls, more["charter"]
    _lock(connection, table)
    days = {count.day for count in counts}
    query = _select(table, CallCount).where(table.c.charter == charter, table.c.day.in_(days))
    held = {found.key: found for found in _rows(connection, query, CallCount)}
    periods: defaultdict[date, set[str]] = defaultdict(set)
    for day, period in held:
        periods[day].add(period)
    kept: Kept[CallCount] = Kept()
    for count in counts:
        try:
            check_period(count, periods[count.day])
        except InvalidCommand as error:
            kept.refused.append((count, str(error)))
            continue
        periods[count.day].add(count.period)
        _sort(kept, count, held.get(count.key))
    _write(connection, table, kept, more)
    return kept


def _keep_responses(
    connection: Connection, responses: Sequence[SurveyResponse], more: Mapping[str, Any]
) -> Kept[SurveyResponse]:
    table, charter = schema.satisfaction, more["charter"]
    _lock(connection, table)
    ids = [response.response_id for response in responses]
    query = _select(table, SurveyResponse).where(
        table.c.charter == charter, table.c.response_id.in_(ids)
    )
    held = {found.key: found for found in _rows(connection, query, SurveyResponse)}
    kept: Kept[SurveyResponse] = Kept()
    for response in responses:
        _sort(kept, response, held.get(response.key))
    _write(connection, table, kept, more)
    return kept


def _sort(kept: Kept[Measured], given: Measured, held: Measured | None) -> None:
    if held is None:
        kept.new.append(given)
    elif held == given:
        kept.unchanged.append(given)
    else:
        kept.superseded.append((held, given))


def _write(connection: Connection, table: Table, kept: Kept[Any], more: Mapping[str, Any]) -> None:
    rows = [*kept.new, *(given for _, given in kept.superseded)]
    if rows:
        statement = upsert(connection.dialect.name, table)
        connection.execute(statement, [{**asdict(row), **more} for row in rows])


def _lock(connection: Connection, table: Table) -> None:
    """Let one import at a time compare with what is on record; SQLite's write lock does that."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")


def _select(table: Table, kind: type[Any]) -> Any:
    return select(*(table.c[each.name] for each in fields(kind)))


def _rows(connection: Connection, query: Any, kind: type[Measured]) -> Iterable[Measured]:
    return (kind(**row) for row in connection.execute(query).mappings())


def read_calls_by_month(
    connection: Connection, charter: str, first: date, last: date
) -> dict[Month, CallFigure]:
    """The calls of each month within a connection that somebody else opened."""
    table = schema.calls
    names = [each.name for each in fields(CallFigure)]
    year, month = extract("year", table.c.day), extract("month", table.c.day)
    query = (
        select(year, month, *(func.sum(table.c[name]) for name in names))
        .where(table.c.charter == charter, table.c.day.between(first, last))
        .group_by(year, month)
        .order_by(year, month)
    )
    return {
        Month(int(row[0]), int(row[1])): CallFigure(
            **{name: int(value) for name, value in zip(names, row[2:], strict=True)}
        )
        for row in connection.execute(query)
    }


def read_satisfaction_by_month(
    connection: Connection, charter: str, first: date, last: date
) -> dict[Month, SatisfactionFigure]:
    """The responses of each month within a connection that somebody else opened."""
    table = schema.satisfaction
    year, month = extract("year", table.c.answered_on), extract("month", table.c.answered_on)
    query = (
        select(year, month, table.c.score, func.count())
        .where(table.c.charter == charter, table.c.answered_on.between(first, last))
        .group_by(year, month, table.c.score)
        .order_by(year, month, table.c.score)
    )
    found: dict[Month, dict[int, int]] = {}
    for row in connection.execute(query):
        found.setdefault(Month(int(row[0]), int(row[1])), {})[row[2]] = row[3]
    return {month: SatisfactionFigure(scores=scores) for month, scores in found.items()}
