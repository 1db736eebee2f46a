"""Reading complaints from files: whatever the file is like, each row is read or told."""

from __future__ import annotations

import io

import pytest

from starter.intake.columns import COLUMNS
from starter.intake.csv_rows import read_complaints
from starter.intake.json_rows import read_json
from starter.intake.rows import Form, IntakeError, Row, form_of

HEADER = b"reference,charter,received_at,channel,about,details,complainant.name\n"
LINE = "A-1,customer-promise,2026-01-05T10:00:00Z,email,delay;conduct,Hello,Ann"


def rows(content: bytes, form: Form = Form.CSV) -> list[Row]:
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(content))
    if form is Form.CSV:
        return list(read_complaints("file", stream))
    return list(read_json("file", stream, form))


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


def test_what_stands_in_a_column_without_a_name_is_told_as_that() -> None:
    nameless = HEADER.replace(b"about,", b"about,,")
    bad, good = rows(
        nameless
        + LINE.replace("Hello", "Oh,Hello").encode()
        + b"\n"
        + LINE.replace("Hello", ",Hello").encode()
    )
    assert bad.fault == "'Oh' stands in a column that the first line gives no name."
    assert (good.fault, good.fields["details"]) == (None, "Hello")


def test_a_quote_that_never_ends_is_told_with_its_lines() -> None:
    first, bad, loose = rows(HEADER + LINE.encode() + b'\n"A-2,x\nand so on\n')
    assert first.fault is None
    assert bad.fault == "line 3: a quotation mark opens a cell and is not closed."
    assert (bad.text, loose.text) == ('"A-2,x', "and so on")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"reference,charter,chanel\n", "Did you mean channel"),
        (HEADER.replace(b"charter", b"reference"), "reference more than once"),
        (b"reference,charter\n", "lacks received_at"),
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


def good(content: bytes) -> list[str]:
    return [row.fields["reference"] for row in rows(content) if row.fault is None]


@pytest.mark.parametrize(
    "content",
    [
        HEADER.strip() + b",,\n" + LINE.encode() + b",,\n",
        b"sep=,\r\n" + HEADER + LINE.encode(),
        b'"sep=;"\n' + (HEADER + LINE.replace(";", "|").encode()).replace(b",", b";"),
        (HEADER + LINE.replace(";", "/").encode()).replace(b",", b";"),
        (HEADER + LINE.encode()).replace(b",", b"\t"),
        HEADER.replace(b"reference", b"Reference").replace(b"received_at", b" Received At ")
        + LINE.encode(),
    ],
    ids=["empty columns", "sep=,", "sep=;", "semicolons", "tabs", "capitals and spaces"],
)
def test_a_file_is_read_as_spreadsheets_write_it(content: bytes) -> None:
    (row,) = rows(content)
    assert row.fault is None
    assert row.fields["about"] == ["delay", "conduct"]
    assert row.fields["received_at"] == "2026-01-05T10:00:00Z"


@pytest.mark.parametrize(
    ("written", "read"),
    [("Email", "email"), ("E-mail", "email"), ("WEB FORM", "web-form"), ("web_form ", "web-form"),
     ("carrier pigeon", "carrier pigeon")],
)  # fmt: skip
def test_a_word_of_the_contract_is_read_whatever_its_capitals(written: str, read: str) -> None:
    (row,) = rows(HEADER + LINE.replace("email", written).encode())
    assert row.fields["channel"] == read


@pytest.mark.parametrize(("written", "read"), [("cy ", "cy"), ("EN", "en"), ("en-GB", "en")])
def test_a_language_is_read_whatever_its_capitals(written: str, read: str) -> None:
    (row,) = rows(HEADER.strip() + f",complainant.language\n{LINE},{written}".encode())
    assert row.fields["complainant"]["language"] == read


@pytest.mark.parametrize("spoilt", ['"She said "no"', '"never closed', '"one" two', '"a ""b" c"'])
@pytest.mark.parametrize("others", [1, 3])
def test_a_forgotten_quotation_mark_takes_no_good_row_with_it(spoilt: str, others: int) -> None:
    lines = [LINE.replace("Hello", spoilt).replace("A-1", "A-0")]
    lines += [LINE.replace("A-1", f"A-{number}") for number in range(1, others + 1)]
    content = HEADER + "\r\n".join(lines).encode()
    assert good(content) == [f"A-{number}" for number in range(1, others + 1)]
    (bad,) = (row for row in rows(content) if row.fault)
    assert bad.text == lines[0]


@pytest.mark.parametrize("number", ["1.63296E+09", "1E+10", "1,5e+12"])
def test_a_number_that_a_spreadsheet_shortened_is_refused_wherever_it_stands(number: str) -> None:
    header = HEADER.strip() + b",complainant.phone\n"
    (row,) = rows(header + f'{LINE},"{number}"'.encode())
    assert "complainant.phone: a spreadsheet has shortened this number" in str(row.fault)


def test_the_mark_before_a_text_that_looks_like_a_formula_is_taken_off_again() -> None:
    header = HEADER.strip() + b",complainant.phone\n"
    (row,) = rows(header + f"{LINE},'+44 1632 960001".encode())
    assert row.fields["complainant"]["phone"] == "+44 1632 960001"


JSON = '{"reference": "A-1",\n "complainant": {"name": "Ann"}}\n'


@pytest.mark.parametrize("form", [Form.JSON, Form.JSON_LINES])
@pytest.mark.parametrize(
    "content", [JSON, f"[{JSON}]", f"\n [\n{JSON}\n]\n", JSON.replace("\n", "")]
)
def test_json_is_read_over_several_lines_and_as_a_list(content: str, form: Form) -> None:
    (row,) = rows(content.encode(), form)
    assert row.fault is None
    assert row.fields == {"reference": "A-1", "complainant": {"name": "Ann"}}


def test_what_is_broken_in_json_takes_nothing_good_with_it() -> None:
    found = rows(f'{JSON}{{"reference": "A-2",\n{JSON}{JSON}'.encode(), Form.JSON_LINES)
    assert [row.number for row in found if not row.fault] == [1, 4, 6]
    assert [row.original["line"] for row in found if row.fault] == ['{"reference": "A-2",']


def test_a_broken_list_is_refused_as_a_whole() -> None:
    with pytest.raises(IntakeError, match="the list is not JSON"):
        rows(b'[{"reference": "A-1"', Form.JSON)
