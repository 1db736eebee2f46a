"""Owns `uphold charter migrate`: running complaints go on under a new version of their charter.

Must not import anything heavy at the top.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter.acting import connected, the_actor, the_settings
from starter.commands.charter import the_book
from starter.exits import REFUSED, run
from starter.moving_page import agreed, as_rows, print_preview, print_sent, with_progress
from starter.printing import say_json
from starter.verb_command import ActorId, ActorName, ActorRole, AsJson

if TYPE_CHECKING:
    from domain.charter.tables import Charter
    from domain.complaint.commands import Actor, Command
    from domain.complaint.state import Complaint
    from engine.settings import Settings
    from starter.moves import Move, Sent


def migrate(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="The version complaints run under: ID@VERSION.")
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="ID@VERSION, or the new charter's file.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would move.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    actor_id: ActorId = None,
    actor_name: ActorName = None,
    actor_role: ActorRole = None,
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
    settings = the_settings()
    actor = the_actor(settings, actor_id, actor_name, actor_role)
    charter_id, version = _named(old, "OLD")
    charter = _charter(new)
    if charter.id != charter_id:
        raise typer.BadParameter(
            f"It is {charter.id}, another charter than {charter_id}.", param_hint="NEW"
        )
    if charter.version == version:
        raise typer.BadParameter(f"It is version {version} as well.", param_hint="NEW")
    moves = run(_preview(settings, actor, charter, version))
    if not as_json:
        print_preview(moves)
    if dry_run or not agreed(
        yes=yes, as_json=as_json, question=f"Take them over to version {charter.version}?"
    ):
        if as_json:
            say_json({"moves": as_rows(moves), "told": []})
        return
    _require_deployed(charter)
    waiting = [move.reference for move in moves if not move.already and not move.refused]
    sent = run(_carry_out(settings, actor, charter.version, waiting))
    if as_json:
        say_json({"moves": as_rows(moves), "told": [asdict(each) for each in sent]})
    failed = sum(each.fault is not None for each in sent) if as_json else print_sent(sent)
    if failed:
        raise typer.Exit(REFUSED)


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
    from activities.charter_files import load_charter

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


async def _preview(settings: Settings, actor: Actor, charter: Charter, version: str) -> list[Move]:
    from activities.ledger import open_sql_ledger
    from activities.ledger.closures import SqlClosures
    from domain.complaint.decider.access import check_ever
    from starter.moves import open_references, preview

    check_ever("migrate", actor)
    now = datetime.now(UTC)
    async with open_sql_ledger(settings.ledger_url) as ledger:
        await ledger.require_ready()
        closed = await SqlClosures(ledger).of(charter.calendar.region, charter.id)
        under = await ledger.list_standings(charter=charter.id, limit=1_000_000_000)
        there = {each.reference for each in under if each.charter_version == version}
        references = [ref for ref in await open_references(ledger, charter.id) if ref in there]

        def command_for(complaint: Complaint) -> Command:
            from activities.charters import pinned_for
            from domain.complaint.features.dates.migrating import Migrate

            packed = pinned_for(charter, complaint.opened.received_at, now, closed)
            return Migrate(
                command_id="preview", actor=actor,
                to_version=charter.version, pinned=base64.b64encode(packed).decode(),
            )  # fmt: skip

        found = preview(ledger, references, command_for, now)
        return await with_progress("looking", len(references), found)


async def _carry_out(
    settings: Settings, actor: Actor, version: str, references: list[str]
) -> list[Sent]:
    from starter.moves import tell_each

    complaints = await connected(settings)

    async def tell(reference: str) -> None:
        await complaints.migrate(reference, actor, version)

    return await with_progress("telling", len(references), tell_each(references, tell))
