"""Owns the commands of appointments: asked for, arranged, called off, and what became of them.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from domain.vocabulary import Held
from starter.verb_command import OwnFields, instant, verb

app = typer.Typer()

Number = Annotated[
    int | None,
    typer.Option("--appointment", metavar="N", min=1, help="Which, where there are several."),
]


@verb(
    app,
    "request_appointment",
    "request-appointment FO-2026-000123 --about 'To go through my papers.' --with-whom 'Rents'",
)
def request_appointment(
    about: Annotated[str, typer.Option("--about", metavar="TEXT", help="What it is for.")],
    with_whom: Annotated[
        str | None,
        typer.Option("--with-whom", metavar="TEXT", help="The officer, or what they deal with."),
    ] = None,
    requested_at: Annotated[
        datetime | None,
        typer.Option(
            "--requested-at",
            parser=instant,
            metavar="INSTANT",
            help="When, such as 2026-11-20T16:45+00:00. Default: now.",
        ),
    ] = None,
) -> OwnFields:
    """Record that an appointment was asked for."""
    fields = {"about": about, "requested_at": requested_at or datetime.now(UTC)}
    return _with(fields, with_whom=with_whom)


@verb(
    app,
    "arrange_appointment",
    "arrange-appointment FO-2026-000123 --at 2026-11-26T14:30+00:00 --officer-id p.lane"
    " --officer-name 'P Lane' --place 'Town Hall'",
)
def arrange_appointment(
    at: Annotated[
        datetime, typer.Option("--at", parser=instant, metavar="INSTANT", help="When it begins.")
    ],
    officer_id: Annotated[
        str, typer.Option("--officer-id", metavar="ID", help="The officer's id.")
    ],
    officer_name: Annotated[
        str, typer.Option("--officer-name", metavar="NAME", help="The officer's name.")
    ],
    place: Annotated[
        str | None, typer.Option("--place", metavar="TEXT", help="Where, for the customer.")
    ] = None,
    appointment: Number = None,
) -> OwnFields:
    """Give the customer a time with a named officer; they are reminded the working day before."""
    fields = {"at": at, "officer": {"id": officer_id, "name": officer_name}}
    return _with(fields, place=place, appointment=appointment)


@verb(app, "cancel_appointment", "cancel-appointment FO-2026-000123 --reason 'The officer is ill.'")
def cancel_appointment(
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; the customer is told.")
    ],
    arrange_anew: Annotated[
        bool,
        typer.Option("--anew/--for-good", help="Whether another is arranged in its place."),
    ] = True,
    appointment: Number = None,
) -> OwnFields:
    """Call an appointment off; another is arranged in its place unless it is --for-good."""
    return _with({"reason": reason, "arrange_anew": arrange_anew}, appointment=appointment)


@verb(
    app,
    "record_appointment",
    "record-appointment FO-2026-000123 --held late --note 'The lift was out of order.'",
)
def record_appointment(
    held: Annotated[Held, typer.Option("--held", help="What became of it.")],
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="What happened; an apology says it.")
    ] = "",
    appointment: Number = None,
) -> OwnFields:
    """Put on record what became of an appointment; if it is our fault, the customer hears sorry."""
    return _with({"held": held, "note": note}, appointment=appointment)


def _with(fields: dict[str, Any], **optional: Any) -> OwnFields:
    return fields | {name: value for name, value in optional.items() if value is not None}
