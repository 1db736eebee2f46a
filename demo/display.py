"""Owns what the demonstration shows: progress, each complaint's course, the tables, where to look.

Plain lines unless it is read on a terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from demo.play import Played
from demo.sample import STILL_OPEN
from reporting.model import Figures, PromiseResult
from starter.terminal.printing import add_row, table

STILL_OWED = "owed"
_STYLES = {
    "missed": "red",
    "refused": "yellow",
    "undeliverable": "yellow",
    "escalated": "cyan",
    "reopened": "cyan",
    "closed": "bold",
    "ended": "bold",
}
_WORDS = {
    "promise-missed": ("missed {}", "promise"),
    "replied": ("replied ({})", "outcome"),
    "escalated": ("escalated to {}", "to"),
    "reassigned": ("reassigned ({})", "reason"),
    "closed": ("closed ({})", "how"),
    "command-refused": ("refused {}", "refusal"),
    "notice-undeliverable": ("undeliverable notice", "kind"),
}
"""What is said of an event, and which of its fields; of any other its kind."""
_QUIET = frozenset(
    {
        "opened", "allocated", "introduced", "updated", "promise-warned", "case-concluded",
        "remedy-warned", "remedy-reminded",
    }
)  # fmt: skip
"""What every complaint has, or what would make the line too long."""


def progress(out: Console) -> Progress:
    """A bar that counts complaints; it shows nothing unless it is on a terminal."""
    return Progress(
        TextColumn("  "),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("complaints"),
        TimeElapsedColumn(),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )


def course(each: Played) -> Text:
    """One complaint in one line: when, under which reference, and what came of it."""
    opening = each.plan.opening
    line = Text()
    ended = each.events[-1].at.date()
    line.append(f"  {_day(opening.received_at.date())} to {_day(ended)}  ", "dim")
    line.append(f"{opening.reference}  ")
    line.append(f"{opening.channel:<9} ", "dim")
    words = _words(each)
    if each.ending == STILL_OPEN:
        words.append("still open")
    for number, word in enumerate(_counted(words)):
        line.append(", " if number else "", "dim")
        line.append(word, _STYLES.get(word.split()[0], ""))
    return line


def promise_table(results: Mapping[str, Sequence[PromiseResult]]) -> Table:
    """How each promise fared, charter by charter."""
    made = table(None, "charter", "promise", "in words", "in time", "late", "open", "kept")
    for column in made.columns[3:]:
        column.justify = "right"
    for number, charter_id in enumerate(results):
        if number:
            made.add_section()
        started = [each for each in results[charter_id] if each.total != Figures()]
        for row, each in enumerate(started):
            total, name = each.total, charter_id if row == 0 else ""
            kept = "" if total.percentage is None else f"{total.percentage:.0f} %"
            add_row(
                made, name, each.key, each.text or "", total.in_time, total.late or "",
                total.open or "", kept,
            )  # fmt: skip
    return made


def counts_table(
    title: str, counts: Mapping[str, Counter[str]], open_ones: Mapping[str, str]
) -> Table:
    """How many of each by charter, the commonest first; what is open comes last, in these words."""
    made = table(None, title, *counts, "all")
    for column in made.columns[1:]:
        column.justify = "right"
    overall: Counter[str] = sum(counts.values(), Counter())
    for name in sorted(overall, key=lambda each: (each in open_ones, -overall[each])):
        words = open_ones.get(name, name.replace("-", " "))
        add_row(made, words, *(each[name] or "" for each in counts.values()), overall[name])
    return made


def _day(day: date) -> str:
    return f"{day.day:>2} {day:%b %y}"


def _words(each: Played) -> list[str]:
    told = [(event.at, _word(event)) for event in each.events if event.kind not in _QUIET]
    # What was refused to somebody who waited for the answer is no event of the complaint.
    told += [(at, f"refused {refusal}") for at, refusal in each.refusals]
    return [word for _, word in sorted(told, key=lambda one: one[0])]


def _word(event: Any) -> str:
    words, field = _WORDS.get(event.kind, (event.kind.replace("-", " "), "kind"))
    said = str(getattr(event, field))
    return str(words).format(said.replace("-", " ") if field in {"outcome", "how"} else said)


def _counted(words: Sequence[str]) -> list[str]:
    """The words, each run of the same one joined: `undeliverable notice ×3`."""
    runs: list[tuple[str, int]] = []
    for word in words:
        if runs and runs[-1][0] == word:
            runs[-1] = (word, runs[-1][1] + 1)
        else:
            runs.append((word, 1))
    return [word if times == 1 else f"{word} ×{times}" for word, times in runs]
