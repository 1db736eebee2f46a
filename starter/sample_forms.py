"""Owns the form of a sample: a CSV file with a row for each case and a column for each check.

What is drawn is written into it, and what somebody filled in is read from it. Must not import
`temporalio`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.errors import InvalidCommand
from domain.quality.sampling import FORM_COLUMNS, Sample
from starter.measure_rows import rows_of
from starter.rows import Row

REFERENCE, HANDLER, NOTE = FORM_COLUMNS
NEEDED: Final = (REFERENCE,)


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in one row of a form."""

    reference: str
    given: Mapping[str, str]
    """What was answered for each check."""
    note: str | None

    @property
    def blank(self) -> bool:
        """Whether nobody has looked at the case yet."""
        return not self.given and self.note is None


def columns(sample: Sample) -> tuple[str, ...]:
    """The columns of the sample's form."""
    return (REFERENCE, HANDLER, *(check.id for check in sample.checklist), NOTE)


def form_of(sample: Sample) -> str:
    """The form with every case of the sample, filled in as far as results are on record."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns(sample), restval="", lineterminator="\r\n")
    writer.writeheader()
    for item in sample.items:
        known = {REFERENCE: item.reference, HANDLER: item.handler_id or "", NOTE: item.note or ""}
        writer.writerow({**known, **(item.results or {})})
    return out.getvalue()


def read_form(name: str, stream: io.BufferedReader, sample: Sample) -> Iterator[Row]:
    """The rows of a form. Raises `IntakeError` for what is no form of this sample."""
    return rows_of(name, stream, columns(sample), NEEDED)


def filled(row: Row) -> Filled:
    """What the row says. Raises `InvalidCommand` where it cannot be read or names no case."""
    if row.fault is not None:
        raise InvalidCommand(row.fault)
    if REFERENCE not in row.fields:
        raise InvalidCommand(f"{REFERENCE}: it is missing.")
    given = {name: cell for name, cell in row.fields.items() if name not in FORM_COLUMNS}
    return Filled(row.fields[REFERENCE], given, row.fields.get(NOTE))
