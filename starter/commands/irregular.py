"""The verbs whose options are not their fields, and those that two complaints are told.

Owns `uphold restrict-contact`, `uphold merge`, `uphold link` and `uphold unlink`.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from domain.vocabulary import Channel, ClosedHow
from starter.commands.verbs import send_verb
from starter.terminal.options import NOBODY, Acts, AsJson, CommandId, Reference, day
from starter.terminal.printing import say, say_json, standing_in_words, tell
from starter.terminal.session import connected, the_actor, the_settings

if TYPE_CHECKING:
    from domain.complaint.commands import Actor
    from starter.client import Complaints
    from starter.wire.status import Status

_IN_WELSH: Final = "The same in Welsh, for a letter in Welsh."
ReasonInWelsh = Annotated[str | None, typer.Option("--reason-cy", metavar="TEXT", help=_IN_WELSH)]


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
        str | None, typer.Option("--how-often-cy", metavar="TEXT", help=_IN_WELSH)
    ] = None,
    through: Annotated[
        str | None, typer.Option("--through", metavar="TEXT", help="The one person to deal with.")
    ] = None,
    through_cy: Annotated[
        str | None, typer.Option("--through-cy", metavar="TEXT", help=_IN_WELSH)
    ] = None,
    otherwise: Annotated[
        str | None, typer.Option("--otherwise", metavar="TEXT", help="Any other limit, in words.")
    ] = None,
    otherwise_cy: Annotated[
        str | None, typer.Option("--otherwise-cy", metavar="TEXT", help=_IN_WELSH)
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


async def merge(
    duplicate: Reference,
    into: Annotated[
        str, typer.Option("--into", metavar="REF", help="The complaint that goes on for both.")
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; the customer is told.")
    ],
    reason_cy: ReasonInWelsh = None,
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Close a duplicate into the complaint that goes on for both, from the earlier receipt.

    The one that goes on takes the duplicate in first, so that nothing is lost if this is
    interrupted; run it again then. Both are of one customer: another customer's complaint about
    the same matter is linked instead (uphold link).

    \b
    Example:
      uphold merge FO-2026-000123 --into FO-2026-000122 --reason 'The same letter, by e-mail.'
    """
    actor = the_actor(acts)
    complaints = await connected(the_settings())
    goes_on, closed = await _merge(complaints, duplicate, into, actor, (reason, reason_cy or ""))
    if as_json:
        say_json({"into": goes_on, "duplicate": closed})
    else:
        say(standing_in_words(goes_on.model_dump(mode="json")))
        say(standing_in_words(closed.model_dump(mode="json")))


async def _merge(
    complaints: Complaints, duplicate: str, into: str, actor: Actor, reasons: tuple[str, str]
) -> tuple[Status, Status]:
    """How the complaint that goes on and the duplicate stand, once they are one: by two commands.

    The reasons are the same in English and, for the letter, in Welsh or none.

    In this order neither is lost. May be repeated after an interruption, by anybody: what is done is not
    done again. Raises the refusal (before anything is sent where the duplicate cannot be merged any
    more), `UnknownComplaint`, `NotAnswered`.
    """
    from domain.complaint.decider.access import TABLE
    from domain.errors import WrongState

    reason, welsh = reasons
    found = await complaints.status(duplicate)
    if found.closed_how == ClosedHow.MERGED and found.merged_into == into:
        return await complaints.status(into), found
    states = TABLE["merge"].states
    if found.state not in states:
        where = f" into {found.merged_into}" if found.merged_into else ""
        raise WrongState(
            f"Complaint {duplicate} is {found.state}{where}: it can be merged no more.",
            f"Merging is possible when it is {', '.join(states)}.",
        )
    goes_on = await complaints.status(into)
    if duplicate not in goes_on.taken_in:
        of = {"customer": found.customer_key or None}
        await complaints.take_in(into, actor, duplicate, found.received_at, reason, **of)
    of = {"customer": goes_on.customer_key or None}
    await complaints.merge(duplicate, actor, into, reason, reason_cy=welsh, **of)
    return await complaints.status(into), await complaints.status(duplicate)


_TO = Annotated[str, typer.Option("--to", metavar="REF", help="The other complaint.")]
_WHY = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; staff read it, no customer.")
]


async def link(
    reference: Reference, to: _TO, reason: _WHY, acts: Acts = NOBODY, as_json: AsJson = False
) -> None:
    r"""Link two complaints about the same matter; each customer keeps an answer of their own.

    Staff of both are told, and no customer. Run it again if it is interrupted: what is linked
    is not linked again.

    \b
    Example:
      uphold link FO-2026-000123 --to FO-2026-000122 --reason 'Both are about the branch in Hull.'
    """
    await _on_both("link", reference, to, reason, acts, as_json=as_json)


async def unlink(
    reference: Reference, to: _TO, reason: _WHY, acts: Acts = NOBODY, as_json: AsJson = False
) -> None:
    r"""Take the link between two complaints back. Staff of both are told, and no customer.

    \b
    Example:
      uphold unlink FO-2026-000123 --to FO-2026-000122 --reason 'Another branch, another matter.'
    """
    await _on_both("unlink", reference, to, reason, acts, as_json=as_json)


async def _on_both(
    verb: str, reference: str, to: str, reason: str, acts: Acts, *, as_json: bool
) -> None:
    """Tell both complaints, the other one first, and print how they stand.

    One that has ended takes nothing in any more: then the link stands on the other alone, which is said. Raises the
    refusal, also where both have ended, `UnknownComplaint` (nothing is sent then), `NotAnswered`.
    """
    from domain.errors import ComplaintClosed

    actor = the_actor(acts)
    complaints = await connected(the_settings())
    before = {each: await complaints.status(each) for each in (to, reference)}
    untold: list[ComplaintClosed] = []
    for one, other in ((to, reference), (reference, to)):
        if (other in before[one].linked) is (verb == "link"):
            continue
        try:
            await complaints.send(verb, one, actor, fields={"to": other, "reason": reason})
        except ComplaintClosed as ended:
            untold.append(ended)
            if len(untold) == len(before):
                raise
            tell(f"{one} is not told: {ended.message}")
    stand = [await complaints.status(each) for each in (reference, to)]
    if as_json:
        say_json({"complaint": stand[0], "other": stand[1]})
    else:
        for each in stand:
            say(standing_in_words(each.model_dump(mode="json")))
