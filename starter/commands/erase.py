"""`uphold erase`, `hold` and `unhold`: who may be forgotten, and when. Must not import anything heavy at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from starter.terminal.options import NOBODY, Acts, AsJson, Reference, Yes
from starter.terminal.printing import at_instant, say, say_json
from starter.terminal.session import connected, sql_ledger, the_actor, the_settings

if TYPE_CHECKING:
    from ledger.sql.ledger import SqlLedger

Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept on record.")]


async def erase(
    reference: Reference,
    reason: Why,
    yes: Yes = False,
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Erase a closed complaint for good: its data key is destroyed, and nobody can read it any more.

    What goes on of it on the server is ended first. Events, letters and history stay as texts that nobody can read;
    what reports count stays. A complaint that is open has to be closed by one of its verbs, and one on hold is
    refused. Workers and apps that read it just now can for five minutes more. Say nobody's name in the reason.

    \b
    Example:
      uphold erase FO-2026-000123 --reason "Retention of six years is over"
    """
    from datetime import UTC, datetime

    from ledger.keys.erasing import erase as erase_within
    from starter.desk.erasing import end_for_good, require_closed

    actor = the_actor(acts)
    async with sql_ledger() as ledger:
        await require_closed(ledger, reference)
        if not yes and not typer.confirm(f"Erase {reference} for good?", err=True):
            raise typer.Abort
        ended = await end_for_good(await connected(the_settings()), reference)
        now = datetime.now(UTC)
        await ledger.writing(lambda c: erase_within(c, reference, now, actor.id, reason))
    if as_json:
        say_json({"reference": reference, "erased_at": now, "ended": ended})
        return
    say(f"{reference} is erased: its key is destroyed, and nobody can read what was in it.")
    say("Backups of the ledger hold the key still, wrapped: see docs/encryption.md.")


async def hold(
    reference: Reference,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Ombudsman, court, or who asks.")],
    reason: Why,
) -> None:
    r"""Keep a complaint from being erased until `uphold unhold`.

    \b
    Example:
      uphold hold FO-2026-000123 --by "County court" --reason "Claim C-12"
    """
    from datetime import UTC, datetime

    from ledger.keys import erasing
    from ledger.keys.holds import Hold

    wanted = Hold(reference=reference, by=by, reason=reason, since=datetime.now(UTC))
    async with sql_ledger() as ledger:
        await _require_known(ledger, reference)
        await ledger.writing(lambda c: erasing.hold(c, wanted))
    say(f"{reference} is on hold for {by}: it is not erased until `uphold unhold {reference}`.")


async def unhold(reference: Reference) -> None:
    r"""Let a complaint be erased again.

    \b
    Example:
      uphold unhold FO-2026-000123
    """
    from ledger.keys.erasing import release

    async with sql_ledger() as ledger:
        found = await ledger.writing(lambda c: release(c, reference))
    if found is None:
        say(f"{reference} was not on hold.")
    else:
        say(f"{reference} is on hold no more; {found.by} had set it {at_instant(found.since)}.")


async def _require_known(ledger: SqlLedger, reference: str) -> None:
    from starter.wire.errors import UnknownComplaint

    if await ledger.standing(reference) is None:
        raise UnknownComplaint(f"No complaint {reference} is known to the ledger.")
