"""`uphold export`: the case file of a complaint, for who asks for it from outside."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sealing.whole_files import write_whole
from starter.terminal.exits import REFUSED
from starter.terminal.options import LedgerUrl, Reference
from starter.terminal.printing import say, tell
from starter.terminal.session import the_ledger, the_settings


async def export(
    reference: Reference,
    out: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Where the two files go; made where it is missing."),
    ] = Path(),
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of files that are there.")
    ] = False,
    ledger: LedgerUrl = None,
) -> None:
    r"""Write the whole case file for an ombudsman or the person it is about: JSON, and a page to print.

    Timeline, promises with their proofs, findings, remedies, every letter in full with what became of it, and what
    shows that the record is whole. From the ledger alone; only you can read the files. It names everybody in it:
    look through it before it leaves the house.

    \b
    Examples:
      uphold export FO-2026-000123
      uphold export FO-2026-000123 --out for-the-ombudsman
    """
    from starter.desk.export.gathering import gather
    from starter.desk.export.page import page

    async with the_ledger(ledger) as held:
        case = await gather(held, reference, datetime.now(UTC), the_settings().letters_dir)
    name = re.sub(r"[^\w.-]+", "_", reference)
    written = {
        out / f"{name}.json": case.model_dump_json(indent=2) + "\n",
        out / f"{name}.html": page(case),
    }
    if not replace and (there := [str(file) for file in written if file.exists()]):
        tell(
            f"Nothing was written: {', '.join(there)} is there already. --replace takes its place."
        )
        raise typer.Exit(REFUSED)
    if not out.exists():
        out.mkdir(mode=0o700, parents=True)
    for file, text in written.items():
        write_whole(file, text)
        say(str(file))
    for wrong in case.record.findings:
        tell(f"The record is not whole: {wrong}")
