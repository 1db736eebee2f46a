"""Owns `uphold open`: the file, the progress bar and the summary.

Must not import anything heavy at the top.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.acting import connected, the_settings
from starter.exits import REFUSED, USAGE, run
from starter.printing import console, say, say_json, tell

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
    with _opened(file) as stream:
        form = form_of(file, stream)
        beside = Path("stdin" if file == "-" else file)
        with RefusedRows(beside, form) as refused, _progress(file, stream) as moved:
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


@contextmanager
def _opened(file: str) -> Iterator[io.BufferedReader]:
    if file == "-":
        source: Any = sys.stdin.buffer
        # A buffer around a buffer would hold rows back until it is full.
        yield source if isinstance(source, io.BufferedReader) else io.BufferedReader(source)
        return
    try:
        with Path(file).open("rb") as stream:
            yield stream
    except OSError as error:
        tell(f"{file} cannot be read: {error.strerror}.")
        raise typer.Exit(USAGE) from None


@contextmanager
def _progress(file: str, stream: io.BufferedReader) -> Iterator[Callable[[], None]]:
    """A bar on standard error, as long as that is a terminal; how far it is comes from the file."""
    errors = console(stderr=True)
    if not errors.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    total = None if file == "-" else Path(file).stat().st_size
    shape = (TextColumn("opening"), BarColumn(), TextColumn("{task.fields[rows]} rows"))
    with Progress(*shape, TimeElapsedColumn(), console=errors, transient=True) as progress:
        task, rows = progress.add_task("opening", total=total, rows=0), 0

        def moved() -> None:
            nonlocal rows
            rows += 1
            progress.update(task, rows=rows)
            if total is not None and not stream.closed:
                progress.update(task, completed=stream.tell())

        yield moved


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
