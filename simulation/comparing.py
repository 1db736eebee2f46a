"""Comparing: two charters that met the same complaints, people and luck, promise by promise.

Owns the differences: what the second makes of it, less what the first does.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from simulation.result import Result


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more or less the second has; none where one of the two has no figure."""

    promise: str
    started: int | None
    met: int | None
    missed: int | None
    percentage: float | None
    median_days: float | None
    p90_days: float | None


@dataclass(frozen=True, slots=True)
class QueueDifference:
    """The same for a role."""

    role: str
    waiting: int | None
    longest_wait_days: float | None
    utilisation: float | None


def differences(first: Result, second: Result) -> tuple[Difference, ...]:
    """For every promise of either, those of the first before the others."""
    ours = {each.promise: each for each in first.promises}
    theirs = {each.promise: each for each in second.promises}
    names = [field.name for field in fields(Difference)[1:]]
    return tuple(
        Difference(key, *(_less(ours.get(key), theirs.get(key), name) for name in names))
        for key in {**ours, **theirs}
    )


def queue_differences(first: Result, second: Result) -> tuple[QueueDifference, ...]:
    """For every role of either."""
    ours = {each.role: each for each in first.queues}
    theirs = {each.role: each for each in second.queues}
    names = [field.name for field in fields(QueueDifference)[1:]]
    return tuple(
        QueueDifference(role, *(_less(ours.get(role), theirs.get(role), name) for name in names))
        for role in {**ours, **theirs}
    )


def _less(one: Any, other: Any, name: str) -> Any:
    """The other's figure less the first's; whole numbers stay whole."""
    first, second = getattr(one, name, None), getattr(other, name, None)
    return None if first is None or second is None else round(second - first, 2)
