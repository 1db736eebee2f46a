"""The tidy table and the JSON of a report say what the report says."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from ledger.sql.ledger import SqlLedger
from reporting.formats.rows import COLUMNS, OTHER_REASONS, as_csv
from reporting.model import REPORT, Figures, Report
from tests.reporting.conftest import report_on
from tests.reporting.full import full_report

SCHEMA = Path(__file__).parents[2] / "starter" / "reference" / "json_schemas" / "report.json"


def read(report: Report) -> list[dict[str, str]]:
    """The rows as a spreadsheet reads them."""
    return list(csv.DictReader(io.StringIO(as_csv(report), newline="")))


def test_each_figure_is_a_row_of_its_own() -> None:
    rows = read(full_report())
    assert tuple(rows[0]) == COLUMNS
    keys = [tuple(value for name, value in row.items() if name != "amount") for row in rows]
    assert len(set(keys)) == len(keys)
    assert {row["charter"] for row in rows} == {"financial-ombudsman"}
    assert {row["section"] for row in rows} == {
        "complaints", "promises", "extensions", "remedies", "calls", "satisfaction", "samples",
        "assessor", "first-contact", "learning", "closed-without-answer", "feedback",
    }  # fmt: skip
    told = {(row["subject"], row["breakdown"], row["group"], row["figure"]): row for row in rows}
    assert told["FO-8/reply", "month", "2026-10", "in_time"]["amount"] == "8"
    assert told["FO-8/reply", "total", "", "reached"]["amount"] == "false"
    assert told["FO-8/reply", "reason", OTHER_REASONS, "count"]["amount"] == "2"
    assert told["independent-assessor", "recommendations", "", "done"]["amount"] == "4"


def test_what_has_no_value_has_no_row() -> None:
    figures = {row["figure"] for row in read(full_report()) if row["subject"] == "FO-9"}
    assert figures == {"in_time", "late", "open", "late_and_not_done"}


@pytest.mark.parametrize("reason", ["=1+1", "+44", "-2", "@here", "\ttab", "\rline"])
def test_no_cell_is_a_formula(reason: str) -> None:
    full = full_report()
    report = replace(full, extensions=(replace(full.extensions[0], reason=reason),))
    cells = [row["group"] for row in read(report) if row["section"] == "extensions"]
    assert cells == [f"'{reason}"]


def test_lines_quotes_and_commas_stay_within_their_cell() -> None:
    full, reason = full_report(), 'He said "no",\nand left'
    report = replace(full, extensions=(replace(full.extensions[0], reason=reason),))
    assert reason in {row["group"] for row in read(report)}


async def test_the_json_of_a_whole_year_fits_its_schema_and_is_read_again(year: SqlLedger) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for report in (await report_on(year), full_report()):
        text = REPORT.dump_json(report)
        jsonschema.Draft202012Validator(schema).validate(json.loads(text))
        assert REPORT.validate_json(text) == report
        assert json.loads(text)["version"] == 1


async def test_rows_and_report_agree_over_a_year(year: SqlLedger) -> None:
    report = await report_on(year)
    rows = read(report)
    for name in Figures.__dataclass_fields__:
        by_rows = {
            row["subject"]: float(row["amount"])
            for row in rows
            if (row["section"], row["breakdown"], row["figure"]) == ("promises", "total", name)
        }
        by_report = {one.key: getattr(one.total, name) for one in report.promises}
        assert by_rows == {key: n for key, n in by_report.items() if n is not None}
