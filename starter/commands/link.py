"""`uphold link` and `uphold unlink`: what two complaints about one matter are told."""

from __future__ import annotations

from typing import Annotated

import typer

from starter.terminal.options import NOBODY, Acts, AsJson, Reference
from starter.terminal.printing import say, say_json, standing_in_words, tell
from starter.terminal.session import connected, the_actor, the_settings

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
