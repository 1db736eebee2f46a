"""Owns the commands that put a record right: `correct`, `take-in`, `merge`, `apply-closure`, `migrate`.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from starter.acting import connected, the_actor, the_settings
from starter.exits import run
from starter.printing import say, say_json
from starter.verb_command import (
    ActorId,
    ActorName,
    ActorRole,
    AsJson,
    OwnFields,
    Reference,
    day,
    in_words,
    instant,
    verb,
)

app = typer.Typer()

Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; goes on record.")]
ReceivedAt = Annotated[
    datetime,
    typer.Option(
        "--received-at", parser=instant, metavar="INSTANT", help="When it really was received."
    ),
]


@verb(
    app,
    "correct",
    "correct FO-2026-000123 --received-at 2026-10-02T09:30+01:00 --reason 'The stamp says Friday.'",
)
def correct(
    received_at: ReceivedAt,
    reason: Reason,
    contact: Annotated[
        int | None,
        typer.Option("--contact", metavar="N", min=1, help="A contact's receipt, by its number."),
    ] = None,
) -> OwnFields:
    """Put right when it was received: the clocks move, and the customer is told."""
    fields: dict[str, Any] = {"received_at": received_at, "reason": reason}
    return fields if contact is None else {**fields, "contact": contact}


@verb(
    app,
    "take_in",
    "take-in FO-2026-000122 --duplicate FO-2026-000123 --received-at 2026-10-02T09:30+01:00"
    " --reason 'The same letter, by e-mail.'",
)
def take_in(
    duplicate: Annotated[
        str, typer.Option("--duplicate", metavar="REF", help="The complaint that is the same.")
    ],
    received_at: ReceivedAt,
    reason: Reason,
) -> OwnFields:
    """Take a duplicate in, without closing that; `uphold merge` does both."""
    return {"duplicate": duplicate, "received_at": received_at, "reason": reason}


@verb(
    app,
    "apply_closure",
    "apply-closure FO-2026-000123 --day 2026-12-08 --reason 'Storm: every office is closed.'",
    signal=True,
)
def apply_closure(
    days: Annotated[
        list[date],
        typer.Option("--day", parser=day, metavar="DATE", help="A closed day; may be given again."),
    ],
    reason: Reason,
) -> OwnFields:
    """Count days as closed for one complaint; `uphold closure add` does it for all of a region."""
    return {"days": tuple(days), "reason": reason}


@verb(app, "migrate", "migrate FO-2026-000123 --to-version 2027.1")
def migrate(
    to_version: Annotated[
        str, typer.Option("--to-version", metavar="VERSION", help="As the new charter says.")
    ],
) -> OwnFields:
    """Go on under a new version of the charter; `uphold charter migrate` does it for all."""
    return {"to_version": to_version}


@app.command("merge")
def merge(
    duplicate: Reference,
    into: Annotated[
        str, typer.Option("--into", metavar="REF", help="The complaint that goes on for both.")
    ],
    reason: Reason,
    actor_id: ActorId = None,
    actor_name: ActorName = None,
    actor_role: ActorRole = None,
    as_json: AsJson = False,
) -> None:
    r"""Close a duplicate into the complaint that goes on for both, from the earlier receipt.

    The one that goes on takes the duplicate in first, so that nothing is lost if this is
    interrupted; run it again then.

    \b
    Example:
      uphold merge FO-2026-000123 --into FO-2026-000122 --reason 'The same letter, by e-mail.'
    """
    settings = the_settings()
    actor = the_actor(settings, actor_id, actor_name, actor_role)

    async def merged() -> Any:
        from starter.merging import merge_duplicate

        complaints = await connected(settings)
        return await merge_duplicate(complaints, duplicate, into, actor, reason)

    goes_on, closed = run(merged())
    if as_json:
        say_json({"into": goes_on, "duplicate": closed})
    else:
        say(in_words(goes_on))
        say(in_words(closed))
