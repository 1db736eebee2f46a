"""How a simulation looks to a person: promises, places, queues, differences, speed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from starter.terminal.printing import table

if TYPE_CHECKING:
    from rich.table import Table

    from simulation.replay import Replayed
    from simulation.results.promises import PromiseResult
    from simulation.results.result import Difference, QueueDifference, Result

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

    def row(each: PromiseResult) -> tuple[object, ...]:
        target = "" if each.target is None else f"{each.target:g} %"
        if each.on_target is not None:
            target += " reached" if each.on_target else " missed"
        counts = (f"{getattr(each, name):,}" for name in _COUNTS)
        kept, days = _percent(each.percentage), (each.median_days, each.p90_days)
        return each.promise, each.text, *counts, kept, target, *days

    return table(
        title, "promise", "in words", *_COUNTS, "kept", "target", "median", "90 % in",
        rows=map(row, rows), figures=2,
    )  # fmt: skip


def _places(result: Result) -> Table:
    rows = [(_PLACES[place], f"{count:,}") for place, count in result.places.items()]
    rows.append(("all", f"{result.complaints:,}"))
    title = "Where the complaints are at the end"
    return table(title, "", "complaints", rows=rows, figures=1)


def _queues(result: Result) -> Table:
    return table(
        "Where the queues stand", "role", "people", "tasks done", "in hand", "waiting at the end",
        "longest wait", "busy", figures=1,
        rows=(
            (each.role, f"{each.people}{' (suggested)' * each.suggested}",
             f"{each.taken - each.in_hand:,}", each.in_hand, f"{each.waiting:,}",
             f"{each.longest_wait_days:.1f} days", _percent(each.utilisation))
            for each in result.queues
        ),
    )  # fmt: skip


def _months(result: Result) -> Table:
    months = list(result.queues[0].by_month) if result.queues else []
    rows = (
        (each.role, *(f"{count:,}" for count in each.by_month.values())) for each in result.queues
    )
    return table("Tasks that wait at each month's end", "role", *months, rows=rows, figures=1)


def comparison(rows: tuple[Difference, ...], roles: tuple[QueueDifference, ...]) -> Iterator[Table]:
    """What the second charter makes of the same complaints, less what the first does."""
    yield table(
        None, "promise", "started", "met", "missed", "kept, points", "median", "90 % in", figures=1,
        rows=(
            (each.promise, *map(_signed, (
                each.started, each.met, each.missed, each.percentage, each.median_days,
                each.p90_days,
            )))
            for each in rows
        ),
    )  # fmt: skip
    yield table(
        None, "role", "waiting at the end", "longest wait, days", "busy, points", figures=1,
        rows=(
            (each.role, *map(_signed, (each.waiting, each.longest_wait_days, each.utilisation)))
            for each in roles
        ),
    )  # fmt: skip


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
    rows = (
        (each.reference, each.promise, each.recorded or "neither", each.proposed or "neither")
        for each in result.changed[:SHOWN_CHANGES]
    )
    yield table(title, "complaint", "promise", "on record", "proposed", rows=rows)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} %"


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:+,g}"
