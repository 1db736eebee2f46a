"""Owns the options of the verbs that limit contact; what is sent is checked by `domain`.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from domain.vocabulary import Channel
from starter.verb_command import OwnFields, day, verb

app = typer.Typer()

Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; the customer is told.")]
ApproverId = Annotated[str, typer.Option("--approver-id", metavar="ID", help="Who approves it.")]
ApproverName = Annotated[str, typer.Option("--approver-name", metavar="NAME", help="Their name.")]
ApproverRole = Annotated[
    str, typer.Option("--approver-role", metavar="ROLE", help="manager or administrator.")
]


@verb(
    app,
    "restrict_contact",
    "restrict-contact FO-2026-000123 --only-in-writing --reason 'Threats on the phone.' "
    "--approver-id m.rees --approver-name 'M Rees' --review-on 2026-12-01",
)
def restrict_contact(
    reason: Reason,
    approver_id: ApproverId,
    approver_name: ApproverName,
    review_on: Annotated[
        date,
        typer.Option("--review-on", parser=day, metavar="DATE", help="When to look at it again."),
    ],
    approver_role: ApproverRole = "manager",
    only_in_writing: Annotated[
        bool, typer.Option("--only-in-writing", help="Nothing on the phone or in person.")
    ] = False,
    not_by: Annotated[
        list[Channel] | None, typer.Option("--not-by", help="A closed channel; may be given again.")
    ] = None,
    how_often: Annotated[
        str | None, typer.Option("--how-often", metavar="TEXT", help="How often at most.")
    ] = None,
    through: Annotated[
        str | None, typer.Option("--through", metavar="TEXT", help="The one person to deal with.")
    ] = None,
    otherwise: Annotated[
        str | None, typer.Option("--otherwise", metavar="TEXT", help="Any other limit, in words.")
    ] = None,
) -> OwnFields:
    """Limit contact with the customer, who is told why, for how long and how to appeal.

    Somebody else than you and the handler has to approve it. No clock stops.
    """
    limits: list[dict[str, Any]] = [{"kind": "only-in-writing"}] if only_in_writing else []
    limits += [{"kind": "channels", "channels": tuple(not_by)}] if not_by else []
    words = {"frequency": how_often, "named-person": through, "other": otherwise}
    limits += [{"kind": kind, "text": text} for kind, text in words.items() if text]
    approver = {"id": approver_id, "name": approver_name, "role": approver_role}
    return {"limits": limits, "reason": reason, "approved_by": approver, "review_on": review_on}


@verb(
    app,
    "review_restriction",
    "review-restriction FO-2026-000123 --keep-until 2027-03-01 --reason 'It goes on.'",
)
def review_restriction(
    reason: Reason,
    keep_until: Annotated[
        date | None,
        typer.Option(
            "--keep-until", parser=day, metavar="DATE", help="The next review. Default: they end."
        ),
    ] = None,
) -> OwnFields:
    """Look at the limits of contact again: keep them until a further date, or end them."""
    kept = {} if keep_until is None else {"review_on": keep_until}
    return {"keep": keep_until is not None, "reason": reason, **kept}


@verb(app, "lift_restriction", "lift-restriction FO-2026-000123 --reason 'It was settled.'")
def lift_restriction(reason: Reason) -> OwnFields:
    """End the limits of contact before their review."""
    return {"reason": reason}
