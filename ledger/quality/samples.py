"""Quality samples in the ledger: what each was drawn from, its cases and their results.

Owns how samples are kept: each as one JSON text beside its charter and month, in which the note on a case stands
sealed under the key of that complaint. Who is drawn and what
may be recorded is decided in `domain.quality.sampling`. Every function works within a connection
that `SqlLedger.reading` or `SqlLedger.writing` opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from domain.calendar.months import Month
from domain.errors import Refused
from domain.quality.sampling import Candidate, Item, Sample, check_replaceable
from ledger.keys.words import sealed_text, texts_sealed_so
from ledger.sql import tables
from ledger.sql.statements import lock_table, upsert

_SAMPLE: Final[TypeAdapter[Sample]] = TypeAdapter(Sample)
_PROOFS: Final = "proofs"
"""Where the text keeps issuer and id of the token that proved who looked at a case, by its reference."""
_NOTES: Final = "notes"
"""Where the text keeps what was noted on a case, by its reference: the key's id, and what it sealed."""


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
    return None if body is None else _read(connection, body)


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


def keep_result(
    connection: Connection,
    sample: Sample,
    item: Item,
    proof: tuple[str | None, str | None] | None = None,
) -> None:
    """Keep what was found in one case; it takes the place of what was found before.

    `proof` is issuer and id of the token that proved who found it. Raises `Refused` if the case is not in the sample, or the sample is not the one that stands.
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
    proofs = _proofs(connection, sample) | {item.reference: proof or (None, None)}
    _write(connection, replace(held, items=items), proofs)


def _standing(connection: Connection, sample: Sample) -> Sample | None:
    """The sample that stands for the month; one at a time sees and changes it."""
    lock_table(connection, tables.samples)
    return sample_of(connection, sample.recipe.charter, sample.recipe.month)


def _proofs(connection: Connection, sample: Sample) -> dict[str, Any]:
    """By what it was proven who found what, by the reference of each case."""
    table, recipe = tables.samples.c, sample.recipe
    here = (table.charter == recipe.charter, table.month == str(recipe.month))
    body = connection.scalar(select(table.body).where(*here))
    found: dict[str, Any] = json.loads(body or "{}").get(_PROOFS, {})
    return found


def _write(connection: Connection, sample: Sample, proofs: Mapping[str, Any] | None = None) -> None:
    told = _SAMPLE.dump_python(sample, mode="json")
    told[_NOTES], told[_PROOFS] = {}, proofs or {}
    for item, kept in zip(sample.items, told["items"], strict=True):
        hidden = item.note and sealed_text(connection, item.note, item.reference, _place(sample))
        if hidden:
            kept["note"] = None
            told[_NOTES][item.reference] = hidden
    row = {
        "charter": sample.recipe.charter,
        "month": str(sample.recipe.month),
        "body": json.dumps(told, ensure_ascii=False),
    }
    connection.execute(upsert(connection.dialect.name, tables.samples), row)


def _read(connection: Connection, body: str) -> Sample:
    """The sample; where a complaint of it was erased, the note on it says so."""
    told = json.loads(body)
    hidden = told.pop(_NOTES, {})
    told.pop(_PROOFS, None)
    sample = _SAMPLE.validate_python(told, strict=False)
    notes = texts_sealed_so(connection, hidden, _place(sample))
    return replace(
        sample,
        items=tuple(
            replace(each, note=notes.get(each.reference, each.note)) for each in sample.items
        ),
    )


def _place(sample: Sample) -> str:
    return f"sample {sample.recipe.charter} {sample.recipe.month}"
