"""What the server ends or refuses a workflow for is never reached: Uphold's own limits come first."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.complaint.state import FULL
from domain.wire import Id, Reference
from starter.wire.names import fairness_key, workflow_id
from tests.domain.playing.stories import Story
from workflows.visibility import attributes_of
from workflows.waiting import LONG

ID_BYTES = 1_000
VALUE_BYTES, VALUES_BYTES = 2_048, 40_960
EVENTS_OF_A_RUN, UPDATES_OF_A_RUN, SIGNALS_OF_A_RUN = 51_200, 2_000, 10_000
FAIRNESS_BYTES = 64
EVENTS_OF_A_CHANGE, EVENTS_OF_A_SIGNAL = 11, 4
"""Of a history: docs/benchmarks.md; a signal that changes nothing is itself and one task."""
WIDE = "\U0001f600"
"""Four bytes."""


def test_the_longest_reference_is_an_id_that_the_server_takes() -> None:
    longest = "R" * 80
    assert TypeAdapter(Reference).validate_python(longest)
    assert len(workflow_id(longest).encode()) < ID_BYTES
    with pytest.raises(ValidationError):
        TypeAdapter(Reference).validate_python(longest + "R")


def test_the_longest_handler_is_a_search_attribute_that_the_server_takes() -> None:
    longest = TypeAdapter(Id).validate_python(WIDE * 100)
    story = Story().do("allocate", by="manager", handler={"id": longest, "name": "W", "phone": "1"})
    values = [len(str(value).encode()) for value in attributes_of(story.complaint).values()]
    assert max(values) < VALUE_BYTES
    assert sum(values) < VALUES_BYTES
    with pytest.raises(ValidationError):
        TypeAdapter(Id).validate_python(WIDE * 101)


def test_a_history_is_left_long_before_the_server_ends_it() -> None:
    assert LONG * 10 < EVENTS_OF_A_RUN


def test_a_history_that_cannot_be_left_while_letters_wait_is_bounded_by_what_a_complaint_holds() -> (
    None
):
    assert FULL <= UPDATES_OF_A_RUN
    assert FULL * EVENTS_OF_A_CHANGE < EVENTS_OF_A_RUN
    assert SIGNALS_OF_A_RUN * EVENTS_OF_A_SIGNAL < EVENTS_OF_A_RUN


@pytest.mark.parametrize("charter", ["financial-ombudsman", WIDE * 100, "x" + WIDE * 100])
def test_the_key_of_fairness_is_one_that_the_server_takes(charter: str) -> None:
    assert 0 < len(fairness_key(charter).encode()) <= FAIRNESS_BYTES
    assert charter.startswith(fairness_key(charter))
