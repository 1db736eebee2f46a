"""`uphold charter migrate`: running complaints go on under a new version of their charter."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.terminal.options import NOBODY, Acts, AsJson, DryRun, Yes
from starter.terminal.pages.rescheduling import carry_through, look_at, tell_all
from starter.terminal.session import connected, the_actor, the_book, the_ledger, the_settings

if TYPE_CHECKING:
    from domain.charter.tables import Charter
    from domain.complaint.commands import Actor, Command
    from domain.complaint.state import Complaint
    from starter.desk.rescheduling import Move, Sent


async def migrate(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="The version complaints run under: ID@VERSION.")
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="ID@VERSION, or the new charter's file.")
    ],
    dry_run: DryRun = False,
    yes: Yes = False,
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Take running complaints over to a new version of their charter, each with an event.

    New complaints have the new version anyway, once the workers know it. Shows first which due dates
    move, from when to when, which are late by that, and which complaints have to stay because they run
    on something that the new version lacks. May be repeated and interrupted.

    \b
    Examples:
      uphold charter migrate financial-ombudsman@2026.1 drafts/financial-ombudsman.toml --dry-run
      uphold charter migrate financial-ombudsman@2026.1 financial-ombudsman@2027.1 --yes
    """
    actor = the_actor(acts)
    charter_id, version = _named(old, "OLD")
    charter = _charter(new)
    if charter.id != charter_id:
        raise typer.BadParameter(
            f"It is {charter.id}, another charter than {charter_id}.", param_hint="NEW"
        )
    if charter.version == version:
        raise typer.BadParameter(f"It is version {version} as well.", param_hint="NEW")

    async def carry_out(moves: list[Move]) -> tuple[dict[str, Any], list[Sent]]:
        _require_deployed(charter)
        complaints = await connected(the_settings())

        async def tell(reference: str) -> None:
            await complaints.migrate(reference, actor, charter.version)

        waiting = [move.reference for move in moves if not move.already and not move.refused]
        return {}, await tell_all(waiting, tell)

    await carry_through(
        _preview(actor, charter, version), carry_out,
        f"Take them over to version {charter.version}?", dry_run=dry_run, yes=yes, as_json=as_json,
    )  # fmt: skip


def _named(text: str, where: str) -> tuple[str, str]:
    charter_id, at, version = text.partition("@")
    if not (charter_id and at and version):
        raise typer.BadParameter(
            f"{text!r} is not a charter and its version such as financial-ombudsman@2026.1.",
            param_hint=where,
        )
    return charter_id, version


def _charter(text: str) -> Charter:
    """The charter of a file, or the one that is known here in that version. Raises a usage error."""
    from charters.files import load_charter

    if text.endswith(".toml"):
        if not Path(text).is_file():
            raise typer.BadParameter(f"There is no file {text}.", param_hint="NEW")
        return load_charter(Path(text))
    charter_id, version = _named(text, "NEW")
    known = the_book().get(charter_id)
    if known.version != version:
        raise typer.BadParameter(
            f"{charter_id} is known here as version {known.version}, not {version}."
            " Give the new charter's file to look first, and put it into charters_dir to go on.",
            param_hint="NEW",
        )
    return known


def _require_deployed(charter: Charter) -> None:
    known = the_book().get(charter.id)
    if known != charter:
        raise typer.BadParameter(
            f"{charter.id} is known here as version {known.version}. Put the new file into charters_dir"
            " of every worker first (UPHOLD_CHARTERS_DIR); then run this again.",
            param_hint="NEW",
        )


async def _preview(actor: Actor, charter: Charter, version: str) -> list[Move]:
    from charters.pinning import pinned_for
    from domain.complaint.decider.access import check_ever
    from domain.complaint.decider.parsing import parse_command
    from starter.desk.rescheduling import open_references

    check_ever("migrate", actor)
    now = datetime.now(UTC)
    async with the_ledger() as ledger:
        closed = await ledger.closed_days(charter.calendar.region, charter.id)

        def command_for(complaint: Complaint) -> Command:
            packed = pinned_for(charter, complaint.opened.received_at, now, closed)
            fields = {"to_version": charter.version, "pinned": base64.b64encode(packed).decode()}
            return parse_command("migrate", {"command_id": "preview", "actor": actor, **fields})

        references = await open_references(ledger, charter.id, version)
        return await look_at(ledger, references, command_for)
