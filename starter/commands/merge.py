"""`uphold merge`: two complaints of one customer become one, by two commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from domain.vocabulary import ClosedHow
from starter.terminal.options import NOBODY, Acts, AsJson, ReasonInWelsh, Reference
from starter.terminal.printing import say, say_json, standing_in_words
from starter.terminal.session import connected, the_actor, the_settings

if TYPE_CHECKING:
    from domain.complaint.commands import Actor
    from starter.client import Complaints
    from starter.wire.status import Status


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
