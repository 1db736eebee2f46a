"""The form of a sample: a CSV file with a row for each case and a column for each check.

What is drawn is written into it, and what somebody filled in is recorded from it, each case once. Must
not import `temporalio`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from domain.complaint.commands import Actor
from domain.errors import InvalidCommand, Refused
from domain.quality.sampling import FORM_COLUMNS, Sample, check_role
from reporting.formats.cells import harmless
from starter.desk.samples import SampleDesk
from starter.intake.csv_rows import read_csv
from starter.intake.rows import Row, Taking

REFERENCE, HANDLER, NOTE = FORM_COLUMNS


def form_of(sample: Sample) -> str:
    """The form with every case of the sample, filled in as far as results are on record."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _columns(sample), restval="", lineterminator="\r\n")
    writer.writeheader()
    for item in sample.items:
        known = {REFERENCE: item.reference, HANDLER: item.handler_id or "", NOTE: item.note or ""}
        cells = {**known, **(item.results or {})}
        writer.writerow({name: harmless(cell) for name, cell in cells.items()})
    return out.getvalue()


def read_form(name: str, stream: io.BufferedReader, sample: Sample) -> Iterator[Row]:
    """The rows of a form. Raises `IntakeError` for what is no form of this sample."""
    return read_csv(name, stream, _columns(sample), (REFERENCE,))


async def record_form(
    rows: Iterator[Row], taking: Taking, desk: SampleDesk, sample: Sample, by: Actor, now: datetime
) -> None:
    """Record what was filled in. Raises `WrongRole` before the first row."""
    check_role(by.role)
    seen: set[str] = set()
    for row in rows:
        taking.tally["rows"] += 1
        try:
            reference = _case(row, sample, seen)
            given = {name: cell for name, cell in row.fields.items() if name not in FORM_COLUMNS}
            note = row.fields.get(NOTE)
            if given or note:
                became = str(await desk.record(sample, reference, given, note, by, now))
            else:
                became = "passed_over"
            taking.tally[became] += 1
        except Refused as error:
            taking.refuse(row, error)
        taking.moved()


def _case(row: Row, sample: Sample, seen: set[str]) -> str:
    """The reference of the case. Raises the reason why nothing can be recorded for this row."""
    if row.fault is not None:
        raise InvalidCommand(row.fault)
    if REFERENCE not in row.fields:
        raise InvalidCommand(f"{REFERENCE}: it is missing.")
    reference: str = row.fields[REFERENCE]
    if reference in seen:
        raise InvalidCommand(
            f"reference: {reference} stands earlier in the file.",
            "Allowed: one row for each case.",
        )
    seen.add(reference)
    return sample.item(reference).reference


def _columns(sample: Sample) -> tuple[str, ...]:
    return (REFERENCE, HANDLER, *(check.id for check in sample.checklist), NOTE)
