"""Quality samples in the ledger: what each was drawn from, its cases and their results.

Owns how samples are kept. Who is drawn and what may be recorded is decided in `domain.quality.sampling`.

`sample_items.results` is a JSON object of check ids and answers (`yes`, `no`, `not-applicable`) in
the checklist's order, null until somebody has looked; `samples.checklist` a JSON list of objects
with `id`, `text` and `source`.
"""

from __future__ import annotations

import json
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, delete, select

from activities.ledger import schema
from activities.ledger.sql import SqlLedger
from activities.ledger.upserts import insert_into
from domain.calendar.months import Month
from domain.charter.feature_tables import SampleCheck
from domain.errors import Refused
from domain.quality.sampling import Answer, Candidate, Item, Recipe, Sample, check_replaceable

_CHECKLIST: TypeAdapter[tuple[SampleCheck, ...]] = TypeAdapter(tuple[SampleCheck, ...])


class SqlSamples:
    """The samples of a ledger in a database; every method may raise `LedgerUnavailable`."""

    def __init__(self, ledger: SqlLedger) -> None:
        """The ledger stays the caller's to close."""
        self._ledger = ledger

    async def closed_between(
        self, charter: str, start: datetime, end: datetime
    ) -> tuple[Candidate, ...]:
        """Every complaint that stands closed since an instant from `start` to before `end`."""
        return await self._ledger.reading(lambda c: _closed_between(c, charter, start, end))

    async def sample(self, charter: str, month: Month) -> Sample | None:
        """The sample of a month; none while none was drawn."""
        return await self._ledger.reading(lambda c: read_sample(c, charter, month))

    async def keep(self, sample: Sample, *, replace: bool = False) -> Sample:
        """Keep the sample, and return the one that stands: an earlier one, unless it is replaced.

        Raises `Refused` if an earlier one is to be replaced that has results.
        """
        return await self._ledger.writing(lambda c: _keep(c, sample, replace=replace))

    async def record(self, sample: Sample, item: Item) -> None:
        """Keep what was found in one case; it takes the place of what was found before.

        Raises `Refused` if the case is not in the sample, or the sample is not the one that stands.
        """
        await self._ledger.writing(lambda c: _record(c, sample, item))


def _closed_between(
    connection: Connection, charter: str, start: datetime, end: datetime
) -> tuple[Candidate, ...]:
    table = schema.complaints
    query = (
        select(table.c.reference, table.c.handler_id, table.c.closed_how)
        .where(table.c.charter == charter, table.c.closed_at >= start, table.c.closed_at < end)
        .order_by(table.c.reference)
    )
    return tuple(
        Candidate(reference=row.reference, handler_id=row.handler_id, closed_how=row.closed_how)
        for row in connection.execute(query)
    )


def read_sample(connection: Connection, charter: str, month: Month) -> Sample | None:
    """The sample of a month within a connection that somebody else opened."""
    table, items = schema.samples, schema.sample_items
    query = select(table).where(table.c.charter == charter, table.c.month == str(month))
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    cases = (
        select(items)
        .where(items.c.charter == charter, items.c.month == str(month))
        .order_by(items.c.position)
    )
    return Sample(
        recipe=Recipe(
            charter=charter,
            month=month,
            seed=row["seed"],
            size=row["size"],
            per_handler=row["per_handler"],
        ),
        checklist=_CHECKLIST.validate_json(row["checklist"]),
        population=row["population"],
        drawn_at=row["drawn_at"],
        items=tuple(_item(case) for case in connection.execute(cases).mappings()),
    )


def _item(row: RowMapping) -> Item:
    results = None
    if row["results"] is not None:
        results = {check: Answer(said) for check, said in json.loads(row["results"]).items()}
    names = ("reference", "handler_id", "reviewed_by", "reviewed_at", "note")
    return Item(**{name: row[name] for name in names}, results=results)


def _keep(connection: Connection, sample: Sample, *, replace: bool) -> Sample:
    recipe = sample.recipe
    _lock(connection)
    held = read_sample(connection, recipe.charter, recipe.month)
    if held is not None and not replace:
        return held
    if held is not None:
        check_replaceable(held)
        for table in (schema.sample_items, schema.samples):
            ours = (table.c.charter == recipe.charter) & (table.c.month == str(recipe.month))
            connection.execute(delete(table).where(ours))
    _insert(connection, sample)
    return sample


def _insert(connection: Connection, sample: Sample) -> None:
    recipe = sample.recipe
    key = {"charter": recipe.charter, "month": str(recipe.month)}
    row = {
        **key,
        "seed": recipe.seed,
        "size": recipe.size,
        "per_handler": recipe.per_handler,
        "checklist": _CHECKLIST.dump_json(sample.checklist).decode(),
        "population": sample.population,
        "drawn_at": sample.drawn_at,
    }
    dialect = connection.dialect.name
    connection.execute(insert_into(dialect, schema.samples), row)
    cases = [
        {**key, "position": position, "reference": item.reference, "handler_id": item.handler_id}
        for position, item in enumerate(sample.items, 1)
    ]
    if cases:
        connection.execute(insert_into(dialect, schema.sample_items), cases)


def _record(connection: Connection, sample: Sample, item: Item) -> None:
    recipe, drawn, table = sample.recipe, schema.samples, schema.sample_items
    sample.item(item.reference)
    _lock(connection)
    stands = select(drawn.c.month).where(
        drawn.c.charter == recipe.charter,
        drawn.c.month == str(recipe.month),
        drawn.c.seed == recipe.seed,
        drawn.c.drawn_at == sample.drawn_at,
    )
    kept = connection.execute(
        table.update()
        .where(
            table.c.charter == recipe.charter,
            table.c.month == str(recipe.month),
            table.c.reference == item.reference,
            stands.exists(),
        )
        .values(
            reviewed_by=item.reviewed_by,
            reviewed_at=item.reviewed_at,
            results=None if item.results is None else json.dumps(dict(item.results)),
            note=item.note,
        )
    )
    if kept.rowcount != 1:
        raise Refused(
            f"The sample of {recipe.month} was drawn anew in the meantime:"
            f" what was found in {item.reference} was not recorded.",
            "Allowed: results for the sample that stands now (uphold sample show).",
        )


def _lock(connection: Connection) -> None:
    """Let one at a time see which sample stands and change it; SQLite's write lock does that."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE samples IN SHARE ROW EXCLUSIVE MODE")
