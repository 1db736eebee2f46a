"""Draws are keyed: the same everywhere, and no two are one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.vocabulary import Role
from simulation.world.random_streams import RandomStreams


def test_a_draw_is_the_same_on_every_machine() -> None:
    first = RandomStreams(1).of_stage(7, 0)
    assert [round(each, 6) for each in first[:3]] == [0.797743, 0.973855, 0.774983]


def test_no_two_draws_are_one() -> None:
    streams, drawn = RandomStreams(3), list[float]()
    for number in range(1, 60):
        drawn += streams.of_arrival(number)
        drawn += [each for rung in range(3) for each in streams.of_stage(number, rung)]
        drawn += [streams.of_update(number, 0, count) for count in range(3)]
    drawn += [each for week in range(9) for each in streams.of_absence(Role.MANAGER, 1, week)]
    assert len(set(drawn)) == len(drawn)
    assert all(0 < each < 1 for each in drawn)
    assert 0.47 < sum(drawn) / len(drawn) < 0.53


@given(seed=st.integers(), other=st.integers())
def test_every_seed_has_draws_of_its_own(seed: int, other: int) -> None:
    assert (RandomStreams(seed).of_arrival(1) == RandomStreams(other).of_arrival(1)) == (
        seed == other
    )
