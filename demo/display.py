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

from activities.ledger import PromiseFigure
from demo.play import Played
from demo.sample import STILL_OPEN
from domain.charter.tables import Charter
from domain.complaint import events as ev
from domain.complaint.features.remedies import remedy_events as rev
from starter.printing import add_row, table

_STYLES = {
    "missed": "red",
    "refused": "yellow",
    "undeliverable": "yellow",
    "escalated": "cyan",
    "reopened": "cyan",
    "closed": "bold",
    "ended": "bold",
}
_QUIET = (
    ev.Opened, ev.Allocated, ev.Introduced, ev.Updated, ev.PromiseWarned, ev.CaseConcluded,
    rev.RemedyPromised, rev.RemedyWarned, rev.RemedyReminded, rev.RemedyFollowed,
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
    ended = max(event.at for event in (*each.events, *each.remedies))
    line.append(f"  {_day(opening.received_at.date())} to {_day(ended.date())}  ", "dim")
    line.append(f"{opening.reference}  ")
    line.append(f"{opening.channel:<9} ", "dim")
    words = _words(each)
    if each.ending == STILL_OPEN:
        words.append("still open")
    for number, word in enumerate(_counted(words)):
        line.append(", " if number else "", "dim")
        line.append(word, _STYLES.get(word.split()[0], ""))
    return line


def promise_table(
    charters: Mapping[str, Charter], figures: Mapping[str, Sequence[PromiseFigure]]
) -> Table:
    """How each promise fared, charter by charter."""
    made = table(None, "charter", "promise", "in words", "in time", "late", "open", "kept")
    for column in made.columns[3:]:
        column.justify = "right"
    for number, (charter_id, charter) in enumerate(charters.items()):
        if number:
            made.add_section()
        texts = {_key(each): each.text for each in charter.promises}
        for row, figure in enumerate(figures[charter_id]):
            kept = "" if figure.percentage is None else f"{figure.percentage:.0f} %"
            name = charter_id if row == 0 else ""
            words = texts.get(figure.key, "")
            add_row(
                made, name, figure.key, words, figure.in_time, figure.late or "",
                figure.open or "", kept,
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


def _key(promise: Any) -> str:
    return f"{promise.id}/{promise.part}" if promise.part else str(promise.id)


def _day(day: date) -> str:
    return f"{day.day:>2} {day:%b %y}"


def _words(each: Played) -> list[str]:
    happened = (*each.events, *each.remedies)
    told = [(event.at, _word(event)) for event in happened if not isinstance(event, _QUIET)]
    # What was refused to somebody who waited for the answer is no event of the complaint.
    told += [(at, f"refused {refusal}") for at, refusal in each.refusals]
    return [word for _, word in sorted(told, key=lambda one: one[0])]


def _word(event: Any) -> str:
    word = str(event.kind).replace("-", " ")
    match event:
        case ev.PromiseMissed():
            word = f"missed {event.promise}"
        case ev.Replied():
            word = f"replied ({event.outcome.replace('-', ' ')})"
        case ev.Escalated():
            word = f"escalated to {event.to}"
        case ev.Reassigned():
            word = f"reassigned ({event.reason})"
        case ev.Closed():
            word = f"closed ({event.how.replace('-', ' ')})"
        case ev.CommandRefused():
            word = f"refused {event.refusal}"
        case ev.NoticeUndeliverable():
            word = "undeliverable notice"
    return word


def _counted(words: Sequence[str]) -> list[str]:
    """The words, each run of the same one joined: `undeliverable notice ×3`."""
    runs: list[tuple[str, int]] = []
    for word in words:
        if runs and runs[-1][0] == word:
            runs[-1] = (word, runs[-1][1] + 1)
        else:
            runs.append((word, 1))
    return [word if times == 1 else f"{word} ×{times}" for word, times in runs]
