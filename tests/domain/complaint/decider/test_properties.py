"""Whatever is done to a complaint, and whenever, the laws of the core hold."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.domain.playing.machine import Anything

EXAMPLES = 60
STEPS = 40


@pytest.mark.parametrize(
    ("charter", "examples"),
    [
        ("financial-ombudsman", EXAMPLES),
        ("harbour-homes", EXAMPLES),
        ("casework-standards", EXAMPLES),
        ("customer-promise", EXAMPLES),
        ("local-government-code", EXAMPLES // 3),
        ("financial-conduct", EXAMPLES // 3),
    ],
)
def test_nothing_that_anybody_does_breaks_a_law(charter: str, examples: int) -> None:
    machine = type("Machine", (Anything,), {"charter": charter})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=examples, stateful_step_count=STEPS)
    )
