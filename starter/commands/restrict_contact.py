"""`uphold restrict-contact`: the one verb whose options are not its fields, since each limit has its own."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from domain.vocabulary import Channel
from starter.commands.verbs import send_verb
from starter.terminal.options import (
    IN_WELSH,
    NOBODY,
    Acts,
    AsJson,
    CommandId,
    ReasonInWelsh,
    Reference,
    day,
)


async def restrict_contact(
    reference: Reference,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; the customer is told.")
    ],
    approver_id: Annotated[
        str, typer.Option("--approver-id", metavar="ID", help="Who approves it.")
    ],
    approver_name: Annotated[
        str, typer.Option("--approver-name", metavar="NAME", help="Their name.")
    ],
    review_on: Annotated[
        date,
        typer.Option("--review-on", parser=day, metavar="DATE", help="When to look at it again."),
    ],
    reason_cy: ReasonInWelsh = None,
    approver_role: Annotated[
        str, typer.Option("--approver-role", metavar="ROLE", help="manager or administrator.")
    ] = "manager",
    only_in_writing: Annotated[
        bool, typer.Option("--only-in-writing", help="Nothing on the phone or in person.")
    ] = False,
    not_by: Annotated[
        list[Channel] | None, typer.Option("--not-by", help="A closed channel; may be given again.")
    ] = None,
    how_often: Annotated[
        str | None, typer.Option("--how-often", metavar="TEXT", help="How often at most.")
    ] = None,
    how_often_cy: Annotated[
        str | None, typer.Option("--how-often-cy", metavar="TEXT", help=IN_WELSH)
    ] = None,
    through: Annotated[
        str | None, typer.Option("--through", metavar="TEXT", help="The one person to deal with.")
    ] = None,
    through_cy: Annotated[
        str | None, typer.Option("--through-cy", metavar="TEXT", help=IN_WELSH)
    ] = None,
    otherwise: Annotated[
        str | None, typer.Option("--otherwise", metavar="TEXT", help="Any other limit, in words.")
    ] = None,
    otherwise_cy: Annotated[
        str | None, typer.Option("--otherwise-cy", metavar="TEXT", help=IN_WELSH)
    ] = None,
    acts: Acts = NOBODY,
    command_id: CommandId = None,
    as_json: AsJson = False,
) -> None:
    r"""Limit contact with the customer, who is told why, for how long and how to appeal.

    Somebody else than you and the handler has to approve it. No clock stops.

    \b
    Example:
      uphold restrict-contact FO-2026-000123 --only-in-writing --reason 'Threats on the phone.' \
             --approver-id m.rees --approver-name 'M Rees' --review-on 2026-12-01
    """
    limits: list[dict[str, Any]] = [{"kind": "only-in-writing"}] if only_in_writing else []
    limits += [{"kind": "channels", "channels": [str(each) for each in not_by]}] if not_by else []
    words = (
        ("frequency", how_often, how_often_cy),
        ("named-person", through, through_cy),
        ("other", otherwise, otherwise_cy),
    )
    limits += [{"kind": kind, "text": text, **({"text_cy": welsh} if welsh else {})}
               for kind, text, welsh in words if text]  # fmt: skip
    fields = {
        "limits": limits,
        "reason": reason,
        **({"reason_cy": reason_cy} if reason_cy else {}),
        "approved_by": {"id": approver_id, "name": approver_name, "role": approver_role},
        "review_on": review_on.isoformat(),
    }
    beside = {"acts": acts, "command_id": command_id, "as_json": as_json}
    await send_verb("restrict_contact", reference, fields, beside)
