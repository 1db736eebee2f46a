"""`uphold open`: what is done with a file of complaints, and the summary."""

from __future__ import annotations

from contextlib import aclosing
from itertools import chain, islice
from typing import Annotated, Final

import typer

from starter.terminal.options import AsJson, File
from starter.terminal.session import connected, the_settings
from starter.terminal.source_file import taken_in

_SAID: Final = {
    "opened": "opened", "already_open": "open already", "already_closed": "closed already",
    "repeated": "repeated in the file",
}  # fmt: skip


async def open_file(
    file: File,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every row, start nothing, need no server.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    r"""Open the complaints of a file, each once.

    Rows that are wrong go into FILE.refused.csv (or .jsonl) with the reason, the others are
    opened, and the exit code is 1. Run it again as often as you like: a complaint that was opened
    is not opened again. Mend a refused file and open it as it is.

    A .jsonl or .json file holds complaints as docs/contract.md writes them: one a line, over several
    lines, or as a list. A .csv file has the same fields as columns, such as complainant.name, parted
    as your spreadsheet parts them; lists in a cell are parted by `;`.

    \b
    Examples:
      uphold open complaints.csv --dry-run
      uphold open complaints.jsonl
      convert-mailbox | uphold open -
    """
    from charters.files import CharterBook
    from starter.intake.complaints import Intake, in_background
    from starter.intake.csv_rows import read_complaints
    from starter.intake.json_rows import read_json
    from starter.intake.preflight import checker
    from starter.intake.rows import Form

    settings = the_settings()
    check = checker(CharterBook(settings.charters_dir))
    said = _SAID | ({"opened": "would be opened"} if dry_run else {})
    with taken_in(file, "opening", *Form, said=said) as source:
        intake = Intake(None, check, source.taking)
        if source.form is Form.CSV:
            rows = read_complaints(file, source.stream)
        else:
            rows = read_json(file, source.stream, source.form)
        first = [
            *islice(rows, 1)
        ]  # what is wrong with the whole file is said before a server is asked for
        if not dry_run:
            intake.complaints = await connected(settings)
        async with aclosing(in_background(chain(first, rows))) as read:
            await intake.take(read)
    source.summary("complaint", as_json=as_json, dry_run=dry_run)
