"""What was reached beside what is aimed at: as tables in Markdown, or as JSON.

Owns the aims of the comparison. They are ratios within one run, so that a slow machine is no excuse
and a quick one no merit. Must not measure anything.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.calendar.pinned import in_words

ROOT = Path(__file__).parent.parent
COMPLAINT, BARE, WORKED, SEALED = "Complaint", "bare", "bare + work", "sealed"
PER_SECOND, WORKER_CPU, SERVER_CPU = "complaints a second", "worker CPU, ms", "server CPU, ms"
STARTS = "starts a second"
HISTORY_BYTES, LEDGER_BYTES = "history bytes", "ledger bytes"
Sides = dict[str, dict[str, float]]
"""What was measured of each contender: by contender, then by row."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, and what is wanted of it if anything is."""

    what: str
    reached: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the aim was reached; a figure that could not be measured was not."""
        if self.at_least is None and self.at_most is None:
            return ""
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        return "reached" if low <= self.reached <= high else "not reached"


def compared(sides: Sides) -> list[Figure]:
    """A complaint beside the two others."""

    def ratio(
        row: str, other: str, *, at_least: float | None = None, at_most: float | None = None
    ) -> Figure:
        reached = _ratio(sides, row, other)
        return Figure(f"{row}, to {other}", reached, at_least=at_least, at_most=at_most)

    return [
        ratio(PER_SECOND, WORKED, at_least=0.9),
        ratio(PER_SECOND, BARE, at_least=0.7),
        ratio(WORKER_CPU, WORKED, at_most=1.1),
        ratio(WORKER_CPU, BARE, at_most=1.7),
        ratio(SERVER_CPU, BARE, at_most=1.25),
        ratio(STARTS, BARE, at_least=0.9),
    ]


def sealed_beside(sides: Sides) -> list[Figure]:
    """What a key ring costs: a sealed complaint beside one that is not."""
    rows = (PER_SECOND, WORKER_CPU, SERVER_CPU, HISTORY_BYTES, LEDGER_BYTES)
    return [
        Figure(f"{row}, {SEALED} to not", sides[SEALED][row] / sides[COMPLAINT][row])
        for row in rows
    ]


def as_json(figures: Sequence[Figure], sides: Sides) -> dict[str, Any]:
    """All of it."""
    told = [asdict(each) | {"verdict": each.verdict} for each in figures]
    return {"measured": measured(), "sides": sides, "figures": told}


def as_markdown(figures: Sequence[Figure], sides: Sides) -> str:
    """The same as tables that can stand in a page."""
    return "\n".join([f"Measured on {measured()}.", "", *_beside(sides), *_table(figures)])


def measured() -> str:
    """The day and the commit."""
    git = shutil.which("git") or "git"
    asked = [git, "-C", str(ROOT), "describe", "--always", "--dirty"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    return f"{in_words(datetime.now(UTC).date())}, at {told.stdout.strip() or 'no commit'}"


def _table(figures: Sequence[Figure]) -> Iterator[str]:
    yield from ("| figure | aim | reached | |", "|---|---:|---:|---|")
    for each in figures:
        aim = ""
        for sign, wanted in (("≥", each.at_least), ("≤", each.at_most)):
            if wanted is not None:
                aim = f"{sign} {_number(wanted)} {each.unit}".rstrip()
        reached = f"{_number(each.reached)} {each.unit}".rstrip()
        yield f"| {each.what} | {aim} | {reached} | {each.verdict} |"


def _beside(sides: Sides) -> Iterator[str]:
    if not sides:
        return
    ratios = [(COMPLAINT, name) for name in sides if name not in {COMPLAINT, SEALED}]
    ratios += [(SEALED, COMPLAINT)] if SEALED in sides else []
    heads = [*sides, *(f"{one} / {other}" for one, other in ratios)]
    yield f"| medians | {' | '.join(heads)} |"
    yield f"|---|{'---:|' * len(heads)}"
    for row in sides[COMPLAINT]:
        cells = [_number(side.get(row, math.nan)) for side in sides.values()]
        cells += [_number(_ratio(sides, row, other, one)) for one, other in ratios]
        yield f"| {row} | {' | '.join(cells)} |"
    yield ""


def _ratio(sides: Sides, row: str, other: str, one: str = COMPLAINT) -> float:
    theirs = sides[other].get(row)
    return sides[one].get(row, math.nan) / theirs if theirs else math.nan


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
