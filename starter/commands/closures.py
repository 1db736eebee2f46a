"""`uphold closure`: days on which a whole region turned out to be closed."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.terminal.options import NOBODY, Acts, AsJson, Commands, DryRun, Yes, day
from starter.terminal.pages.rescheduling import carry_through, look_at, tell_all
from starter.terminal.printing import at_instant, counted, on_day, print_table, say, say_json
from starter.terminal.session import (
    connected,
    the_actor,
    the_book,
    the_ledger,
    the_settings,
)

if TYPE_CHECKING:
    from domain.complaint.commands import Actor, Proof
    from starter.desk.rescheduling import Move, Sent

app = Commands("Add and list emergency closures.")
_VERB = "apply_closure"


@app.command("list")
async def list_closures(as_json: AsJson = False) -> None:
    r"""List the closures that were added.

    \b
    Example:
      uphold closure list --json
    """
    from ledger.closures import every_closure

    async with the_ledger() as ledger:
        closures = await ledger.reading(every_closure)
    if as_json:
        say_json([asdict(each) for each in closures])
    elif not closures:
        say("No closure was added.")
    else:
        print_table(
            None, ("day", "region", "charter", "reason", "added", "by"),
            [
                (on_day(each.day), each.region, each.charter or "every one", each.reason,
                 at_instant(each.added_at), each.added_by)
                for each in closures
            ],
        )  # fmt: skip


@app.command("add")
async def add(
    days: Annotated[
        list[date], typer.Argument(parser=day, metavar="DATE…", help="The closed days.")
    ],
    region: Annotated[
        str, typer.Option("--region", metavar="REGION", help="Where: england-and-wales …")
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; the customers are told.")
    ],
    charter: Annotated[
        str | None, typer.Option("--charter", metavar="ID", help="Only under this charter.")
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Count days as closed: for complaints that open from now on, and for all that are open.

    Shows which complaints move, from when to when, and which dates are late by that. Then each is
    told by signal: it keeps the old date on record and writes to its customer. May be repeated, and
    interrupted: what has moved already moves no more, and nobody is told twice.

    \b
    Examples:
      uphold closure add 2026-12-08 --region england-and-wales --reason 'A storm closed every office.' --dry-run
      uphold closure add 2026-12-08 2026-12-09 --region scotland --reason 'Snow.' --yes
    """
    from starter.desk.keeping.proving import office_of

    actor = the_actor(acts)
    # The days are kept for complaints to come as well, and none of those is there to prove who adds them.
    proof = None if dry_run else (await office_of(the_settings(), actor)).proof("a closure")
    charters = _charters(region, charter)
    closed = tuple(sorted(set(days)))
    said = f"{region} {','.join(map(str, closed))} {actor.id}"
    command_id = f"closure:{closed[0]}:{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    fields = {"days": closed, "reason": reason}

    async def look() -> list[Move]:
        from domain.complaint.commands import check_reason
        from domain.complaint.decider.access import check_ever
        from domain.complaint.decider.parsing import parse_command
        from starter.desk.rescheduling import open_references

        command = parse_command(_VERB, {"command_id": command_id, "actor": actor, **fields})
        # The day is kept for complaints to come as well, so that it is asked before any of them is.
        check_ever(_VERB, actor)
        check_reason(reason.strip(), "Say why; the customers are told.")
        async with the_ledger() as ledger:
            references = [ref for each in charters for ref in await open_references(ledger, each)]
            return await look_at(ledger, references, lambda _: command)

    async def carry_out(moves: list[Move]) -> tuple[dict[str, Any], list[Sent]]:
        # Nothing is kept if the complaints that are open cannot be told.
        complaints = await connected(the_settings())
        added = await _keep(closed, region, charter, reason, actor, proof)
        if not as_json:
            say(f"{counted(added, 'closed day')} added for complaints that open from now on.")
        # Looked at again: what opened while somebody read the preview is told too.
        refused = {move.reference for move in moves if move.refused}
        again = [move.reference for move in await look() if not move.already]

        async def tell(reference: str) -> None:
            await complaints.signal(_VERB, reference, actor, command_id, fields)

        sent = await tell_all([ref for ref in again if ref not in refused], tell)
        return {"added": added}, sent

    await carry_through(
        look(), carry_out, "Close these days and move these dates?",
        dry_run=dry_run, yes=yes, as_json=as_json,
    )  # fmt: skip


def _charters(region: str, charter: str | None) -> list[str]:
    """The ids of the charters that count by that region. Raises a usage error."""
    book = the_book()
    regions = {each: book.get(each).calendar.region for each in book.ids()}
    if charter is not None and charter not in regions:
        raise typer.BadParameter(
            f"There is no charter {charter!r}. Allowed: {', '.join(regions)}.",
            param_hint="--charter",
        )
    if region not in regions.values():
        known = ", ".join(sorted(set(regions.values())))
        raise typer.BadParameter(
            f"No charter counts by {region!r}. Allowed: {known}.", param_hint="--region"
        )
    if charter is not None and regions[charter] != region:
        raise typer.BadParameter(
            f"{charter} counts by {regions[charter]}, not by {region}.", param_hint="--region"
        )
    return [each for each, where in regions.items() if where == region and charter in (None, each)]


async def _keep(
    days: tuple[date, ...],
    region: str,
    charter: str | None,
    reason: str,
    actor: Actor,
    proof: Proof | None,
) -> int:
    """Keep the days for complaints to come, and say how many are new."""
    from ledger.closures import Closure, add_closures

    about = {"region": region, "charter": charter or "", "reason": reason, "added_by": actor.id}
    by = asdict(proof) if proof else {}
    now = datetime.now(UTC)
    async with the_ledger() as ledger:
        closures = [Closure(day=each, added_at=now, **about, **by) for each in days]
        return await ledger.writing(lambda c: add_closures(c, closures))
