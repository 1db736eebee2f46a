"""Taking in a file of measures: batch by batch, each row once, nothing lost.

What is wrong with one row refuses that row and goes on; what is wrong with the ledger stops it,
and it can be run again: what is on record already is not kept twice. Whether what a row spells can be
true is decided in `domain.quality.measures`. Must not import `temporalio`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from typing import Any, Final, Generic, TypeVar

from domain.errors import InvalidCommand
from domain.quality.measures import CallCount, SurveyResponse, check_calls, check_response
from ledger.quality.measures import Kept
from starter.intake.rows import Row, Taking

BATCH: Final = 1000
"""Rows in one transaction: workers write to the same ledger, and wait for no longer than that."""
_LONGEST: Final = {"comment": 10_000}
_LONGEST_ELSE: Final = 200
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Measured = TypeVar("Measured", CallCount, SurveyResponse)


def columns(kind: type[Measured]) -> tuple[list[str], list[str]]:
    """The columns of a file of that kind, and those of them that it must have."""
    return (
        [each.name for each in fields(kind)],
        [each.name for each in fields(kind) if each.default is MISSING],
    )


@dataclass(slots=True)
class MeasureIntake(Generic[Measured]):
    """Reads, checks and keeps the rows of one file."""

    kind: type[Measured]
    keep: Callable[[list[Measured]], Awaitable[Kept[Measured]]]
    taking: Taking
    today: date
    corrections: list[str] = field(default_factory=list)
    """What was on record of each row that took the place of another, and what stands now."""
    _seen: dict[Any, Measured] = field(default_factory=dict)
    _waiting: dict[Any, tuple[Row, Measured]] = field(default_factory=dict)

    async def take(self, rows: Iterable[Row]) -> None:
        """Take every row."""
        for row in rows:
            self.taking.tally["rows"] += 1
            try:
                self._read(row)
            except InvalidCommand as error:
                self.taking.refuse(row, error)
            if len(self._waiting) >= BATCH:
                await self._keep_waiting()
            self.taking.moved()
        await self._keep_waiting()

    def _read(self, row: Row) -> None:
        found = _measured(self.kind, row)
        if isinstance(found, CallCount):
            check_calls(found, self.today)
        else:
            check_response(found, self.today)
        earlier = self._seen.get(found.key)
        if earlier == found:
            self.taking.tally["repeated"] += 1
            return
        if earlier is not None:
            raise InvalidCommand(
                f"{_name(found)} stands earlier in the file with another content.",
                "Allowed: one row for each.",
            )
        self._seen[found.key] = found
        self._waiting[found.key] = (row, found)

    async def _keep_waiting(self) -> None:
        if not self._waiting:
            return
        kept = await self.keep([found for _, found in self._waiting.values()])
        for became in ("new", "superseded", "unchanged"):
            self.taking.tally[became] += len(getattr(kept, became))
        self.corrections += [_correction(old, new) for old, new in kept.superseded]
        for found, reason in kept.refused:
            self.taking.refuse(self._waiting[found.key][0], reason)
        self._waiting.clear()


def _measured(kind: type[Measured], row: Row) -> Measured:
    """What the row says. Raises `InvalidCommand` with field, value and what is allowed."""
    if row.fault is not None:
        raise InvalidCommand(row.fault)
    cells: dict[str, Any] = {each.name: _cell(each, row.fields) for each in fields(kind)}
    return kind(**{name: value for name, value in cells.items() if value is not None})


def _cell(column: Field[Any], cells: Mapping[str, str]) -> str | int | date | None:
    name, found = column.name, cells.get(column.name)
    if found is None:
        if column.default is MISSING:
            raise InvalidCommand(f"{name}: it is missing.")
        return None
    longest = _LONGEST.get(name, _LONGEST_ELSE)
    if len(found) > longest:
        raise InvalidCommand(
            f"{name}: it has {len(found)} characters.", f"Allowed: {longest} at most."
        )
    if column.type == "int":
        if not _NUMBER.fullmatch(found):
            raise InvalidCommand(
                f"{name}: {found[:40]!r} is not a whole number.",
                "Allowed: digits alone, as in 1204.",
            )
        return int(found)
    return _day(name, found) if column.type == "date" else found


def _day(name: str, text: str) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidCommand(
            f"{name}: {text[:40]!r} is not a date.", "Allowed: year, month and day, as 2026-10-16."
        ) from None


def _correction(old: Measured, new: Measured) -> str:
    pairs = {each.name: (getattr(old, each.name), getattr(new, each.name)) for each in fields(new)}
    # What somebody wrote is not repeated where a command's output may be kept.
    said = [
        name if name == "comment" else f"{name} {_shown(before)} → {_shown(now)}"
        for name, (before, now) in pairs.items()
        if before != now
    ]
    return f"{_name(new)}: {', '.join(said)}"


def _name(row: CallCount | SurveyResponse) -> str:
    return " ".join(filter(None, map(str, row.key))) if isinstance(row, CallCount) else row.key


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)
