"""`uphold ledger`. Must not import anything heavy at the top."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from starter.terminal.exits import REFUSED
from starter.terminal.options import AsJson, Commands
from starter.terminal.printing import counted, say, say_json
from starter.terminal.session import connected, the_ledger, the_settings

app = Commands("Check the ledger: the record of every complaint.")


@app.callback()
def ledger() -> None:
    """Check the ledger: the record of every complaint."""


@app.command()
async def verify(
    references: Annotated[
        list[str] | None, typer.Argument(metavar="REF", help="Which; default: all on record.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    r"""Fold the events on record and compare them with the ledger's rows and the complaints.

    Exit code 1 if anything differs.

    \b
    Examples:
      uphold ledger verify
      uphold ledger verify FO-2026-000123 --json
    """
    from ledger.port import Listing, every
    from starter.desk.ledger_check import check_record

    async with the_ledger() as held:
        complaints = await connected(the_settings())
        on_record = every(held.complaints, Listing(ended=None))
        wanted = references or sorted([each.reference async for each in on_record])
        verdicts = [await check_record(complaints, held, reference) for reference in wanted]
    differing = [verdict for verdict in verdicts if verdict.differences]
    if as_json:
        say_json([asdict(verdict) for verdict in verdicts])
    else:
        for verdict in differing:
            for difference in verdict.differences:
                say(f"{verdict.reference}: {difference}")
        compared = sum(verdict.compared for verdict in verdicts)
        say(
            f"{counted(len(verdicts), 'complaint')} on record, {compared} compared with the complaint itself:"
            f" {len(differing) or 'none'} differ{'s' if len(differing) == 1 else ''}."
        )
    if differing:
        raise typer.Exit(REFUSED)
