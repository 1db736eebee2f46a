"""Owns `uphold due`: when a promise would fall due, and the proof of how that was counted.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starter.commands.charter import the_book
from starter.printing import add_row, console, on_day, say, say_json, table

if TYPE_CHECKING:
    from domain.calendar.pinned import Calendar
    from domain.charter.tables import Charter, Promise

_CHARTER = "'CHARTER'"
_PROMISE = "'PROMISE'"
_FROM = "'--from'"


def due(
    charter: Annotated[str, typer.Argument(metavar="CHARTER", help="The charter's id.")],
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
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    r"""Say when a promise falls due, and how that is counted.

    \b
    Examples:
      uphold due financial-ombudsman FO-8 --from 2026-10-03T10:00
      uphold due customer-promise CP-5 --from 2026-10-03T10:00 --json
    """
    from activities.calendars import known_until
    from activities.charters import FIRST_YEAR, resolve
    from domain.calendar.counting import BeyondCalendar
    from domain.errors import UnknownCharter

    book = the_book()
    try:
        terms = book.get(charter)
    except UnknownCharter as error:
        raise typer.BadParameter(str(error), param_hint=_CHARTER) from None
    promises = _asked_for(terms, promise)
    at = _instant(start, terms.calendar.time_zone)
    try:
        _, calendar = resolve(book, charter, at)
        found = [_count(calendar, each, at) for each in promises]
    except BeyondCalendar:
        raise typer.BadParameter(
            f"{start!r} leads to days whose bank holidays are not known. "
            f"Allowed: a start from {FIRST_YEAR}-01-01 whose count ends by {known_until()}.",
            param_hint=_FROM,
        ) from None
    if as_json:
        say_json(found)
        return
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


def _instant(text: str, time_zone: str) -> datetime:
    """The instant (UTC); without an offset in that time zone. Raises a usage error."""
    from zoneinfo import ZoneInfo

    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            local = found.replace(tzinfo=ZoneInfo(time_zone))
            found = local.astimezone(UTC)
            if found.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
                raise typer.BadParameter(
                    f"{text!r} does not exist in {time_zone}: the clocks go forward over it. "
                    "Allowed: an hour later, or an instant with its offset.",
                    param_hint=_FROM,
                )
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is neither a date nor an instant. "
            "Allowed: 2026-10-03, 2026-10-03T10:00 or 2026-10-03T10:00+01:00.",
            param_hint=_FROM,
        ) from None


def _count(calendar: Calendar, promise: Promise, at: datetime) -> dict[str, Any]:
    """The due date of one promise with its proof. Raises `BeyondCalendar`."""
    from domain.calendar.counting import Unit, day_zero, due_day, explain
    from domain.complaint.decider.triggers import ARRIVALS

    budget = promise.within.budget
    # What comes in counts from its receipt; what we do ourselves, from the day we do it.
    # "The end of the next working day" is said of that day too, whatever the receipt rule.
    arrived = budget.unit is not Unit.END_OF_NEXT_WORKING_DAY and any(
        anchor in ARRIVALS for anchor in promise.starts
    )
    day = day_zero(calendar, at, budget) if arrived else calendar.local_day(at)
    last = due_day(calendar, day, budget)
    proof = explain(calendar, day, last, budget)
    return {
        "promise": promise.key,
        "text": promise.text,
        "starts": list(promise.starts),
        "from": calendar.local_time(at),
        "receipt": calendar.receipt if arrived else None,
        "day_zero": day,
        "budget": str(budget),
        "due_on": last,
        "due_at": calendar.close_of_business(last),
        "counted": proof.counted,
        "skipped": [{"day": each.day, "reason": each.reason} for each in proof.skipped],
        "moved_from": {"day": proof.moved_from.day, "reason": proof.moved_from.reason}
        if proof.moved_from
        else None,
        "calendar": calendar.version,
        "proof": proof.sentence(),
    }


def _print(found: dict[str, Any]) -> None:
    made = table(f"{found['promise']}: {found['text']}", "", "")
    rule = found["receipt"]
    skipped = [f"{on_day(each['day'])} ({each['reason']})" for each in found["skipped"]]
    moved = found["moved_from"]
    for name, value in (
        ("due", f"{on_day(found['due_on'])}, by close of business ({found['due_at']:%H:%M} UTC)"),
        ("starts by", ", ".join(found["starts"])),
        ("from", f"{on_day(found['from'].date())} {found['from']:%H:%M} local time"),
        ("receipt rule", rule or "none: it counts from that day"),
        ("day 0", on_day(found["day_zero"])),
        ("within", found["budget"]),
        ("days counted", found["counted"]),
        ("days skipped", "\n".join(skipped) or "none"),
        ("moved from", f"{on_day(moved['day'])} ({moved['reason']})" if moved else None),
        ("calendar", found["calendar"]),
    ):
        if value is not None:
            add_row(made, name, value)
    console().print(made)
    say(f"Counted {found['proof']}.\n")
