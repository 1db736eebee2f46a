"""Owns the columns of files of measures, and what a row's cells spell.

Whether what they spell can be true is decided in `domain.quality.measures`. Must not import `temporalio`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from domain.errors import InvalidCommand
from domain.quality.measures import CallCount, SurveyResponse, check_calls, check_response
from starter.columns import REFUSED_PREFIX, check_header
from starter.rows import IntakeError, Row, read_table

LONGEST_NAME: Final = 200
LONGEST_COMMENT: Final = 10_000
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Measured = TypeVar("Measured", CallCount, SurveyResponse)


@dataclass(frozen=True, slots=True)
class MeasureFile(Generic[Measured]):
    """One kind of file: its columns, what a row of it spells, and whether that can be true."""

    columns: Sequence[str]
    needed: Sequence[str]
    parse: Callable[[Mapping[str, str]], Measured]
    check: Callable[[Measured, date], None]

    def read(self, row: Row, today: date) -> Measured:
        """What the row says. Raises `InvalidCommand` with field, value and what is allowed."""
        if row.fault is not None:
            raise InvalidCommand(row.fault)
        found = self.parse(row.fields)
        self.check(found, today)
        return found


def rows_of(
    name: str, stream: io.BufferedReader, columns: Sequence[str], needed: Sequence[str]
) -> Iterator[Row]:
    """The rows of a CSV file with these columns. Raises `IntakeError` for what is no such file."""
    if name != "-" and Path(name).suffix.lower() != ".csv":
        raise IntakeError(f"{name}: what is in it? Allowed: a name that ends in .csv, or - .")
    return read_table(name, stream, lambda header: check_header(header, columns, needed), cells)


def cells(row: Mapping[str, str]) -> Mapping[str, Any]:
    """The cells that are filled in, without what a refused file adds to them."""
    return {
        # The ledger cannot hold NUL; left in, a row would differ from itself at every import.
        name: cell.strip().replace("\x00", "\ufffd")
        for name, cell in row.items()
        if cell.strip() and not name.startswith(REFUSED_PREFIX)
    }


def _calls(given: Mapping[str, str]) -> CallCount:
    return CallCount(
        day=_day(given, "day"),
        period=_text(given, "period", LONGEST_NAME) or "",
        offered=_number(given, "offered"),
        answered=_number(given, "answered"),
        answered_within_target=_number(given, "answered_within_target"),
    )


def _response(given: Mapping[str, str]) -> SurveyResponse:
    return SurveyResponse(
        response_id=_needed(given, "response_id", LONGEST_NAME),
        answered_on=_day(given, "answered_on"),
        score=_number(given, "score"),
        reference=_text(given, "reference", LONGEST_NAME),
        comment=_text(given, "comment", LONGEST_COMMENT),
    )


CALLS: Final = MeasureFile(
    columns=("day", "period", "offered", "answered", "answered_within_target"),
    needed=("day", "offered", "answered", "answered_within_target"),
    parse=_calls,
    check=check_calls,
)
SATISFACTION: Final = MeasureFile(
    columns=("response_id", "answered_on", "score", "reference", "comment"),
    needed=("response_id", "answered_on", "score"),
    parse=_response,
    check=check_response,
)


def _text(given: Mapping[str, str], name: str, longest: int) -> str | None:
    found = given.get(name)
    if found is not None and len(found) > longest:
        raise InvalidCommand(
            f"{name}: it has {len(found)} characters.", f"Allowed: {longest} at most."
        )
    return found


def _needed(given: Mapping[str, str], name: str, longest: int) -> str:
    found = _text(given, name, longest)
    if found is None:
        raise InvalidCommand(f"{name}: it is missing.")
    return found


def _number(given: Mapping[str, str], name: str) -> int:
    found = _needed(given, name, LONGEST_NAME)
    if not _NUMBER.fullmatch(found):
        raise InvalidCommand(
            f"{name}: {found[:40]!r} is not a whole number.", "Allowed: digits alone, as in 1204."
        )
    return int(found)


def _day(given: Mapping[str, str], name: str) -> date:
    found = _needed(given, name, LONGEST_NAME)
    try:
        if not _DAY.fullmatch(found):
            raise ValueError
        return date.fromisoformat(found)
    except ValueError:
        raise InvalidCommand(
            f"{name}: {found[:40]!r} is not a date.", "Allowed: year, month and day, as 2026-10-16."
        ) from None
