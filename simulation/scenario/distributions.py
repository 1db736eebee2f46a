"""Distributions: how a length of time differs from case to case, and how a scenario writes that.

Each is read by its quantile, so that a higher draw never gives less time: two simulations with the
same draws can be compared one by one.
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


class Distribution(Protocol):
    """A length of time that differs from case to case."""

    @property
    def mean(self) -> float:
        """The mean of all cases."""
        ...

    def quantile(self, share: float) -> float:
        """The length below which that share of all cases lies; above 0 and below 1."""
        ...


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything between two lengths, each as likely; always the same where they are equal."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        """Half way."""
        return (self.low + self.high) / 2

    def quantile(self, share: float) -> float:
        """So far along the way."""
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True, slots=True)
class Triangular:
    """Between two lengths and mostly near a third."""

    low: float
    mode: float
    high: float

    @property
    def mean(self) -> float:
        """The triangle's centre."""
        return (self.low + self.mode + self.high) / 3

    def quantile(self, share: float) -> float:
        """On the side of the triangle into which the share falls."""
        width = self.high - self.low
        if width == 0:
            return self.low
        if share < (self.mode - self.low) / width:
            return self.low + math.sqrt(share * width * (self.mode - self.low))
        return self.high - math.sqrt((1 - share) * width * (self.high - self.mode))


@dataclass(frozen=True, slots=True)
class Exponential:
    """Short as a rule and sometimes long."""

    mean: float

    def quantile(self, share: float) -> float:
        """The time after which that share has ended."""
        return -self.mean * math.log1p(-share)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Half are below the median and one in ten above `p90`, as with most work."""

    median: float
    p90: float

    @property
    def mean(self) -> float:
        """Above the median, since long cases weigh more; without end where they go far beyond it."""
        try:
            return self.median * math.exp(self._sigma**2 / 2)
        except OverflowError:
            return math.inf

    @property
    def _sigma(self) -> float:
        return math.log(self.p90 / self.median) / _P90

    def quantile(self, share: float) -> float:
        """The median, stretched or shrunk."""
        return self.median * math.exp(self._sigma * _NORMAL.inv_cdf(share))


def distribution_from(content: Any) -> Distribution:
    """The distribution that a scenario writes. Raises `ValueError` that says what is wrong."""
    if not isinstance(content, Mapping):
        return Uniform(_length(content), _length(content))
    names = set(content)
    if names == {"between"}:
        return Uniform(*_pair(content["between"]))
    if names == {"mostly", "between"}:
        low, high = _pair(content["between"])
        mode = _length(content["mostly"])
        if not low <= mode <= high:
            raise ValueError(f"mostly = {mode:g} is not between {low:g} and {high:g}")
        return Triangular(low, mode, high)
    if names == {"mean"}:
        return Exponential(_length(content["mean"]))
    if names == {"median", "p90"}:
        median, p90 = _length(content["median"]), _length(content["p90"])
        if not 0 < median <= p90:
            raise ValueError(f"median = {median:g} has to be above 0 and not above p90 = {p90:g}")
        return LogNormal(median, p90)
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
