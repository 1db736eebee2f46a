"""`uphold list`: complaints or remedies, the next due first, from the ledger; or as Temporal finds them.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.vocabulary import RemedyState, State
from starter.terminal.options import AsJson, moment
from starter.terminal.printing import at_instant, print_table, say, say_json, tell
from starter.terminal.session import connected, the_ledger, the_settings, zone_of

if TYPE_CHECKING:
    from domain.complaint.views.read_model import RemedyStanding, Standing
    from ledger.port import Page
    from starter.wire.listing import Listed

_STATES = ", ".join(state for state in State if state is not State.CLOSED)
_SETTLED = (RemedyState.DONE, RemedyState.REFUSED)


class Source(StrEnum):
    """Where a list comes from."""

    LEDGER = "ledger"
    TEMPORAL = "temporal"


async def list_complaints(
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
        str | None, typer.Option(metavar="REF", help="With --remedies: all of this complaint.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="N", help="Rows on a page.")
    ] = 100,
    after: Annotated[
        str | None, typer.Option(metavar="PLACE", help="The next page, as the page before says.")
    ] = None,
    source: Annotated[
        Source, typer.Option("--from", help="`temporal` for who has no ledger: see above.")
    ] = Source.LEDGER,
    as_json: AsJson = False,
) -> None:
    r"""List complaints, the next due first; or, with --remedies, what replies undertook.

    The ledger follows a complaint after a moment; `uphold show` tells at once. A closed complaint is
    listed for as long as it owes a remedy. With --from temporal the list is the first page that
    Temporal's own index gives, in its order, and knows no remedies.

    \b
    Examples:
      uphold list --stage manager --due-before 2026-10-16
      uphold list --charter financial-ombudsman --handler h.jones --json
      uphold list --remedies --overdue
    """
    of_remedies = {"--overdue": overdue, "--owner": owner, "--reference": reference}
    of_complaints = {"--stage": stage, "--handler": handler}
    _check(remedies, state, of_complaints if remedies else of_remedies)
    if source is Source.TEMPORAL and (remedies or after):
        raise typer.BadParameter(
            "--remedies and --after are of the ledger: Temporal knows neither."
        )
    named = {"charter": charter, "state": state, "due_before": due_before}
    if source is Source.TEMPORAL:
        page = await _from_temporal(limit, stage=stage, handler=handler, **named)
    elif remedies:
        settled = None if reference or state in _SETTLED else False
        more = {"reference": reference, "owner": owner, "missed": overdue, "settled": settled}
        page = await _remedies(after, limit, **named, **more)
    else:
        ended = None if state == State.CLOSED else False
        page = await _complaints(after, limit, stage=stage, handler=handler, ended=ended, **named)
    if as_json:
        say_json({"rows": [asdict(row) for row in page.rows], "after": page.after})
    elif page.rows:
        columns, cells = (_REMEDIES, _remedy) if remedies else (_COMPLAINTS, _complaint)
        print_table(None, columns, map(cells, page.rows))
    else:
        say(f"No {'remedy' if remedies else 'complaint'} is found.")
    if page.after and not as_json:
        tell(f"There are more: add --after {page.after}")


def _check(remedies: bool, state: str | None, strange: Mapping[str, object]) -> None:
    """Raise a usage error for what cannot be said of what is listed."""
    if given := [option for option, value in strange.items() if value]:
        what = "complaints" if remedies else "remedies (--remedies)"
        raise typer.BadParameter(f"{', '.join(given)}: only for a list of {what}.")
    allowed = tuple(RemedyState if remedies else State)
    if state is not None and state not in allowed:
        raise typer.BadParameter(f"--state: {state!r} is none of {', '.join(allowed)}.")


async def _complaints(after: str | None, limit: int, **where: Any) -> Page[Any]:
    from ledger.port import Listing

    async with the_ledger() as ledger:
        return await ledger.complaints(where=Listing(**where), after=after, limit=limit)


async def _remedies(after: str | None, limit: int, **where: Any) -> Page[Any]:
    from ledger.port import RemedyListing

    async with the_ledger() as ledger:
        return await ledger.remedies(where=RemedyListing(**where), after=after, limit=limit)


async def _from_temporal(limit: int, **where: Any) -> Page[Any]:
    from ledger.port import Page
    from starter.wire.listing import Filters

    complaints = await connected(the_settings())
    rows = await complaints.list(Filters(**where), limit=limit + 1)
    if len(rows) > limit:
        tell(
            f"Temporal knows more than {limit}, in an order of its own: narrow the list, or read the"
            " ledger's."
        )
    return Page(tuple(rows[:limit]))


_COMPLAINTS = (
    "reference", "charter", "stage", "state", "handler", "next due", "missed",
)  # fmt: skip
_REMEDIES = (
    "remedy", "what", "kind", "charter", "stage", "state", "owner", "next due", "missed",
)  # fmt: skip


def _complaint(row: Standing | Listed) -> tuple[object, ...]:
    owed = getattr(row, "remedies_owed", 0)
    return (
        row.reference, row.charter, row.stage, f"{row.state}, {owed} owed" if owed else row.state,
        row.handler_id, at_instant(row.next_due, zone_of(row.charter)), row.missed or "",
    )  # fmt: skip


def _remedy(row: RemedyStanding) -> tuple[object, ...]:
    return (
        f"{row.reference}/{row.number}", row.text, row.kind, row.charter, row.stage, row.state,
        row.owner_id or f"the {row.owner_role}", at_instant(row.next_due, zone_of(row.charter)), row.missed or "",
    )  # fmt: skip
