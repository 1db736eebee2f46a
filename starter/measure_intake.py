"""Owns taking in a file of measures: batch by batch, each row once, nothing lost.

What is wrong with one row refuses that row and goes on; what is wrong with the ledger stops it,
and it can be run again: what is on record already is not kept twice. Must not import `temporalio`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final, Generic, TypeVar

from activities.ledger.measures import Kept
from domain.errors import InvalidCommand
from domain.quality.measures import CallCount, SurveyResponse
from starter.measure_rows import MeasureFile
from starter.rows import Row

BATCH: Final = 1000
"""Rows in one transaction: workers write to the same ledger, and wait for no longer than that."""

Measured = TypeVar("Measured", CallCount, SurveyResponse)


@dataclass(slots=True)
class Tally:
    """What became of the rows so far."""

    rows: int = 0
    new: int = 0
    superseded: int = 0
    """Corrected: they took the place of what was on record."""
    unchanged: int = 0
    repeated: int = 0
    """The same row again, within the file."""
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Correction:
    """One row that took the place of another."""

    row: str
    """Which one: its day and period, or its id."""
    changes: dict[str, tuple[Any, Any]]
    """What was on record for a field, and what stands now."""

    def __str__(self) -> str:
        # What somebody wrote is not repeated where a command's output may be kept.
        said = [
            name if name == "comment" else f"{name} {_shown(old)} → {_shown(new)}"
            for name, (old, new) in self.changes.items()
        ]
        return f"{self.row}: {', '.join(said)}"


@dataclass(slots=True)
class MeasureIntake(Generic[Measured]):
    """Reads, checks and keeps the rows of one file."""

    file: MeasureFile[Measured]
    keep: Callable[[list[Measured]], Awaitable[Kept[Measured]]]
    refuse: Callable[[Row, str], None]
    """Is told of each refused row."""
    today: date
    tally: Tally = field(default_factory=Tally)
    corrections: list[Correction] = field(default_factory=list)
    _seen: dict[Any, Measured] = field(default_factory=dict)
    _waiting: dict[Any, tuple[Row, Measured]] = field(default_factory=dict)

    async def take(self, rows: Iterable[Row], moved: Callable[[], None] = lambda: None) -> None:
        """Take every row; `moved` is called after each has been read."""
        for row in rows:
            self.tally.rows += 1
            try:
                self._read(row)
            except InvalidCommand as error:
                self._refuse(row, str(error))
            if len(self._waiting) >= BATCH:
                await self._keep_waiting()
            moved()
        await self._keep_waiting()

    def _read(self, row: Row) -> None:
        found = self.file.read(row, self.today)
        earlier = self._seen.get(found.key)
        if earlier == found:
            self.tally.repeated += 1
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
        self.tally.new += len(kept.new)
        self.tally.unchanged += len(kept.unchanged)
        self.tally.superseded += len(kept.superseded)
        self.corrections += [_correction(old, new) for old, new in kept.superseded]
        for found, reason in kept.refused:
            self._refuse(self._waiting[found.key][0], reason)
        self._waiting.clear()

    def _refuse(self, row: Row, reason: str) -> None:
        self.tally.refused += 1
        self.refuse(row, reason)


def _correction(old: Measured, new: Measured) -> Correction:
    pairs = {each.name: (getattr(old, each.name), getattr(new, each.name)) for each in fields(new)}
    return Correction(
        _name(new), {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    )


def _name(row: CallCount | SurveyResponse) -> str:
    return " ".join(filter(None, map(str, row.key))) if isinstance(row, CallCount) else row.key


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)
