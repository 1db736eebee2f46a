"""Owns `uphold closure`: days on which a whole region turned out to be closed.

Must not import anything heavy at the top.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.acting import connected, the_actor, the_settings
from starter.commands.charter import the_book
from starter.exits import REFUSED, run
from starter.moving_page import agreed, as_rows, print_preview, print_sent, with_progress
from starter.printing import add_row, at_instant, console, on_day, say, say_json, table
from starter.verb_command import ActorId, ActorName, ActorRole, AsJson, day

if TYPE_CHECKING:
    from activities.ledger.sql import SqlLedger
    from domain.complaint.commands import Actor
    from engine.settings import Settings
    from starter.moves import Move, Sent

app = typer.Typer(no_args_is_help=True, help="Add and list emergency closures.")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would move.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


@app.command("list")
def list_closures(as_json: AsJson = False) -> None:
    r"""List the closures that were added.

    \b
    Example:
      uphold closure list --json
    """
    settings = the_settings()

    async def found() -> Any:
        from activities.ledger import open_sql_ledger
        from activities.ledger.closures import SqlClosures

        async with open_sql_ledger(settings.ledger_url) as ledger:
            await ledger.require_ready()
            return await SqlClosures(ledger).every()

    closures = run(found())
    if as_json:
        say_json([asdict(each) for each in closures])
        return
    if not closures:
        say("No closure was added.")
        return
    made = table(None, "day", "region", "charter", "reason", "added", "by")
    for each in closures:
        add_row(
            made, on_day(each.day), each.region, each.charter or "every one", each.reason,
            at_instant(each.added_at), each.added_by,
        )  # fmt: skip
    console().print(made)


@app.command("add")
def add(
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
    actor_id: ActorId = None,
    actor_name: ActorName = None,
    actor_role: ActorRole = None,
    as_json: AsJson = False,
) -> None:
    r"""Count days as closed: for complaints that open from now on, and for all that are open.

    Shows which open complaints move, from when to when, and which dates are late by that. Then each is
    told by signal: it keeps the old date on record and writes to its customer. May be repeated, and
    interrupted: what has moved already moves no more, and nobody is told twice.

    \b
    Examples:
      uphold closure add 2026-12-08 --region england-and-wales --reason 'A storm closed every office.' --dry-run
      uphold closure add 2026-12-08 2026-12-09 --region scotland --reason 'Snow.' --yes
    """
    settings = the_settings()
    actor = the_actor(settings, actor_id, actor_name, actor_role)
    charters = _charters(region, charter)
    work = _Closing(settings, actor, tuple(sorted(set(days))), region, charter or "", reason)
    moves = run(work.preview(charters))
    if not as_json:
        print_preview(moves)
    if dry_run or not agreed(
        yes=yes, as_json=as_json, question="Close these days and move these dates?"
    ):
        if as_json:
            say_json({"added": 0, "moves": as_rows(moves), "told": []})
        return
    refused = {move.reference for move in moves if move.refused}
    added, sent = run(work.carry_out(charters, refused))
    if as_json:
        say_json({"added": added, "moves": as_rows(moves), "told": [asdict(each) for each in sent]})
    else:
        say(f"{added} closed days added for complaints that open from now on.")
    failed = sum(each.fault is not None for each in sent) if as_json else print_sent(sent)
    if failed:
        raise typer.Exit(REFUSED)


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


class _Closing:
    """One closure on its way to every complaint."""

    def __init__(
        self, settings: Settings, actor: Actor, days: tuple[date, ...], region: str, charter: str,
        reason: str,
    ) -> None:  # fmt: skip
        self._settings, self._actor, self._reason = settings, actor, reason
        self._days, self._region, self._charter = days, region, charter

    @property
    def _command_id(self) -> str:
        days = ",".join(each.isoformat() for each in self._days)
        what = hashlib.sha256(f"{self._region} {days} {self._actor.id}".encode()).hexdigest()[:16]
        return f"closure:{self._days[0]}:{what}"

    async def preview(self, charters: list[str]) -> list[Move]:
        """What would move. Raises `Refused` for an actor or a reason that no complaint would take."""
        from activities.ledger import open_sql_ledger
        from domain.complaint.decider.access import check_ever
        from domain.complaint.decider.verbs import parse_command
        from domain.complaint.features.dates.closures import ApplyClosure, check_reason
        from starter.moves import open_references, preview

        given = {"command_id": self._command_id, "actor": self._actor, **self._fields}
        command = parse_command(ApplyClosure.verb, given)
        # The day is kept for complaints to come as well, so that it is asked before any of them is.
        check_ever(ApplyClosure.verb, self._actor)
        if isinstance(command, ApplyClosure):
            check_reason(command)
        async with open_sql_ledger(self._settings.ledger_url) as ledger:
            await ledger.require_ready()
            references = [ref for each in charters for ref in await open_references(ledger, each)]
            found = preview(ledger, references, lambda _: command, datetime.now(UTC))
            return await with_progress("looking", len(references), found)

    async def carry_out(
        self, charters: list[str], refused: Collection[str]
    ) -> tuple[int, list[Sent]]:
        """Keep the days for complaints to come, then tell each that is open and has not moved.

        Looks again once the days are kept: what opened while somebody read the preview is told too.
        """
        from activities.ledger import open_sql_ledger
        from starter.moves import tell_each

        complaints = await connected(self._settings)
        async with open_sql_ledger(self._settings.ledger_url) as ledger:
            added = await self._keep(ledger)
        moves = await self.preview(charters)
        waiting = [each.reference for each in moves if not each.already]
        references = [reference for reference in waiting if reference not in refused]

        async def tell(reference: str) -> None:
            await complaints.signal(
                "apply_closure", reference, self._actor, self._command_id, self._fields
            )

        return added, await with_progress("telling", len(references), tell_each(references, tell))

    @property
    def _fields(self) -> dict[str, Any]:
        return {"days": self._days, "reason": self._reason}

    async def _keep(self, ledger: SqlLedger) -> int:
        from activities.ledger.closures import Closure, SqlClosures

        now = datetime.now(UTC)
        return await SqlClosures(ledger).add(
            [
                Closure(
                    region=self._region, day=each, charter=self._charter, reason=self._reason,
                    added_at=now, added_by=self._actor.id,
                )
                for each in self._days
            ]
        )  # fmt: skip
