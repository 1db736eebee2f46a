"""Shares are told alike everywhere, and never better than they are."""

from __future__ import annotations

import pytest

from domain.quality.figures import percentage_of, reaches


@pytest.mark.parametrize(
    ("some", "of_all", "percentage"),
    [
        (0, 0, None),
        (0, 3, 0.0),
        (3, 3, 100.0),
        (2, 3, 66.6),
        (8496, 10000, 84.9),
        (999, 1000, 99.9),
    ],
)
def test_a_percentage_is_never_rounded_up(some: int, of_all: int, percentage: float | None) -> None:
    assert percentage_of(some, of_all) == percentage


def test_a_target_is_reached_as_it_is_written_and_not_before() -> None:
    assert reaches(851, 1000, 85.1) is True
    assert reaches(84_999, 100_000, 85) is False
    assert reaches(0, 0, 85) is None
    assert reaches(1, 1, None) is None
