"""Reading complaints from files: whatever the file is like, each row is read or told."""

from __future__ import annotations

import io

import pytest

from starter.intake.columns import COLUMNS
from starter.intake.rows import Form, IntakeError, Row, form_of, read_rows

HEADER = b"reference,charter,received_at,channel,about,details,complainant.name\n"
LINE = "A-1,customer-promise,2026-01-05T10:00:00Z,email,delay;conduct,Hello,Ann"


def rows(content: bytes, form: Form = Form.CSV) -> list[Row]:
    return list(read_rows("file", io.BufferedReader(io.BytesIO(content)), form))


def test_columns_are_the_fields_of_the_contract_flattened() -> None:
    wanted = {"complainant.name", "subject_case.handler.id", "representative.kind", "stage"}
    assert wanted <= set(COLUMNS)


def test_a_row_becomes_nested_fields_with_its_line_number() -> None:
    (row,) = rows(HEADER + LINE.encode())
    assert row.number == 2
    assert row.fields["about"] == ["delay", "conduct"]
    assert row.fields["complainant"] == {"name": "Ann"}


def test_empty_cells_are_fields_that_are_not_given() -> None:
    header = HEADER.strip() + b",representative.kind,representative.name,remedy_sought\n"
    (row,) = rows(header + LINE.encode() + b",,,  \n")
    assert "representative" not in row.fields
    assert "remedy_sought" not in row.fields


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HEADER + LINE.encode(),
        (HEADER + LINE.encode()).replace(b"\n", b"\r\n"),
        HEADER + b"\n,,,,,,\n\n" + LINE.encode() + b"\n\n",
    ],
    ids=["byte-order mark", "CRLF", "blank lines"],
)
def test_marks_line_ends_and_blank_lines_change_nothing(content: bytes) -> None:
    (row,) = rows(content)
    assert row.fault is None
    assert row.fields["reference"] == "A-1"


def test_line_numbers_count_the_lines_of_the_file() -> None:
    two_lines = LINE.replace("Hello", '"Hello\nthere"')
    found = rows(HEADER + b"\n" + two_lines.encode() + b"\n" + LINE.encode())
    assert [row.number for row in found] == [3, 5]


def test_a_row_that_is_not_utf_8_is_told_and_the_next_one_read() -> None:
    wrong = LINE.replace("Hello", "caf\xe9").encode("latin-1")
    bad, good = rows(HEADER + wrong + b"\n" + LINE.encode())
    assert bad.fault == "details: is not UTF-8 text. Save the file as UTF-8."
    assert good.fault is None


@pytest.mark.parametrize("spoilt", [LINE + ",more", LINE.rsplit(",", 1)[0]])
def test_a_row_of_another_length_is_told(spoilt: str) -> None:
    bad, good = rows(HEADER + spoilt.encode() + b"\n" + LINE.encode())
    assert "the first line has 7" in str(bad.fault)
    assert good.fault is None


def test_a_quote_that_never_ends_is_told_with_its_lines() -> None:
    first, bad = rows(HEADER + LINE.encode() + b'\n"A-2,x\nand so on\n')
    assert first.fault is None
    assert "lines 3 to 4" in str(bad.fault)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"reference,charter,chanel\n", "Did you mean channel"),
        (HEADER.replace(b"charter", b"reference"), "reference more than once"),
        (b"reference,charter\n", "lacks received_at"),
        (HEADER.replace(b",", b";"), "Part them by ','"),
        (HEADER.decode().encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_no_such_file_is_refused_as_a_whole(content: bytes, told: str) -> None:
    with pytest.raises(IntakeError, match=told):
        rows(content)


def test_a_header_alone_holds_no_rows() -> None:
    assert rows(HEADER) == []


def test_json_lines_are_read_one_by_one_and_faults_told() -> None:
    content = b'\xef\xbb\xbf{"reference": "A-1"}\r\n\n[1]\n{oops\n"\xff"\n{"refused": {}, "a": 1}'
    found = rows(content, Form.JSON_LINES)
    assert [row.number for row in found] == [1, 3, 4, 5, 6]
    assert found[0].fields == {"reference": "A-1"}
    assert [bool(row.fault) for row in found] == [False, True, True, True, False]
    assert found[4].fields == {"a": 1}


def test_nesting_without_end_and_lines_without_end_are_told() -> None:
    deep, long, good = rows(
        b"[" * 100_000 + b"\n" + b"x" * 2_500_000 + b'\n{"a": 1}', Form.JSON_LINES
    )
    assert "not JSON" in str(deep.fault)
    assert "longer than" in str(long.fault)
    assert good.fields == {"a": 1}


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.CSV", b"", Form.CSV),
        ("a.jsonl", b"", Form.JSON_LINES),
        ("-", b'\xef\xbb\xbf  {"a": 1}', Form.JSON_LINES),
        ("-", b"reference,", Form.CSV),
    ],
)
def test_the_form_comes_from_the_name_or_the_first_character(
    name: str, content: bytes, form: Form
) -> None:
    assert form_of(name, io.BufferedReader(io.BytesIO(content))) is form


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(IntakeError, match=r"\.csv or \.jsonl"):
        form_of("a.xlsx", io.BufferedReader(io.BytesIO(b"")))
