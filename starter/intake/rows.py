"""Reading a file of rows: CSV or JSON Lines, one row at a time, nothing lost.

A row that cannot be read is a row with a fault, and reading goes on. Files are UTF-8, with or
without a byte-order mark, with any line ends. Must not import `temporalio`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from pydantic_core import from_json

from domain.errors import UpholdError
from starter.intake.columns import (
    COLUMNS,
    NEEDED,
    REFUSED_PREFIX,
    check_header,
    filled_in,
    to_fields,
)

_BOM: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_LINE_BYTES: Final = 1_000_000
_NOT_UTF_8: Final = "is not UTF-8 text. Save the file as UTF-8."


class IntakeError(UpholdError):
    """The file as a whole cannot be read; nothing of it was started."""


_Check = Callable[[Sequence[str]], str | None]
ToFields = Callable[[Mapping[str, str]], Mapping[str, Any]]
"""The fields that a row's cells spell."""


class Form(StrEnum):
    """How rows are written in a file, by the end of its name."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its fields, or why it has none."""

    number: int
    """The line on which it begins, counted from 1."""
    original: Mapping[str, Any]
    """As it stands in the file, to be given back if it is refused."""
    fields: Mapping[str, Any]
    fault: str | None = None


@dataclass(slots=True)
class Taking:
    """What became of the rows of a file so far, and who is told of each."""

    add_refused: Callable[[Row, str], None]
    moved: Callable[[], None] = lambda: None
    """Is called after each row."""
    tally: Counter[str] = field(default_factory=Counter)

    def refuse(self, row: Row, reason: object) -> None:
        """Count the row as refused, and give it back with the reason."""
        self.tally["refused"] += 1
        self.add_refused(row, str(reason))


def form_of(name: str, stream: io.BufferedReader, forms: Sequence[Form] = tuple(Form)) -> Form:
    """The form that the file's name says or, for `-`, its first character.

    Raises `IntakeError` for one that is not among `forms`.
    """
    suffix = Path(name).suffix.lower().removeprefix(".").replace("ndjson", Form.JSON_LINES)
    if name == "-" and len(forms) > 1:
        start = stream.peek(64).removeprefix(_BOM).lstrip()
        return Form.JSON_LINES if start.startswith(b"{") else Form.CSV
    if name != "-" and suffix not in forms:
        ends = " or ".join(f".{form}" for form in forms)
        raise IntakeError(f"{name}: what is in it? Allowed: a name that ends in {ends}, or - .")
    return forms[0] if name == "-" else Form(suffix)


def read_rows(name: str, stream: io.BufferedReader, form: Form) -> Iterator[Row]:
    """Every complaint of the file in turn; blank lines are none.

    Raises `IntakeError` before the first row for a file that is no such file at all.
    """
    if form is Form.CSV:
        return read_csv(name, stream, COLUMNS, NEEDED, to_fields)
    _named_text(name, stream)
    return _json_rows(stream)


def read_csv(
    name: str,
    stream: io.BufferedReader,
    columns: Sequence[str],
    needed: Sequence[str],
    fields: ToFields = filled_in,
) -> Iterator[Row]:
    """Every row of a CSV file with these columns; as `read_rows` otherwise."""
    check = partial(check_header, columns=columns, needed=needed)
    return _csv_rows(_named_text(name, stream), stream, check, fields)


def _named_text(name: str, stream: io.BufferedReader) -> str:
    """The file's name for a person. Raises `IntakeError` for what is no text in UTF-8."""
    name = "standard input" if name == "-" else name
    if stream.peek(2)[:2] in _UTF_16:
        raise IntakeError(f"{name}: the file is UTF-16. Save it as UTF-8.")
    return name


def _csv_rows(name: str, stream: BinaryIO, check: _Check, fields: ToFields) -> Iterator[Row]:
    # Bytes that are not UTF-8 travel as surrogates: their row is refused and given back as it was.
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    reader = csv.reader(text, strict=True)
    try:
        header = _header(name, reader, check)
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(
                    number,
                    dict.fromkeys(header, ""),
                    {},
                    f"lines {number} to {reader.line_num}: {error}.",
                )
            else:
                if any(cell.strip() for cell in cells):
                    yield _csv_row(number, header, cells, fields)
    finally:
        text.detach()


def _header(name: str, reader: Iterator[list[str]], check: _Check) -> list[str]:
    try:
        header = [column.strip() for column in next(reader)]
    except StopIteration:
        raise IntakeError(f"{name}: the file is empty; its first line names the columns.") from None
    except csv.Error as error:
        raise IntakeError(f"{name}: the first line cannot be read: {error}.") from None
    if fault := check(header):
        raise IntakeError(f"{name}: {fault}")
    return header


def _csv_row(number: int, header: list[str], cells: list[str], fields: ToFields) -> Row:
    original = dict(zip(header, cells, strict=False))
    if len(cells) != len(header):
        fault = f"the row has {len(cells)} cells, the first line has {len(header)}."
        return Row(number, original, {}, fault)
    for column, cell in original.items():
        if any("\udc80" <= each <= "\udcff" for each in cell):
            return Row(number, original, {}, f"{column}: {_NOT_UTF_8}")
    return Row(number, original, fields(original))


def _json_rows(stream: BinaryIO) -> Iterator[Row]:
    number = 0
    while line := stream.readline(_LONGEST_LINE_BYTES + 1):
        number += 1
        if len(line) > _LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            _skip_line(stream)
            fault = f"the line is longer than {_LONGEST_LINE_BYTES} bytes."
            yield Row(number, {"line": line[:200].decode(errors="replace")}, {}, fault)
            continue
        line = (line.removeprefix(_BOM) if number == 1 else line).strip()
        if line:
            yield _json_row(number, line)


def _json_row(number: int, line: bytes) -> Row:
    as_it_was = {"line": line.decode(errors="backslashreplace")}
    try:
        line.decode()
        # Not the standard library's parser: nesting without end would use up Python's stack.
        found = from_json(line, allow_inf_nan=False)
    except UnicodeDecodeError:
        return Row(number, as_it_was, {}, f"the line {_NOT_UTF_8}")
    except ValueError as error:
        return Row(number, as_it_was, {}, f"the line is not JSON: {error}.")
    if not isinstance(found, dict):
        return Row(number, as_it_was, {}, "the line is not a JSON object: {…}.")
    original = cast(dict[str, Any], found)
    fields = {key: value for key, value in original.items() if key != REFUSED_PREFIX}
    return Row(number, fields, fields)


def _skip_line(stream: BinaryIO) -> None:
    while (more := stream.readline(_LONGEST_LINE_BYTES)) and not more.endswith(b"\n"):
        pass
