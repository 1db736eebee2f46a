"""Owns how the preview of moved dates looks, and the question before anything is sent.

Must not import anything heavy at the top.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from starter.printing import add_row, console, on_day, say, table, tell

if TYPE_CHECKING:
    from starter.moves import Move, Sent

Each = TypeVar("Each")
SHOWN = 50
"""How many complaints the table names; `--json` names all."""


async def with_progress(words: str, total: int, each: AsyncIterator[Each]) -> list[Each]:
    """Everything that comes, with a bar on a terminal while it does."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    found: list[Each] = []
    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn())
    shown = console(stderr=True)
    with Progress(
        *columns, console=shown, transient=True, disable=not shown.is_terminal
    ) as progress:
        task = progress.add_task(words, total=total)
        async for one in each:
            found.append(one)
            progress.advance(task)
    return found


def print_preview(moves: Sequence[Move]) -> None:
    """Which complaint moves, from when to when, and what that makes late."""
    moving = [move for move in moves if move.dates]
    made = table(None, "reference", "promise", "from", "to", "")
    for move in moving[:SHOWN]:
        for date in move.dates:
            late = "late by now" if date.late else ""
            add_row(
                made, move.reference, date.promise, on_day(date.old_due), on_day(date.new_due), late
            )
    if moving:
        console().print(made)
    if len(moving) > SHOWN:
        say(f"… and {len(moving) - SHOWN} more; --json names them all.")
    for move in moves:
        if move.refused:
            tell(f"{move.reference} stays as it is: {move.refused}")
    moved = sum(len(move.dates) for move in moving)
    overdue = sum(date.late for move in moving for date in move.dates)
    unmoved = sum(not move.dates and not move.already and not move.refused for move in moves)
    say(
        f"{len(moves)} open complaints: {len(moving)} with {moved} dates that move"
        f" ({overdue} late by that), {unmoved} with none,"
        f" {sum(move.already for move in moves)} done before,"
        f" {sum(move.refused is not None for move in moves)} that cannot."
    )


def as_rows(moves: Sequence[Move]) -> list[dict[str, Any]]:
    """The preview as JSON."""
    return [asdict(move) for move in moves]


def agreed(*, yes: bool, as_json: bool, question: str) -> bool:
    """Whether to go on: by `--yes`, or by the answer at a terminal. Raises a usage error elsewhere."""
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        raise typer.BadParameter("Nobody can be asked here: give --yes, or --dry-run to look only.")
    return typer.confirm(question)


def print_sent(sent: Sequence[Sent]) -> int:
    """What became of each, and how many were not told."""
    failed = [each for each in sent if each.fault]
    for each in failed:
        tell(f"{each.reference} was not told: {each.fault}")
    say(
        f"{len(sent) - len(failed)} complaints told."
        + (f" {len(failed)} were not: run it again." if failed else "")
    )
    return len(failed)
