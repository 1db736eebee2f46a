"""Shares in per cent, and whether they reach a target: alike wherever they are told.

Imports nothing of ours.
"""

from __future__ import annotations

from fractions import Fraction


def percentage_of(some: int, of_all: int) -> float | None:
    """The percentage to one decimal; None of nothing.

    Rounded down, so that 84.96 does not pass for a target of 85.
    """
    return some * 1000 // of_all / 10 if of_all else None


def reaches(some: int, of_all: int, target: float | None) -> bool | None:
    """Whether that share reaches the target (per cent); None of nothing, or without a target."""
    if target is None or not of_all:
        return None
    # As it is written in the charter: 85.1 has no exact binary form.
    return 100 * some >= Fraction(str(target)) * of_all
