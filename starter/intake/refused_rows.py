"""The file of refused rows: each as it stood, with its line and the reason.

It can be mended and read again as it is. An earlier one is never overwritten: somebody may be mending
it. Only its owner may read it, for it holds what customers wrote. Must not import `temporalio`.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
from pathlib import Path
from typing import IO, Any

from reporting.formats.cells import harmless
from starter.intake.columns import REFUSED_PREFIX
from starter.intake.rows import Form, Row

_ROW, _REASON = f"{REFUSED_PREFIX}.row", f"{REFUSED_PREFIX}.reason"
_TEXT = f"{REFUSED_PREFIX}.text"
"""The whole row as it stood in the file, where its cells cannot show it."""


class RefusedRows:
    """A file that comes into being with the first refused row."""

    def __init__(self, beside: Path, form: Form) -> None:
        """`beside` is the file that is read; this one is `<its name>.refused.<form>`."""
        self._beside = beside
        self._form = form if form is Form.CSV else Form.JSON_LINES
        self._file: IO[str] | None = None
        self._writer: csv.DictWriter[str] | None = None
        self.path: Path | None = None
        """Where it is; nothing while no row was refused."""

    def close(self) -> None:
        """Close it, if there is one."""
        if self._file is not None:
            self._file.close()

    def add(self, row: Row, reason: str) -> None:
        """Write the row with its reason; it is on disk when this returns."""
        file = self._opened(row)
        if self._writer is not None:
            # What an earlier refused file added is replaced, not repeated; the text is kept.
            text = row.text or row.original.get(_TEXT, "")
            told = {**row.original, _ROW: str(row.number), _REASON: reason, _TEXT: text}
            self._writer.writerow({name: harmless(cell) for name, cell in told.items()})
        else:
            marked: dict[str, Any] = {REFUSED_PREFIX: {"row": row.number, "reason": reason}}
            file.write(json.dumps({**row.original, **marked}, ensure_ascii=False) + "\n")
        file.flush()

    def _opened(self, row: Row) -> IO[str]:
        if self._file is None:
            self.path, self._file = _create(self._beside, self._form)
            if self._form is Form.CSV:
                columns = [name for name in row.original if name not in {_ROW, _REASON, _TEXT}]
                self._writer = csv.DictWriter(self._file, [*columns, _ROW, _REASON, _TEXT])
                self._writer.writeheader()
        return self._file


def _create(beside: Path, form: Form) -> tuple[Path, IO[str]]:
    for attempt in itertools.count(1):
        number = "" if attempt == 1 else f"-{attempt}"
        path = beside.with_name(f"{beside.stem}.refused{number}.{form}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        return path, os.fdopen(
            descriptor, "w", encoding="utf-8", errors="surrogateescape", newline=""
        )
    raise AssertionError("unreachable")
