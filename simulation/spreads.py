"""Spreads: how a length of time is spread, and its value for a piece of luck.

Owns the ways in which a scenario writes them. Each is read by its quantile, so that more luck
never gives less time: two simulations with the same luck can be compared one by one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Protocol

ALLOWED = (
    "a number, { between = [LOW, HIGH] }, { mostly = M, between = [LOW, HIGH] },"
    " { mean = M } or { median = M, p90 = P }"
)
_NORMAL = NormalDist()
_P90 = _NORMAL.inv_cdf(0.9)


class Spread(Protocol):
    """A length of time that differs from case to case."""

    @property
    def mean(self) -> float:
        """Its mean."""
        ...

    def at(self, luck: float) -> float:
        """The length below which that share of all cases lies; `luck` is above 0 and below 1."""
        ...


@dataclass(frozen=True, slots=True)
class Always:
    """Always the same."""

    length: float

    @property
    def mean(self) -> float:
        """The length itself."""
        return self.length

    def at(self, luck: float) -> float:  # noqa: ARG002 - it has no need of luck
        """The length itself."""
        return self.length


@dataclass(frozen=True, slots=True)
class Between:
    """Anything between two lengths, each as likely."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        """Half way."""
        return (self.low + self.high) / 2

    def at(self, luck: float) -> float:
        """So far along the way."""
        return self.low + (self.high - self.low) * luck


@dataclass(frozen=True, slots=True)
class Mostly:
    """Between two lengths and mostly near a third: a triangle."""

    low: float
    mode: float
    high: float

    @property
    def mean(self) -> float:
        """The triangle's centre."""
        return (self.low + self.mode + self.high) / 3

    def at(self, luck: float) -> float:
        """The side of the triangle on which the luck falls."""
        width = self.high - self.low
        if width == 0:
            return self.low
        turn = (self.mode - self.low) / width
        if luck < turn:
            return self.low + math.sqrt(luck * width * (self.mode - self.low))
        return self.high - math.sqrt((1 - luck) * width * (self.high - self.mode))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Short as a rule and sometimes long: exponential."""

    mean: float

    def at(self, luck: float) -> float:
        """The time after which that share has ended."""
        return -self.mean * math.log1p(-luck)


@dataclass(frozen=True, slots=True)
class Skewed:
    """Half are below the median and one in ten above `p90`: log-normal, as most work is."""

    median: float
    p90: float

    @property
    def mean(self) -> float:
        """Above the median, since long cases weigh more."""
        return self.median * math.exp(self._width**2 / 2)

    @property
    def _width(self) -> float:
        return math.log(self.p90 / self.median) / _P90

    def at(self, luck: float) -> float:
        """The median, stretched or shrunk."""
        return self.median * math.exp(self._width * _NORMAL.inv_cdf(luck))


def spread_from(content: Any) -> Spread:
    """The spread that a scenario writes. Raises `ValueError` saying what is wrong with it."""
    if isinstance(content, Mapping):
        return _from_table(dict(content))
    return Always(_length(content))


def _from_table(content: dict[str, Any]) -> Spread:
    names = set(content)
    if names == {"between"}:
        return Between(*_pair(content["between"]))
    if names == {"mostly", "between"}:
        low, high = _pair(content["between"])
        mode = _length(content["mostly"])
        if not low <= mode <= high:
            raise ValueError(f"mostly = {mode:g} is not between {low:g} and {high:g}")
        return Mostly(low, mode, high)
    if names == {"mean"}:
        return Waiting(_length(content["mean"]))
    if names == {"median", "p90"}:
        median, p90 = _length(content["median"]), _length(content["p90"])
        if not 0 < median <= p90:
            raise ValueError(f"median = {median:g} has to be above 0 and not above p90 = {p90:g}")
        return Skewed(median, p90)
    raise ValueError(f"{sorted(names)} says no length of time")


def _pair(content: Any) -> tuple[float, float]:
    if not isinstance(content, list) or len(content) != 2:  # noqa: PLR2004 - low and high
        raise ValueError(f"between = {content!r} is not two numbers")
    low, high = _length(content[0]), _length(content[1])
    if low > high:
        raise ValueError(f"between = {content!r} ends before it begins")
    return low, high


def _length(content: Any) -> float:
    if isinstance(content, bool) or not isinstance(content, (int, float)):
        raise ValueError(f"{content!r} is not a number")
    if not 0 <= content < math.inf:
        raise ValueError(f"{content!r} is below 0 or without end")
    return float(content)
