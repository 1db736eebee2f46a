"""Quality samples in the ledger: what each was drawn from, its cases and their results.

Owns how samples are kept: each as one JSON text beside its charter and month. Who is drawn and what
may be recorded is decided in `domain.quality.sampling`. Every function works within a connection
that `SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from domain.calendar.months import Month
from domain.errors import Refused
from domain.quality.sampling import Candidate, Item, Sample, check_replaceable
from ledger.sql import tables
from ledger.sql.statements import lock_table, upsert

_SAMPLE: Final[TypeAdapter[Sample]] = TypeAdapter(Sample)


def closed_between(
    connection: Connection, charter: str, start: datetime, end: datetime
) -> tuple[Candidate, ...]:
    """Every complaint that stands closed since an instant from `start` to before `end`."""
    table = tables.complaints.c
    query = (
        select(table.reference, table.handler_id, table.closed_how)
        .where(table.charter == charter, table.closed_at >= start, table.closed_at < end)
        .order_by(table.reference)
    )
    return tuple(Candidate(**row) for row in connection.execute(query).mappings())


def sample_of(connection: Connection, charter: str, month: Month) -> Sample | None:
    """The sample of a month; none while none was drawn."""
    table = tables.samples.c
    query = select(table.body).where(table.charter == charter, table.month == str(month))
    body = connection.scalar(query)
    return None if body is None else _SAMPLE.validate_json(body)


def keep_sample(connection: Connection, sample: Sample, *, replace: bool = False) -> Sample:
    """Keep the sample, and return the one that stands: an earlier one, unless it is replaced.

    Raises `Refused` if an earlier one is to be replaced that has results.
    """
    held = _standing(connection, sample)
    if held is not None and not replace:
        return held
    if held is not None:
        check_replaceable(held)
    _write(connection, sample)
    return sample


def keep_result(connection: Connection, sample: Sample, item: Item) -> None:
    """Keep what was found in one case; it takes the place of what was found before.

    Raises `Refused` if the case is not in the sample, or the sample is not the one that stands.
    """
    sample.item(item.reference)
    held = _standing(connection, sample)
    if held is None or (held.recipe, held.drawn_at) != (sample.recipe, sample.drawn_at):
        raise Refused(
            f"The sample of {sample.recipe.month} was drawn anew in the meantime:"
            f" what was found in {item.reference} was not recorded.",
            "Allowed: results for the sample that stands now (uphold sample show).",
        )
    items = tuple(item if each.reference == item.reference else each for each in held.items)
    _write(connection, replace(held, items=items))


def _standing(connection: Connection, sample: Sample) -> Sample | None:
    """The sample that stands for the month; one at a time sees and changes it."""
    lock_table(connection, tables.samples)
    return sample_of(connection, sample.recipe.charter, sample.recipe.month)


def _write(connection: Connection, sample: Sample) -> None:
    row = {
        "charter": sample.recipe.charter,
        "month": str(sample.recipe.month),
        "body": _SAMPLE.dump_json(sample).decode(),
    }
    connection.execute(upsert(connection.dialect.name, tables.samples), row)
