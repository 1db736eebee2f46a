"""A length of time follows its draw."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.scenario.distributions import (
    Distribution,
    Exponential,
    LogNormal,
    Triangular,
    Uniform,
)

DRAWS = st.floats(1e-9, 1 - 1e-9)


DISTRIBUTIONS = (
    Uniform(5, 5),
    Uniform(2, 9),
    Triangular(2, 3, 9),
    Triangular(4, 4, 4),
    Exponential(6),
    LogNormal(30, 90),
)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@given(one=DRAWS, two=DRAWS)
def test_a_higher_draw_never_gives_less_time(
    distribution: Distribution, one: float, two: float
) -> None:
    low, high = sorted((one, two))
    assert 0 <= distribution.quantile(low) <= distribution.quantile(high)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_the_mean_is_the_mean(distribution: Distribution) -> None:
    places = [(place + 0.5) / 20_000 for place in range(20_000)]
    assert sum(map(distribution.quantile, places)) / 20_000 == pytest.approx(
        distribution.mean, rel=0.005
    )


def test_half_are_below_the_median_and_one_in_ten_above_its_p90() -> None:
    assert LogNormal(30, 90).quantile(0.5) == pytest.approx(30)
    assert LogNormal(30, 90).quantile(0.9) == pytest.approx(90)
