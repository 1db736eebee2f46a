"""How the preview of moved dates looks, the question before anything is sent."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from starter.terminal.exits import REFUSED
from starter.terminal.printing import counted, on_day, print_table, progress, say, say_json, tell

if TYPE_CHECKING:
    from domain.complaint.commands import Command
    from domain.complaint.state import Complaint
    from ledger.port import Ledger
    from starter.desk.rescheduling import Move, Sent

Each = TypeVar("Each")
SHOWN = 50
"""How many complaints the table names; `--json` names all."""


async def carry_through(
    preview: Coroutine[Any, Any, list[Move]],
    carry_out: Callable[[list[Move]], Coroutine[Any, Any, tuple[dict[str, Any], list[Sent]]]],
    question: str,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Show what would move, ask, do it and say what became of each; exit code 1 if any was not told.

    `carry_out` gives what else the JSON says, and what became of each complaint.
    """
    moves = await preview
    if not as_json:
        _print_preview(moves)
    said: dict[str, Any] = {}
    sent: list[Sent] = []
    if not dry_run and _agreed(yes=yes, as_json=as_json, question=question):
        said, sent = await carry_out(moves)
        if not as_json:
            _print_sent(sent)
    if as_json:
        told = [asdict(each) for each in sent]
        say_json({**said, "moves": [asdict(move) for move in moves], "told": told})
    if any(each.fault for each in sent):
        raise typer.Exit(REFUSED)


async def look_at(
    ledger: Ledger, references: Sequence[str], command_for: Callable[[Complaint], Command]
) -> list[Move]:
    """What the command would do to each of these complaints now."""
    from starter.desk.rescheduling import preview

    found = preview(ledger, references, command_for, datetime.now(UTC))
    return await _with_bar("looking", len(references), found)


async def tell_all(
    references: Sequence[str], tell: Callable[[str], Awaitable[object]]
) -> list[Sent]:
    """What became of each of these complaints when it was told."""
    from starter.desk.rescheduling import tell_each

    return await _with_bar("telling", len(references), tell_each(references, tell))


async def _with_bar(words: str, total: int, each: AsyncIterator[Each]) -> list[Each]:
    found: list[Each] = []
    with progress(words, total) as is_at:
        async for one in each:
            found.append(one)
            is_at(len(found))
    return found


def _print_preview(moves: Sequence[Move]) -> None:
    """Which complaint moves, from when to when, and what that makes late."""
    moving = [move for move in moves if move.days]
    rows = [
        (move.reference, what, on_day(before), on_day(after), "late by now" if late else "")
        for move in moving[:SHOWN]
        for what, before, after, late in move.days
    ]
    if rows:
        print_table(None, ("reference", "of", "from", "to", ""), rows)
    if len(moving) > SHOWN:
        say(f"… and {len(moving) - SHOWN} more; --json names them all.")
    for move in moves:
        if move.refused:
            tell(f"{move.reference} stays as it is: {move.refused}")
    moved = sum(len(move.days) for move in moving)
    overdue = sum(date.late for move in moving for date in move.dates)
    unmoved = sum(not move.days and not move.already and not move.refused for move in moves)
    say(
        f"{counted(len(moves), 'complaint')}: {len(moving)} with {moved} dates that move"
        f" ({overdue} late by that), {unmoved} with none,"
        f" {sum(move.already for move in moves)} done before,"
        f" {sum(move.refused is not None for move in moves)} that cannot."
    )


def _agreed(*, yes: bool, as_json: bool, question: str) -> bool:
    """Whether to go on: by `--yes`, or by the answer at a terminal. Raises a usage error elsewhere."""
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        raise typer.BadParameter("Nobody can be asked here: give --yes, or --dry-run to look only.")
    return typer.confirm(question)


def _print_sent(sent: Sequence[Sent]) -> None:
    failed = [each for each in sent if each.fault]
    for each in failed:
        tell(f"{each.reference} was not told: {each.fault}")
    say(
        f"{counted(len(sent) - len(failed), 'complaint')} told."
        + (f" {len(failed)} were not: run it again." if failed else "")
    )
