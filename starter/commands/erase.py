"""`uphold erase`, `hold` and `unhold`: who may be forgotten, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from starter.terminal.options import NOBODY, Acts, AsJson, Reference, Yes
from starter.terminal.printing import at_instant, counted, on_day, print_table, say, say_json, tell
from starter.terminal.session import (
    connected,
    the_actor,
    the_book,
    the_ledger,
    the_settings,
)

if TYPE_CHECKING:
    from domain.complaint.views.keeping import Due
    from ledger.sql.ledger import SqlLedger
    from starter.client import Complaints
    from starter.desk.keeping.proving import Office

Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept on record.")]
WhyIf = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; kept on record.")]
_BACKUPS = "Backups of the ledger hold keys still, wrapped: see docs/encryption.md."


async def erase(
    reference: Annotated[
        str | None, typer.Argument(metavar="REF", help="The complaint's reference.")
    ] = None,
    reason: WhyIf = None,
    due: Annotated[
        bool,
        typer.Option("--due", help="All that were kept for as long as their charters say."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --due: only show what would go.")
    ] = False,
    yes: Yes = False,
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Erase a closed complaint for good: its data key is destroyed, and nobody can read it any more.

    What goes on of it on the server is ended first. Events, letters and history stay as texts that nobody can read;
    what reports count stays. A complaint that is open has to be closed by one of its verbs, and one on hold is
    refused. Workers and apps that read it just now can for five minutes more. Say nobody's name in the reason.

    With --due all go that their charters' retention lets go, as the Schedule does every night. An administrator
    erases, and it is on record who did.

    \b
    Examples:
      uphold erase FO-2026-000123 --reason "She asked for it, request 12"
      uphold erase --due --dry-run
    """
    if due == bool(reference) or (dry_run and not due) or bool(reference) != bool(reason):
        raise typer.BadParameter("Give REF and --reason, or --due, with --dry-run or without.")
    if due:
        await _erase_due(acts, dry_run=dry_run, yes=yes, as_json=as_json)
    elif reference:
        await _erase_one(reference, reason, acts, yes=yes, as_json=as_json)


async def _erase_one(
    reference: str, reason: str | None, acts: Acts, *, yes: bool, as_json: bool
) -> None:
    from activities.keeping.files import files_of
    from domain.complaint.views.keeping import Keeping
    from starter.desk.keeping.erasing import erase_for_good, require_closed

    office = await _office(acts)
    async with the_ledger() as ledger:
        act = office.act(Keeping.ERASE, reference, datetime.now(UTC), reason)
        await require_closed(ledger, reference)
        if not yes and not typer.confirm(f"Erase {reference} for good?", err=True):
            raise typer.Abort
        files = await files_of(ledger, reference)
        ended = await erase_for_good(ledger, await connected(the_settings()), act)
    if as_json:
        told = {"reference": reference, "erased_at": act.at, "ended": ended, "files": files}
        say_json(told)
        return
    say(f"{reference} is erased: its key is destroyed, and nobody can read what was in it.")
    _say_of_files(reference, files)
    say(_BACKUPS)


def _say_of_files(reference: str, files: tuple[str, ...]) -> None:
    if files:
        say(
            f"Not erased: {counted(len(files), 'file')} that came by mail for {reference}. Delete what no other complaint"
            " needs, below UPHOLD_MAIL_KEPT where mail is read:"
        )
        for each in files:
            say(f"  attachments/{each[:2]}/{each}")


async def _erase_due(acts: Acts, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    from activities.keeping.retention import Retention

    now = datetime.now(UTC)
    async with the_ledger() as ledger:
        retention = Retention(ledger, the_book(), now)
        found = [each async for each in retention.all_due()]
        held = await retention.held()
        if dry_run:
            _show(found, held, as_json=as_json)
            return
        office = await _office(acts)
        if found and not yes:
            asked = f"Erase {counted(len(found), 'complaint')} for good?"
            if not typer.confirm(asked, err=True):
                raise typer.Abort
        gone: list[str] = []
        try:
            complaints = await connected(the_settings()) if found else None
            for each in found:
                if complaints and await _goes(ledger, complaints, office, each, now):
                    gone.append(each.reference)  # noqa: PERF401 - known also where a later one fails
        finally:
            # Also where a server that goes away ends it: what is erased already is gone.
            _say_gone(gone, len(found), as_json=as_json)


def _say_gone(gone: list[str], due: int, *, as_json: bool) -> None:
    if as_json:
        say_json({"erased": gone})
        return
    say(f"{counted(len(gone), 'complaint')} erased, of {due} that were due.")
    say(_BACKUPS)


def _show(found: list[Due], held: tuple[tuple[Due, str], ...], *, as_json: bool) -> None:
    rows = [(each, None) for each in found] + [(each, by) for each, by in held]
    if as_json:
        say_json(
            [
                {"reference": each.reference, "kept_until": each.until, "held_by": by}
                for each, by in rows
            ]
        )
        return
    if rows:
        print_table(
            None, ("complaint", "was kept until", ""),
            [
                (each.reference, on_day(each.until), f"stays: on hold for {by}" if by else "would go")
                for each, by in rows
            ],
        )  # fmt: skip
    say(f"{counted(len(found), 'complaint')} would be erased.")


async def _goes(
    ledger: SqlLedger, complaints: Complaints, office: Office, due: Due, now: datetime
) -> bool:
    """Whether it went; says why not, and what stays."""
    from activities.keeping.files import files_of
    from domain.complaint.views.keeping import Keeping
    from ledger.keys.keeping.erasing import CannotErase
    from starter.desk.keeping.erasing import erase_for_good

    act = office.act(Keeping.ERASE, due.reference, now, due.reason)
    files = await files_of(ledger, due.reference)
    try:
        await erase_for_good(ledger, complaints, act)
    except CannotErase as error:
        tell(str(error))
        return False
    for each in files:
        tell(
            f"{due.reference}: a file that came by mail is not erased: attachments/{each[:2]}/{each}"
        )
    return True


async def hold(
    reference: Reference,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Ombudsman, court, or who asks.")],
    reason: Why,
    acts: Acts = NOBODY,
) -> None:
    r"""Keep a complaint from being erased until `uphold unhold`.

    A manager, the complaints team or an administrator may; who did is on record.

    \b
    Example:
      uphold hold FO-2026-000123 --by "County court" --reason "Claim C-12"
    """
    from domain.complaint.views.keeping import Keeping
    from ledger.keys.holds import Hold
    from ledger.keys.keeping import erasing

    now = datetime.now(UTC)
    act = (await _office(acts)).act(Keeping.HOLD, reference, now, f"{by}: {reason}")
    wanted = Hold(reference=reference, by=by, reason=reason, since=now)
    async with the_ledger() as ledger:
        await _require_known(ledger, reference)
        before = await ledger.reading(lambda c: erasing.hold_of(c, reference))
        await ledger.writing(lambda c: erasing.hold(c, wanted, act))
    if before and before.by != by:
        tell(
            f"This takes the place of the hold for {before.by} ({before.reason}): ask them too before it is released."
        )
    say(f"{reference} is on hold for {by}: it is not erased until `uphold unhold {reference}`.")


async def unhold(reference: Reference, reason: WhyIf = None, acts: Acts = NOBODY) -> None:
    r"""Let a complaint be erased again.

    An administrator may; who did is on record.

    \b
    Example:
      uphold unhold FO-2026-000123 --reason "The claim was withdrawn"
    """
    from domain.complaint.views.keeping import Keeping
    from ledger.keys.keeping.erasing import release

    act = (await _office(acts)).act(Keeping.RELEASE, reference, datetime.now(UTC), reason)
    async with the_ledger() as ledger:
        found = await ledger.writing(lambda c: release(c, act))
    if found is None:
        say(f"{reference} was not on hold.")
    else:
        say(f"{reference} is on hold no more; {found.by} had set it {at_instant(found.since)}.")


async def _office(acts: Acts) -> Office:
    """Whoever acts, and what proves it."""
    from starter.desk.keeping.proving import office_of

    return await office_of(the_settings(), the_actor(acts))


async def _require_known(ledger: SqlLedger, reference: str) -> None:
    from starter.wire.errors import UnknownComplaint

    if await ledger.standing(reference) is None:
        raise UnknownComplaint(f"No complaint {reference} is known to the ledger.")
