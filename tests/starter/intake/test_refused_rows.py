"""The file of refused rows: each as it stood, harmless in a spreadsheet, and taken in again once mended."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from starter.intake.csv_rows import read_complaints
from starter.intake.refused_rows import RefusedRows
from starter.intake.rows import Form, Row

HEADER = "reference,charter,received_at,channel,about,details,complainant.name,complainant.phone\n"


def refused(content: str, folder: Path) -> list[dict[str, str]]:
    rows = _read(content)
    file = RefusedRows(folder / "file.csv", Form.CSV)
    for row in rows:
        file.add(row, row.fault or "refused by the rules")
    file.close()
    assert file.path is not None
    assert file.path.stat().st_mode & 0o077 == 0
    with file.path.open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def _read(content: str) -> list[Row]:
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(content.encode()))
    return list(read_complaints("file", stream))


@pytest.mark.parametrize(
    "line",
    [
        "A-1,short,row",
        "A-1,a,b,c,d,e,f,g,one,too many",
        'A-1,a,b,c,d,"an "unescaped" mark",f,g',
        'A-1,a,b,c,d,"never closed,f,g',
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_row_that_cannot_be_read_is_given_back_as_it_stood(
    line: str, first: bool, tmp_path: Path
) -> None:
    lines = [line, "A-2,a,b,c,d,e,f,g"]
    back = refused(HEADER + "\n".join(lines if first else reversed(lines)), tmp_path)
    assert line in {row["refused.text"] for row in back}
    assert {"A-2"} <= {row["reference"] for row in back}


def test_no_cell_of_it_is_a_formula_and_all_are_read_back(tmp_path: Path) -> None:
    line = "A-1,a,b,c,d,=HYPERLINK(1),@Ann,+44 1632 960001\n"
    (row,) = refused(HEADER + line, tmp_path)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    (again,) = _read((tmp_path / "file.refused.csv").read_text(encoding="utf-8"))
    assert again.fields["details"] == "=HYPERLINK(1)"
    assert again.fields["complainant"] == {"name": "@Ann", "phone": "+44 1632 960001"}
