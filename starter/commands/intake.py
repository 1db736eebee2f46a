"""Owns `uphold open`: what is done with a file of complaints, and the summary.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from starter.acting import connected, the_settings
from starter.exits import REFUSED, run
from starter.printing import say, say_json, tell
from starter.source_file import beside, opened, progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.settings import Settings
    from starter.intake import Intake, Tally
    from starter.refused_rows import RefusedRows
    from starter.rows import Row


def open_file(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A .csv or .jsonl file, or - .")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every row, start nothing, need no server.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    r"""Open the complaints of a file, each once.

    Rows that are wrong go into FILE.refused.csv (or .jsonl) with the reason, the others are
    opened, and the exit code is 1. Run it again as often as you like: a complaint that was opened
    is not opened again. Mend a refused file and open it as it is.

    A .jsonl file holds one complaint a line, as docs/contract.md writes it. A .csv file has the
    same fields as columns, such as complainant.name; lists are parted by `;`.

    \b
    Examples:
      uphold open complaints.csv --dry-run
      uphold open complaints.jsonl
      convert-mailbox | uphold open -
    """
    from activities.charter_files import CharterBook
    from starter.gate import Gate
    from starter.intake import Intake
    from starter.refused_rows import RefusedRows
    from starter.rows import form_of, read_rows

    settings = the_settings()
    gate = Gate(CharterBook(settings.charters_dir))
    with opened(file) as stream:
        form = form_of(file, stream)
        with (
            RefusedRows(beside(file), form) as refused,
            progress("opening", file, stream) as moved,
        ):
            intake = Intake(None, gate.check, refused.add)
            rows = read_rows(file, stream, form)
            try:
                run(_take(intake, rows, settings, moved, dry_run=dry_run))
            except BaseException:
                _stopped(intake.tally, refused)
                raise
    _summary(intake.tally, refused, dry_run=dry_run, as_json=as_json)
    if intake.tally.refused:
        raise typer.Exit(REFUSED)


async def _take(
    intake: Intake,
    rows: Iterator[Row],
    settings: Settings,
    moved: Callable[[], None],
    *,
    dry_run: bool,
) -> None:
    from starter.intake import in_background

    if not dry_run:
        intake.complaints = await connected(settings)
    async with aclosing(in_background(rows)) as read:
        await intake.take(read, moved)


def _stopped(tally: Tally, refused: RefusedRows) -> None:
    if not tally.rows:
        return
    tell(
        f"Stopped after {tally.rows} rows: {tally.opened} opened, {tally.refused} refused."
        " Run it again: nothing is opened twice."
    )
    if refused.path is not None:
        tell(f"The refused rows so far are in {refused.path}.")


def _summary(tally: Tally, refused: RefusedRows, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        path = None if refused.path is None else str(refused.path)
        say_json({**asdict(tally), "dry_run": dry_run, "refused_file": path})
        return
    parts = [f"{tally.opened} {'would be opened' if dry_run else 'opened'}"]
    for count, what in (
        (tally.already_open, "open already"),
        (tally.already_closed, "closed already"),
        (tally.repeated, "repeated in the file"),
        (tally.refused, "refused"),
    ):
        if count:
            parts.append(f"{count} {what}")
    say(f"{tally.rows} complaints: {', '.join(parts)}.")
    if refused.path is not None:
        tell(f"Refused rows, each with its reason: {refused.path}")
