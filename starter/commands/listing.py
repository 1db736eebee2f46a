"""Owns `uphold list`. Must not import anything heavy at the top."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from domain.vocabulary import State
from starter.acting import connected, the_settings
from starter.exits import run
from starter.printing import add_row, at_instant, console, say, say_json, table, tell

if TYPE_CHECKING:
    from starter.listing import Listed


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
        State | None, typer.Option(help="Only in this state; `closed` finds ended ones.")
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
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    r"""List complaints, the next due first.

    The list follows a change after a moment; `uphold show` tells at once.

    \b
    Examples:
      uphold list --stage manager --due-before 2026-10-16
      uphold list --charter financial-ombudsman --handler h.jones --json
    """
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
