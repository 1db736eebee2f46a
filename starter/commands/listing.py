"""`uphold list`: complaints or remedies, the next due first, from the ledger; or as Temporal finds them. And `uphold find`."""

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
from starter.terminal.session import connected, the_database, the_settings, zone_of

if TYPE_CHECKING:
    from domain.complaint.views.standings import RemedyStanding, Standing
    from ledger.port import Page
    from starter.wire.listing import Listed

_STATES = ", ".join(state for state in State if state is not State.CLOSED)
_SETTLED = (RemedyState.DONE, RemedyState.REFUSED)


Limit = Annotated[int, typer.Option(min=1, max=10_000, metavar="N", help="Rows on a page.")]
After = Annotated[
    str | None, typer.Option(metavar="PLACE", help="The next page, as the page before says.")
]


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
    missed: Annotated[
        bool, typer.Option("--missed", help="Only those that missed a promise.")
    ] = False,
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
    limit: Limit = 100,
    after: After = None,
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
      uphold list --missed
      uphold list --remedies --overdue
    """
    of_remedies = {"--overdue": overdue, "--owner": owner, "--reference": reference}
    of_complaints = {"--stage": stage, "--handler": handler, "--missed": missed}
    _check(remedies, state, of_complaints if remedies else of_remedies)
    if source is Source.TEMPORAL and (remedies or after):
        raise typer.BadParameter(
            "--remedies and --after are of the ledger: Temporal knows neither."
        )
    gone: frozenset[str] = frozenset()
    named = {"charter": charter, "state": state, "due_before": due_before}
    if source is Source.TEMPORAL:
        of_them = {"stage": stage, "handler": handler, "missed": missed}
        page = await _from_temporal(limit, **of_them, **named)
    elif remedies:
        settled = None if reference or state in _SETTLED else False
        more = {"reference": reference, "owner": owner, "missed": overdue, "settled": settled}
        page = await _remedies(after, limit, **named, **more)
    else:
        ended = None if state == State.CLOSED else False
        of_them = {"stage": stage, "handler": handler, "missed": missed}
        page, gone = await _complaints(after, limit, ended=ended, **of_them, **named)
    _show(page, gone, remedies=remedies, as_json=as_json)


async def find(
    texts: Annotated[
        list[str],
        typer.Argument(
            metavar="TEXT", help="An e-mail address, telephone number, postcode, case, or name."
        ),
    ],
    limit: Limit = 100,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    r"""Find complaints by whoever they name, open ones first: the customer and who acts for them.

    By an e-mail address, a telephone number, a postcode, the reference of the case that it is about, or a name,
    whole or some words of it; capitals, accents and spaces do not matter. Of several texts all have to be found.
    What they were called or reached by before is found too, until the complaint is erased.

    \b
    Examples:
      uphold find sian@example.org
      uphold find "Price" "CF10 1AA" --json
    """
    from domain.complaint.views.finding import ways_to_find

    wanted = tuple(map(ways_to_find, texts))
    for text, ways in zip(texts, wanted, strict=True):
        if not ways:
            raise typer.BadParameter(f"{text!r} says nothing that could be found.")
    page, gone = await _complaints(after, limit, ended=None, found_by=wanted)
    _show(page, gone, as_json=as_json)


def _show(page: Page[Any], gone: frozenset[str], *, remedies: bool = False, as_json: bool) -> None:
    if as_json:
        rows = [
            asdict(row) | ({"erased": True} if row.reference in gone else {}) for row in page.rows
        ]
        say_json({"rows": rows, "after": page.after})
    elif page.rows and remedies:
        print_table(None, _REMEDIES, map(_remedy, page.rows))
    elif page.rows:
        print_table(None, _COMPLAINTS, [_complaint(row, gone) for row in page.rows])
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


async def _complaints(
    after: str | None, limit: int, **where: Any
) -> tuple[Page[Any], frozenset[str]]:
    """The page, and which of them were erased."""
    from ledger.keys.keeping.acts import erased_of
    from ledger.port import Listing

    async with the_database() as database:
        page = await database.complaints(where=Listing(**where), after=after, limit=limit)
        shown = [row.reference for row in page.rows]
        return page, await database.reading(lambda c: erased_of(c, shown))


async def _remedies(after: str | None, limit: int, **where: Any) -> Page[Any]:
    from ledger.port import RemedyListing

    async with the_database() as database:
        return await database.remedies(where=RemedyListing(**where), after=after, limit=limit)


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
    "reference", "charter", "stage", "state", "handler", "next due", "missed", "linked",
)  # fmt: skip
_REMEDIES = (
    "remedy", "what", "kind", "charter", "stage", "state", "owner", "next due", "missed",
)  # fmt: skip


def _complaint(row: Standing | Listed, gone: frozenset[str]) -> tuple[object, ...]:
    owed = getattr(row, "remedies_owed", 0)
    more = ", erased" if row.reference in gone else f", {owed} owed" if owed else ""
    return (
        row.reference, row.charter, row.stage, f"{row.state}{more}",
        row.handler_id, at_instant(row.next_due, zone_of(row.charter)), row.missed or "",
        _links(getattr(row, "linked", ())),
    )  # fmt: skip


def _links(references: tuple[str, ...]) -> str:
    """The first of them, and how many more there are: `show` names all."""
    more = f" and {len(references) - 1} more" if len(references) > 1 else ""
    return f"{references[0]}{more}" if references else ""


def _remedy(row: RemedyStanding) -> tuple[object, ...]:
    return (
        f"{row.reference}/{row.number}", row.text, row.kind, row.charter, row.stage, row.state,
        row.owner_id or f"the {row.owner_role}", at_instant(row.next_due, zone_of(row.charter)), row.missed or "",
    )  # fmt: skip
