"""A row of a file that is taken in, and what became of the rows so far.

A row that cannot be read is a row with a fault, and reading goes on: nothing is lost. Files are UTF-8, with
or without a byte-order mark, with any line ends. Must not import `temporalio`.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from domain.errors import UpholdError

BOM: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
NOT_UTF_8: Final = "is not UTF-8 text. Save the file as UTF-8."


class IntakeError(UpholdError):
    """The file as a whole cannot be read; nothing of it was started."""


class Form(StrEnum):
    """How rows are written in a file, by the end of its name."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its fields, or why it has none."""

    number: int
    """The line on which it begins, counted from 1."""
    original: Mapping[str, Any]
    """Its cells, or its fields, as they stand in the file, to be given back if it is refused."""
    fields: Mapping[str, Any]
    fault: str | None = None
    text: str = ""
    """The whole of it as it stands in the file, where cells or fields do not say it all."""


@dataclass(slots=True)
class Taking:
    """What became of the rows of a file so far, and who is told of each."""

    add_refused: Callable[[Row, str], None]
    moved: Callable[[], None] = lambda: None
    """Is called after each row."""
    tally: Counter[str] = field(default_factory=Counter)
    said: dict[str, str] = field(default_factory=dict)
    """What became of a row, by its name in `tally`, in words for a person."""

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
        start = stream.peek(64).removeprefix(BOM).lstrip()
        return Form.JSON_LINES if start.startswith((b"{", b"[")) else Form.CSV
    if name != "-" and suffix not in forms:
        ends = " or ".join(f".{form}" for form in forms)
        raise IntakeError(f"{name}: what is in it? Allowed: a name that ends in {ends}, or - .")
    return forms[0] if name == "-" else Form(suffix)


def named_text(name: str, stream: io.BufferedReader) -> str:
    """The file's name for a person. Raises `IntakeError` for what is no text in UTF-8."""
    name = "standard input" if name == "-" else name
    if stream.peek(2)[:2] in _UTF_16:
        raise IntakeError(f"{name}: the file is UTF-16. Save it as UTF-8.")
    return name
