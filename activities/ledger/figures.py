"""How promises were kept, in figures: what can be said without a database.

Owns the percentage and the order of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from activities.ledger.port import PromiseFigure


def figure_of(promise: str, part: str | None, states: Sequence[str]) -> PromiseFigure:
    """The figure of one promise, from the states of its clocks that count."""
    in_time, late = states.count("met"), states.count("missed")
    decided = in_time + late
    return PromiseFigure(
        promise=promise,
        part=part,
        in_time=in_time,
        late=late,
        open=len(states) - decided,
        percentage=100 * in_time / decided if decided else None,
    )


def in_promise_order(figures: Sequence[PromiseFigure]) -> tuple[PromiseFigure, ...]:
    """The figures by promise: FO-2 before FO-10."""

    def place(figure: PromiseFigure) -> tuple[str, int, str]:
        letters, _, digits = figure.promise.rpartition("-")
        return letters, int(digits) if digits.isdecimal() else 0, figure.part or ""

    return tuple(sorted(figures, key=place))
