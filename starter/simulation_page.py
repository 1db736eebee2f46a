"""Owns how a simulation looks to a person: promises, places, queues, differences, speed.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from starter.printing import add_row, table

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.comparing import Difference, QueueDifference
    from simulation.replay import Replayed
    from simulation.result import PromiseResult, Result

SHOWN_CHANGES = 20
"""So many of the complaints that would have fared otherwise are listed; `--json` has all."""
_PLACES = {
    "finished": "finished",
    "waiting": "waiting for somebody",
    "in-hand": "in somebody's hands",
    "paused": "paused while facts are checked",
    "replied": "answered; the next word is the customer's",
}
_COUNTS = ("started", "met", "missed", "open", "stopped")


def tables(result: Result) -> Iterator[Table]:
    """How each promise fared, where the complaints are, and where the queues stand."""
    name = f"{result.charter} {result.version}"
    yield promises(f"How each promise would fare under {name}", result.promises)
    yield _places(result)
    yield _queues(result)
    yield _months(result)


def promises(title: str, rows: tuple[PromiseResult, ...]) -> Table:
    """One row for each promise. Days are working days."""
    made = table(title, "promise", "in words", *_COUNTS, "kept", "target", "median", "90 % in")
    for each in rows:
        target = "" if each.target is None else f"{each.target:g} %"
        if each.on_target is not None:
            target += " reached" if each.on_target else " missed"
        add_row(
            made, each.promise, each.text, *(f"{getattr(each, name):,}" for name in _COUNTS),
            _percent(each.percentage), target, _days(each.median_days), _days(each.p90_days),
        )  # fmt: skip
    return _aligned(made, first=2)


def _places(result: Result) -> Table:
    made = table("Where the complaints are at the end", "", "complaints")
    for place, count in result.places.items():
        add_row(made, _PLACES[place], f"{count:,}")
    add_row(made, "all", f"{result.complaints:,}")
    return _aligned(made, first=1)


def _queues(result: Result) -> Table:
    made = table(
        "Where the queues stand", "role", "people", "tasks done", "in hand", "waiting at the end",
        "longest wait", "busy",
    )  # fmt: skip
    for each in result.queues:
        people = f"{each.people} (suggested)" if each.suggested else each.people
        add_row(
            made, each.role, people, f"{each.taken - each.in_hand:,}", each.in_hand,
            f"{each.waiting:,}", f"{each.longest_wait_days:.1f} days", _percent(each.utilisation),
        )  # fmt: skip
    return _aligned(made, first=1)


def _months(result: Result) -> Table:
    months = list(result.queues[0].by_month) if result.queues else []
    made = table("Tasks that wait at each month's end", "role", *months)
    for each in result.queues:
        add_row(made, each.role, *(f"{count:,}" for count in each.by_month.values()))
    return _aligned(made, first=1)


def comparison(rows: tuple[Difference, ...], roles: tuple[QueueDifference, ...]) -> Iterator[Table]:
    """What the second charter makes of the same complaints, less what the first does."""
    made = table(
        None, "promise", "started", "met", "missed", "kept, points", "median", "90 % in",
    )  # fmt: skip
    for each in rows:
        figures = (each.started, each.met, each.missed, each.percentage, each.median_days)
        add_row(made, each.promise, *(_signed(one) for one in (*figures, each.p90_days)))
    yield _aligned(made, first=1)
    queues = table(None, "role", "waiting at the end", "longest wait, days", "busy, points")
    for role in roles:
        figures_of = (role.waiting, role.longest_wait_days, role.utilisation)
        add_row(queues, role.role, *(_signed(one) for one in figures_of))
    yield _aligned(queues, first=1)


def replayed(result: Replayed) -> Iterator[Table]:
    """What was recorded, what would have been, and which complaints would have fared otherwise."""
    yield promises(f"As it is on record: {result.complaints:,} closed complaints", result.recorded)
    name = f"{result.charter} {result.version}"
    yield promises(f"The same, at the same instants, under {name}", result.proposed)
    if not result.changed:
        return
    title = f"Fared otherwise: {len(result.changed):,}"
    if len(result.changed) > SHOWN_CHANGES:
        title += f", of which the first {SHOWN_CHANGES}"
    made = table(title, "complaint", "promise", "on record", "proposed")
    for each in result.changed[:SHOWN_CHANGES]:
        add_row(
            made,
            each.reference,
            each.promise,
            each.recorded or "neither",
            each.proposed or "neither",
        )
    yield made


def _aligned(made: Table, first: int) -> Table:
    for column in made.columns[first:]:
        column.justify = "right"
        column.no_wrap = True
    return made


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} %"


def _days(value: int | None) -> str:
    return "" if value is None else f"{value}"


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:+,g}"
