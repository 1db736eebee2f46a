"""Owns `uphold remedy`, and what `uphold list --remedies` prints.

Must not import anything heavy at the top.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.vocabulary import Role
from starter.acting import the_actor, the_settings
from starter.exits import run
from starter.printing import add_row, at_instant, console, on_day, say, say_json, table, tell
from starter.verb_command import ActorId, ActorName, ActorRole, AsJson, CommandId, day

if TYPE_CHECKING:
    from domain.complaint.features.remedies.remedy_standing import RemedyStanding
    from engine.settings import Settings
    from starter.remedies import Remedies
    from starter.remedy_listing import ListedRemedy
    from starter.remedy_status import RemedyStatus, RemedySummary

app = typer.Typer(
    no_args_is_help=True,
    help="See to what a reply has undertaken; it outlives the complaint.\n\n\b\n"
    "Examples:\n  uphold list --remedies --overdue\n  uphold remedy do FO-2026-000123/1 --how 'Paid on 3 November.'",
)
_REMEDY = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,79})/([1-9][0-9]{0,5})")


def remedy(text: str) -> tuple[str, int]:
    """The reference and the number that `REF/N` names. Raises a usage error."""
    found = _REMEDY.fullmatch(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} names no remedy such as FO-2026-000123/1.")
    return found[1], int(found[2])


def remedy_item(text: str) -> str | dict[str, Any]:
    """One remedy of a reply: its text, or the JSON object that the option gives. Raises a usage error."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        item: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"--remedy: {text[:60]!r} is no JSON object: {error}.") from None
    return item


Which = Annotated[
    str, typer.Argument(metavar="REF/N", help="The complaint's reference and the remedy's number.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; the customer is told.")]


@app.command("show")
def show(which: Which, as_json: AsJson = False) -> None:
    r"""Print how a remedy stands: owner, dates, and what happened to it.

    \b
    Example:
      uphold remedy show FO-2026-000123/1
    """
    reference, number = remedy(which)

    async def asked() -> RemedyStatus:
        return await (await _connected(the_settings())).status(reference, number)

    status = run(asked())
    if as_json:
        say_json(status)
    else:
        _print(status)


@app.command("do")
def do(
    which: Which,
    how: Annotated[
        str, typer.Option("--how", metavar="TEXT", help="What was done; the customer is told.")
    ],
    actor_id: ActorId = None, actor_name: ActorName = None, actor_role: ActorRole = None,
    command_id: CommandId = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    r"""Say that it is done.

    \b
    Example:
      uphold remedy do FO-2026-000123/1 --how 'We paid it into your account on 3 November.'
    """
    actor = (actor_id, actor_name, actor_role)
    _send("do_remedy", which, actor, command_id, {"how": how}, as_json=as_json)


@app.command("accept")
def accept(
    which: Which,
    actor_id: ActorId = None, actor_name: ActorName = None, actor_role: ActorRole = None,
    command_id: CommandId = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    r"""Say that what was recommended will be done.

    \b
    Example:
      uphold remedy accept FO-2026-000123/2
    """
    actor = (actor_id, actor_name, actor_role)
    _send("accept_remedy", which, actor, command_id, {}, as_json=as_json)


@app.command("refuse")
def refuse(
    which: Which, reason: Reason,
    actor_id: ActorId = None, actor_name: ActorName = None, actor_role: ActorRole = None,
    command_id: CommandId = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    r"""Say that it will not be done, and why.

    \b
    Example:
      uphold remedy refuse FO-2026-000123/2 --reason 'The law does not allow it.'
    """
    actor = (actor_id, actor_name, actor_role)
    _send("refuse_remedy", which, actor, command_id, {"reason": reason}, as_json=as_json)


@app.command("reassign")
def reassign(
    which: Which,
    owner_id: Annotated[str, typer.Option("--owner-id", metavar="ID", help="The new owner's id.")],
    owner_name: Annotated[
        str, typer.Option("--owner-name", metavar="NAME", help="The new owner's name.")
    ],
    actor_id: ActorId = None, actor_name: ActorName = None, actor_role: ActorRole = None,
    command_id: CommandId = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    r"""Let somebody else see to it.

    \b
    Example:
      uphold remedy reassign FO-2026-000123/1 --owner-id k.lee --owner-name 'K Lee'
    """
    fields = {"owner": {"id": owner_id, "name": owner_name}}
    actor = (actor_id, actor_name, actor_role)
    _send("reassign_remedy", which, actor, command_id, fields, as_json=as_json)


@app.command("postpone")
def postpone(
    which: Which,
    new_due: Annotated[
        date, typer.Option("--new-due", parser=day, metavar="DATE", help="The new date.")
    ],
    reason: Reason,
    actor_id: ActorId = None, actor_name: ActorName = None, actor_role: ActorRole = None,
    command_id: CommandId = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    r"""Move its date before it passes.

    \b
    Example:
      uphold remedy postpone FO-2026-000123/1 --new-due 2026-11-13 --reason 'The bank is slow.'
    """
    fields = {"new_due": new_due, "reason": reason}
    actor = (actor_id, actor_name, actor_role)
    _send("postpone_remedy", which, actor, command_id, fields, as_json=as_json)


def list_remedies(
    *, charter: str | None, state: str | None, overdue: bool, owner: str | None,
    reference: str | None, limit: int, as_json: bool,
) -> None:  # fmt: skip
    """Print the remedies for which all that is given holds, the next due first."""
    settings = the_settings()

    async def found() -> list[ListedRemedy]:
        remedies = await _connected(settings)
        return await remedies.list(
            charter=charter, state=state, overdue=overdue, owner=owner, reference=reference,
            limit=limit + 1,
        )  # fmt: skip

    rows = run(found())
    shown = rows[:limit]
    if as_json:
        say_json([asdict(row) for row in shown])
    elif not shown:
        say("No remedy is found.")
    else:
        _print_list(shown)
    if len(rows) > limit:
        tell(f"There are more than {limit}: narrow the list, or raise --limit.")


def print_remedies(remedies: tuple[RemedyStanding, ...]) -> None:
    """Print the remedies of one complaint, as its case file has them."""
    say("Remedies")
    made = table(None, "no.", "what", "kind", "owner", "due", "state", "how or why not")
    for one in remedies:
        owner = one.owner_name or f"the {one.owner_role}"
        state = f"{one.state}, overdue" if _is_late(one) else one.state
        add_row(
            made, one.number, one.text, one.kind, owner, on_day(one.due_on), state, one.reason
        )  # fmt: skip
    console().print(made)


def _is_late(one: RemedyStanding) -> bool:
    return one.ended_at is None and one.due_on < datetime.now(UTC).date()


async def _connected(settings: Settings) -> Remedies:
    from starter.remedies import Remedies

    return await Remedies.connect(settings)


def _send(
    verb: str, which: str, who: tuple[str | None, str | None, Role | None],
    command_id: str | None, fields: Mapping[str, Any], *, as_json: bool,
) -> None:  # fmt: skip
    reference, number = remedy(which)
    settings = the_settings()
    actor = the_actor(settings, *who)

    async def sent() -> RemedySummary:
        remedies = await _connected(settings)
        return await remedies.send(verb, reference, number, actor, command_id, fields)

    answer = run(sent())
    if as_json:
        say_json(answer)
    else:
        owner = f", with {answer.owner_id}" if answer.owner_id else ""
        say(f"{answer.id}: {answer.state}{owner}, due {on_day(answer.due_on)}.")


def _print_list(rows: list[ListedRemedy]) -> None:
    made = table(None, "remedy", "kind", "charter", "stage", "state", "owner", "next due", "missed")
    for row in rows:
        name = f"{row.reference}/{row.number}"
        due = at_instant(row.next_due)
        add_row(
            made, name, row.kind, row.charter, row.stage, row.state, row.owner, due,
            row.missed or "",
        )  # fmt: skip
    console().print(made)


def _print(status: RemedyStatus) -> None:
    owner = status.owner_name or f"nobody named; the {status.owner_role} sees to it"
    lines = [
        f"Remedy {status.id}: {status.text}",
        f"  kind      {status.kind}, promised at {status.stage}",
        f"  stands    {status.state}{', overdue' if status.missed and not status.ended_at else ''}",
        f"  owner     {owner}",
        f"  due       {on_day(status.due_on)}",
        f"  counted   {status.proof}",
    ]
    if status.new_due:
        lines.append(f"  promised  {on_day(status.new_due)}, after it was missed")
    if status.reason:
        lines.append(f"  because   {status.reason}")
    for line in lines:
        say(line)
    if status.ledger_fault:
        tell(f"The ledger does not take the record: {status.ledger_fault}")
    say("\nTimeline")
    made = table(None, "no.", "when", "who", "what")
    for entry in status.timeline:
        add_row(made, entry.number, at_instant(entry.at), entry.by, entry.text)
    console().print(made)
