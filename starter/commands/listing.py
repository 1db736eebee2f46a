"""Owns `uphold list`. Must not import anything heavy at the top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from domain.vocabulary import RemedyState, State
from starter.acting import connected, the_settings
from starter.commands.remedies import list_remedies
from starter.exits import run
from starter.printing import add_row, at_instant, console, say, say_json, table, tell

if TYPE_CHECKING:
    from starter.listing import Listed


_STATES = ", ".join(state for state in State if state is not State.CLOSED)


def moment(text: str) -> datetime:
    """The instant that an option names; without a time zone, in this machine's.

    A date alone is its first moment. Raises a usage error.
    """
    try:
        if len(text) == len("2026-10-16"):
            found = datetime.combine(date.fromisoformat(text), time())
        else:
            found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is neither a date such as 2026-10-16 nor an instant such as 2026-10-16T17:00."
        ) from None
    return found if found.tzinfo else found.astimezone()


def list_complaints(
    charter: Annotated[
        str | None, typer.Option(metavar="ID", help="Only under this charter.")
    ] = None,
    stage: Annotated[str | None, typer.Option(metavar="ID", help="Only at this stage.")] = None,
    state: Annotated[
        str | None,
        typer.Option(
            metavar="STATE", help=f"Only in this state: {_STATES}; `closed` finds ended ones."
        ),
    ] = None,
    due_before: Annotated[
        datetime | None,
        typer.Option(
            parser=moment,
            metavar="WHEN",
            help="Only with something due before this date or instant (this machine's time zone).",
        ),
    ] = None,
    handler: Annotated[
        str | None, typer.Option(metavar="ID", help="Only with this handler.")
    ] = None,
    remedies: Annotated[
        bool, typer.Option("--remedies", help="List what replies undertook, not complaints.")
    ] = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="With --remedies: only those whose date has passed.")
    ] = False,
    owner: Annotated[
        str | None, typer.Option(metavar="ID", help="With --remedies: only this owner's.")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(metavar="REF", help="With --remedies: only of this complaint.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    r"""List complaints, the next due first; or, with --remedies, what replies undertook.

    The list follows a change after a moment; `uphold show` tells at once.

    \b
    Examples:
      uphold list --stage manager --due-before 2026-10-16
      uphold list --charter financial-ombudsman --handler h.jones --json
      uphold list --remedies --overdue
    """
    of_remedies = {"--overdue": overdue, "--owner": owner, "--reference": reference}
    of_complaints = {"--stage": stage, "--due-before": due_before, "--handler": handler}
    _check(remedies, state, of_complaints if remedies else of_remedies)
    if remedies:
        list_remedies(
            charter=charter, state=state, overdue=overdue, owner=owner, reference=reference,
            limit=limit, as_json=as_json,
        )  # fmt: skip
        return
    settings = the_settings()

    async def found() -> list[Listed]:
        complaints = await connected(settings)
        return await complaints.list(
            charter=charter,
            stage=stage,
            state=state,
            due_before=due_before,
            handler=handler,
            limit=limit + 1,
        )

    rows = run(found())
    shown = rows[:limit]
    if as_json:
        say_json([asdict(row) for row in shown])
    elif not shown:
        say("No complaint is found.")
    else:
        _print(shown)
    if len(rows) > limit:
        tell(f"There are more than {limit}: narrow the list, or raise --limit.")


def _check(remedies: bool, state: str | None, strange: Mapping[str, object]) -> None:
    """Raise a usage error for what cannot be said of what is listed."""
    if given := [option for option, value in strange.items() if value]:
        what = "complaints" if remedies else "remedies (--remedies)"
        raise typer.BadParameter(f"{', '.join(given)}: only for a list of {what}.")
    allowed = tuple(RemedyState if remedies else State)
    if state is not None and state not in allowed:
        raise typer.BadParameter(f"--state: {state!r} is none of {', '.join(allowed)}.")


def _print(rows: list[Listed]) -> None:
    made = table(None, "reference", "charter", "stage", "state", "handler", "next due", "missed")
    for row in rows:
        due = at_instant(row.next_due)
        add_row(
            made,
            row.reference,
            row.charter,
            row.stage,
            row.state,
            row.handler,
            due,
            row.missed or "",
        )
    console().print(made)
