"""Charter files on disk: those that ship with the product, and an organisation's own.

Owns reading them. A charter that is returned has been checked and has no fault.
Must not be imported by `domain` or `workflows`.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from charters.bank_holidays import REGIONS
from charters.calendars import time_zones
from charters.faults import CharterFaults, faults_of
from charters.finding import all_charters, find_charter
from domain.charter.checks.charter import faults
from domain.charter.tables import Charter
from domain.errors import CharterError
from letters.languages import languages

__all__ = ["CharterBook", "CharterFaults", "all_charters", "find_charter", "load_charter"]


def load_charter(path: Path) -> Charter:
    """The charter that the file holds. Raises `CharterFaults` with every fault of the file."""
    file = str(path)
    content = _content(path)
    try:
        charter = Charter.model_validate(content, by_alias=True, by_name=False)
    except ValidationError as error:
        raise CharterFaults(faults_of(error, content, file)) from None
    found = [
        CharterError(f"{file}: {fault.where}", fault.key, fault.what, fault.allowed)
        for fault in faults(charter, REGIONS, time_zones(), languages())
    ]
    if charter.id != path.stem:
        what = f"the charter is {charter.id!r} but its file is named {path.name!r}"
        found.insert(
            0, CharterError(f"{file}: charter", "id", what, f"{path.stem!r}, or another name")
        )
    if found:
        raise CharterFaults(found)
    return charter


class CharterBook:
    """Every charter that is known here. A file that changes is read again when next asked for."""

    def __init__(self, extra_dir: Path | None = None) -> None:
        """`extra_dir` is a folder of further charters, besides those that ship."""
        self._extra_dir = extra_dir
        self._read: dict[Path, tuple[tuple[int, int], Charter]] = {}

    def ids(self) -> tuple[str, ...]:
        """The ids of the charters, sorted."""
        return tuple(all_charters(self._extra_dir))

    def get(self, charter_id: str) -> Charter:
        """The charter of that id. Raises `UnknownCharter` or `CharterFaults`."""
        path = find_charter(charter_id, self._extra_dir)
        found = path.stat()
        stamp = (found.st_mtime_ns, found.st_size)
        if self._read.get(path, (None,))[0] != stamp:
            self._read[path] = (stamp, load_charter(path))
        return self._read[path][1]


def _content(path: Path) -> dict[str, Any]:
    file = str(path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        fault = CharterError(
            file, "the file", f"cannot be read: {reason}", "a charter file (.toml)"
        )
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        fault = CharterError(file, f"line {line}", "is not UTF-8 text", "a file saved as UTF-8")
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"(.*) \((?:at )?(.*)\)", str(error), re.DOTALL)
        what, at = (found[1], found[2]) if found else (str(error), "the file")
        fault = CharterError(
            file, at, f"is not TOML: {what}", "TOML as https://toml.io describes it"
        )
    raise CharterFaults([fault])
