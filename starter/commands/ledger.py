"""Owns `uphold ledger`. Must not import anything heavy at the top."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from starter.acting import connected, the_settings
from starter.exits import REFUSED, run
from starter.printing import say, say_json
from starter.verb_command import AsJson

if TYPE_CHECKING:
    from engine.settings import Settings
    from starter.ledger_check import Verdict

app = typer.Typer(no_args_is_help=True, help="Check the ledger: the record of every complaint.")


@app.callback()
def ledger() -> None:
    """Check the ledger: the record of every complaint."""


@app.command()
def verify(
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
    verdicts = run(_verify(the_settings(), references))
    differing = [verdict for verdict in verdicts if verdict.differences]
    if as_json:
        say_json([asdict(verdict) for verdict in verdicts])
    else:
        for verdict in differing:
            for difference in verdict.differences:
                say(f"{verdict.reference}: {difference}")
        compared = sum(verdict.compared for verdict in verdicts)
        say(
            f"{len(verdicts)} complaints on record, {compared} compared with the complaint itself:"
            f" {len(differing) or 'none'} differ{'s' if len(differing) == 1 else ''}."
        )
    if differing:
        raise typer.Exit(REFUSED)


async def _verify(settings: Settings, references: list[str] | None) -> list[Verdict]:
    from activities.ledger import open_ledger
    from starter.ledger_check import check_record

    async with open_ledger(settings.ledger_url) as held:
        await held.require_ready()
        complaints = await connected(settings)
        wanted = references or await held.references()
        return [await check_record(complaints, held, reference) for reference in wanted]
