"""Reading complaints in JSON: one a line, one over several lines, or a list of them.

Must not import `temporalio`.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, cast

from pydantic_core import from_json

from starter.intake.columns import REFUSED_PREFIX
from starter.intake.rows import BOM, NOT_UTF_8, Form, IntakeError, Row, named_text

LONGEST_BYTES: Final = 1_000_000
"""Of one complaint: far more than all that it may say."""
MOST_LINES: Final = 500
"""Over which one complaint may be written."""
LONGEST_LIST: Final = 100_000_000
"""Bytes of a list, which is read as a whole."""
_UNFINISHED: Final = "EOF while parsing"
"""What the parser says of JSON that goes on in the next line."""


def read_json(name: str, stream: io.BufferedReader, form: Form) -> Iterator[Row]:
    """Every complaint of the file in turn; blank lines are none.

    Raises `IntakeError` before the first row for a file that is no such file at all.
    """
    name = named_text(name, stream)
    if not stream.peek(LONGEST_BYTES).removeprefix(BOM).lstrip().startswith(b"["):
        return _in_lines(stream)
    content = stream.read(LONGEST_LIST + 1).removeprefix(BOM)
    try:
        if len(content) > LONGEST_LIST:
            raise IntakeError(f"{name}: the list has more than {LONGEST_LIST} bytes. Part it.")
        found = cast(list[Any], from_json(content, allow_inf_nan=False))
    except ValueError as error:
        if form is Form.JSON:
            raise IntakeError(f"{name}: the list is not JSON: {error}.") from None
        return _in_lines(io.BytesIO(content))
    return (_row_of(number, each, str(each)) for number, each in enumerate(found, start=1))


def _in_lines(stream: BinaryIO) -> Iterator[Row]:
    lines = _Lines(stream)
    while piece := lines.next():
        number, text = piece
        if len(text) > LONGEST_BYTES:
            fault = f"the line is longer than {LONGEST_BYTES} bytes."
            yield Row(number, {"line": text[:200].decode(errors="replace")}, {}, fault)
        elif text:
            yield _row(number, text)


class _Lines:
    """The lines of a file, joined where one alone is only the beginning of a complaint."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._number = stream, 0
        self._ahead: deque[bytes] = deque()

    def next(self) -> tuple[int, bytes] | None:
        """The number of the first line, and the line or the complaint that it begins; none at the end."""
        line = self._next()
        if line is None:
            return None
        number, read = self._number, [line]
        while len(read) < MOST_LINES and _unfinished(whole := b"\n".join(read)):
            if (more := self._next()) is None or len(whole) + len(more) > LONGEST_BYTES:
                self._ahead.extendleft([more] if more else ())
                break
            read.append(more)
        if len(read) == 1 or _fault(b"\n".join(read)) is None:
            return number, b"\n".join(read)
        # It becomes nothing: the first line is refused alone, the others are read for themselves.
        self._ahead.extendleft(reversed(read[1:]))
        self._number = number
        return number, line

    def _next(self) -> bytes | None:
        line = self._ahead.popleft() if self._ahead else self._read()
        self._number += line is not None
        return line

    def _read(self) -> bytes | None:
        line = self._stream.readline(LONGEST_BYTES + 1)
        if len(line) > LONGEST_BYTES and not line.endswith(b"\n"):
            while (more := self._stream.readline(LONGEST_BYTES)) and not more.endswith(b"\n"):
                pass
            return line
        return line.removeprefix(BOM).strip() if line else None


def _unfinished(text: bytes) -> bool:
    return text.startswith(b"{") and _UNFINISHED in (_fault(text) or "")


def _fault(text: bytes) -> str | None:
    try:
        # Not the standard library's parser: nesting without end would use up Python's stack.
        from_json(text, allow_inf_nan=False)
    except ValueError as error:
        return str(error)
    return None


def _row(number: int, text: bytes) -> Row:
    as_it_was = text.decode(errors="backslashreplace")
    try:
        text.decode()
    except UnicodeDecodeError:
        return Row(number, {"line": as_it_was}, {}, f"the line {NOT_UTF_8}")
    if fault := _fault(text):
        return Row(number, {"line": as_it_was}, {}, f"the line is not JSON: {fault}.")
    return _row_of(number, from_json(text), as_it_was)


def _row_of(number: int, found: Any, as_it_was: str) -> Row:
    if not isinstance(found, dict):
        return Row(number, {"line": as_it_was}, {}, "this is not a JSON object: {…}.")
    original = cast(dict[str, Any], found)
    fields = {key: value for key, value in original.items() if key != REFUSED_PREFIX}
    return Row(number, fields, fields)
