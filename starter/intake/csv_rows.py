"""Reading a CSV file as spreadsheets write it: any of their separators, their marks, their empty columns.

A record that no reader can make out is refused by its first line alone, and reading goes on at the next
line: a quotation mark that somebody forgot takes no good row with it. Must not import `temporalio`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, BinaryIO, Final

from starter.intake.columns import COLUMNS, NEEDED, check_header, filled_in, named_as, to_fields
from starter.intake.rows import NOT_UTF_8, IntakeError, Row, named_text

ToFields = Callable[[Mapping[str, str]], Mapping[str, Any]]
"""The fields that a row's cells spell."""
LONGEST_RECORD: Final = 1_000_000
"""Characters; far more than all that a complaint may say."""
_SHORTENED: Final = re.compile(r"[0-9]([.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_SEPARATORS: Final = ",;\t|"
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


def read_complaints(name: str, stream: io.BufferedReader) -> Iterator[Row]:
    """Every complaint of a CSV file in turn, as `read_csv`."""
    return read_csv(name, stream, COLUMNS, NEEDED, to_fields)


def read_csv(
    name: str,
    stream: io.BufferedReader,
    columns: Sequence[str],
    needed: Sequence[str],
    fields: ToFields = filled_in,
) -> Iterator[Row]:
    """Every row of a CSV file with these columns in turn; blank lines are none.

    Raises `IntakeError` before the first row for a file that is no such file at all.
    """
    lines = _Lines(stream, named_text(name, stream))
    try:
        header = lines.header(columns, needed)
        while record := lines.record():
            number, text, cells = record
            if cells is None:
                yield Row(number, dict.fromkeys(header, ""), {}, lines.fault, text)
            elif any(cell.strip() for cell in cells):
                yield _row(number, header, cells, text, fields)
    finally:
        lines.leave()


class _Lines:
    """The lines of a file, read as records; lines of one that cannot be read are read again."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        # Bytes that are not UTF-8 travel as surrogates: their row is refused and given back as it was.
        self._text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        self._name, self._separator = name, ","
        self._ahead: list[str] = []
        self._number = 0
        self.fault = ""
        """Why the last record could not be read."""

    def header(self, columns: Sequence[str], needed: Sequence[str]) -> list[str]:
        """The columns that the first line names, as they are called here."""
        line = self._next()
        if marked := _SEPARATOR_LINE.fullmatch(line.strip()):
            self._separator, line = marked[1], self._next()
        if not line.strip():
            raise IntakeError(f"{self._name}: the file is empty; its first line names the columns.")
        if not marked:
            self._separator = max(_SEPARATORS, key=line.count)
        try:
            header = [named_as(cell, columns) for cell in next(self._reader([line]))]
        except csv.Error as error:
            raise IntakeError(f"{self._name}: the first line cannot be read: {error}.") from None
        while header and not header[-1]:
            header.pop()
        if fault := check_header(header, columns, needed):
            raise IntakeError(f"{self._name}: {fault}")
        return header

    def record(self) -> tuple[int, str, list[str] | None] | None:
        """The next record: its first line's number, its text, its cells; none at the end."""
        number, first = self._number + 1, self._next()
        if not first:
            return None
        read, size = [first], len(first)

        def lines() -> Iterator[str]:
            nonlocal size
            yield first
            while size <= LONGEST_RECORD and (more := self._next()):
                read.append(more)
                size += len(more)
                yield more

        try:
            cells = next(self._reader(lines()))
        except csv.Error as error:
            self.fault = self._told(error, number, len(read))
            self._ahead = [*read[1:], *self._ahead]
            self._number = number
            return number, first.rstrip("\r\n"), None
        return number, "".join(read).rstrip("\r\n"), cells

    def leave(self) -> None:
        """Let go of the stream, which stays open."""
        self._text.detach()

    def _told(self, error: csv.Error, number: int, lines: int) -> str:
        if lines > 1 or "unexpected end" in str(error):
            return f"line {number}: a quotation mark opens a cell and is not closed."
        return f"line {number}: {error}."

    def _reader(self, lines: Iterator[str] | list[str]) -> Iterator[list[str]]:
        return csv.reader(lines, strict=True, delimiter=self._separator)

    def _next(self) -> str:
        line = self._ahead.pop(0) if self._ahead else self._text.readline(LONGEST_RECORD)
        self._number += bool(line)
        return line


def _row(number: int, header: list[str], cells: list[str], text: str, fields: ToFields) -> Row:
    whole = [*cells, *[""] * (len(header) - len(cells))]
    original = dict(zip(header, whole, strict=False))
    nameless = [
        cell for name, cell in zip_longest(header, cells) if not name and cell and cell.strip()
    ]
    original.pop("", None)
    if len(cells) < len(header) or nameless:
        fault = f"the row has {len(cells)} cells, the first line has {len(header)}."
        if len(cells) == len(header):
            fault = f"{nameless[0][:40]!r} stands in a column that the first line gives no name."
        return Row(number, original, {}, fault, text)
    for column, cell in original.items():
        if any("\udc80" <= each <= "\udcff" for each in cell):
            return Row(number, original, {}, f"{column}: {NOT_UTF_8}")
        if _SHORTENED.fullmatch(cell.strip()):
            fault = "a spreadsheet has shortened this number. Keep the column as text"
            return Row(number, original, {}, f"{column}: {fault}, and fill it in again.")
    return Row(number, original, fields(original))
