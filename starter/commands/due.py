"""`uphold due`: when a promise would fall due, and the proof of how that was counted."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.terminal.options import AsJson, CharterId, moment
from starter.terminal.printing import on_day, print_table, say, say_json
from starter.terminal.session import the_book, the_charter

if TYPE_CHECKING:
    from domain.calendar.pinned import Calendar
    from domain.charter.tables import Charter, Promise

_PROMISE = "'PROMISE'"
_FROM = "'--from'"


def due(
    charter: CharterId,
    promise: Annotated[
        str,
        typer.Argument(metavar="PROMISE", help="`FO-8` for all its parts, or `FO-8/reply`."),
    ],
    start: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="WHEN",
            help="The date or instant that starts it; without an offset, in the charter's zone.",
        ),
    ],
    as_json: AsJson = False,
) -> None:
    r"""Say when a promise falls due, and how that is counted.

    \b
    Examples:
      uphold due financial-ombudsman FO-8 --from 2026-10-03T10:00
      uphold due customer-promise CP-5 --from 2026-10-03T10:00 --json
    """
    from charters.bank_holidays import known_until
    from charters.pinning import FIRST_YEAR, pinned_rules
    from domain.calendar.pinned import BeyondCalendar

    terms = the_charter(charter)
    promises = _asked_for(terms, promise)
    try:
        at = moment(start, terms.calendar.time_zone)
        calendar = pinned_rules(the_book(), charter, at).calendar
        found = [_count(calendar, each, at) for each in promises]
    except typer.BadParameter as error:
        raise typer.BadParameter(error.message, param_hint=_FROM) from None
    except BeyondCalendar:
        raise typer.BadParameter(
            f"{start!r} leads to days whose bank holidays are not known. "
            f"Allowed: a start from {FIRST_YEAR}-01-01 whose count ends by {known_until()}.",
            param_hint=_FROM,
        ) from None
    if as_json:
        say_json(found)
    else:
        for one in found:
            _print(one)


def _asked_for(charter: Charter, asked: str) -> list[Promise]:
    found = [each for each in charter.promises if asked in {each.key, each.id}]
    if found:
        return found
    keys = ", ".join(each.key for each in charter.promises)
    for each in charter.commitments:
        if each.id == asked:
            raise typer.BadParameter(
                f"{asked} is kept by a rule ({each.kept_by}), not by a clock. Allowed: {keys}.",
                param_hint=_PROMISE,
            )
    raise typer.BadParameter(
        f"{asked!r} is not a promise of {charter.id}. Allowed: {keys}.", param_hint=_PROMISE
    )


def _count(calendar: Calendar, promise: Promise, at: datetime) -> dict[str, Any]:
    """The due date of one promise with its proof. Raises `BeyondCalendar`."""
    from domain.calendar.budget import Unit
    from domain.calendar.counting import day_zero, due_day, explain
    from domain.complaint.decider.clock_events import ARRIVALS

    budget = promise.within.budget
    # What comes in counts from its receipt; what we do ourselves, from the day we do it.
    # "The end of the next working day" is said of that day too, whatever the receipt rule.
    arrived = budget.unit is not Unit.END_OF_NEXT_WORKING_DAY and any(
        anchor in ARRIVALS for anchor in promise.starts
    )
    counts = promise.first_day_counts
    day = day_zero(calendar, at, budget, arrived=arrived, first_counts=counts)
    last = due_day(calendar, day, budget)
    proof = explain(calendar, day, last, budget, first_counts=counts)
    return {
        "promise": promise.key,
        "text": promise.text,
        "starts": promise.starts,
        "from": calendar.local_time(at),
        "receipt": calendar.receipt if arrived else None,
        "day_zero": day,
        "day_one": proof.start_day if proof.included else None,
        "budget": str(budget),
        "due_on": last,
        "due_at": calendar.close_of_business(last),
        "counted": proof.counted,
        "skipped": [asdict(each) for each in proof.skipped],
        "moved_from": proof.moved_from and asdict(proof.moved_from),
        "calendar": calendar.version,
        "proof": proof.sentence(),
    }


def _print(found: dict[str, Any]) -> None:
    skipped = [f"{on_day(each['day'])} ({each['reason']})" for each in found["skipped"]]
    moved = found["moved_from"]
    rows = (
        ("due", f"{on_day(found['due_on'])}, by close of business ({found['due_at']:%H:%M} UTC)"),
        ("starts by", ", ".join(found["starts"])),
        ("from", f"{on_day(found['from'].date())} {found['from']:%H:%M} local time"),
        ("receipt rule", found["receipt"] or "none: it counts from that day"),
        ("day 1", on_day(found["day_one"]))
        if found["day_one"]
        else ("day 0", on_day(found["day_zero"])),
        ("within", found["budget"]),
        ("days counted", found["counted"]),
        ("days skipped", "\n".join(skipped) or "none"),
        ("moved from", moved and f"{on_day(moved['day'])} ({moved['reason']})"),
        ("calendar", found["calendar"]),
    )
    title = f"{found['promise']}: {found['text']}"
    print_table(title, ("", ""), [row for row in rows if row[1] is not None])
    say(f"Counted {found['proof']}.\n")
