"""IS-1 and IS-11: which figures can be true, and how they are held against the target."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.files import all_charters, load_charter
from domain.errors import InvalidCommand
from domain.quality.measures import (
    EARLIEST,
    CallCount,
    CallFigure,
    SatisfactionFigure,
    SurveyResponse,
    all_calls,
    all_responses,
    call_commitment,
    check_calls,
    check_period,
    check_response,
)

TODAY = date(2026, 11, 20)


def count(**changed: Any) -> CallCount:
    known: dict[str, Any] = {
        "day": TODAY, "offered": 120, "answered": 118, "answered_within_target": 102
    }  # fmt: skip
    return CallCount(**{**known, **changed})


def figure(offered: int, within: int) -> CallFigure:
    return CallFigure(offered=offered, answered=within, answered_within_target=within)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"offered": -1}, r"offered: -1 .*Allowed: 0 to 10000000"),
        ({"offered": 10**9, "answered": 0, "answered_within_target": 0}, "offered: 1000000000"),
        ({"answered": 121}, r"answered: 121 is more than the 120 offered\. Allowed: 0 to 120"),
        ({"answered": -3}, "answered_within_target: 102 is more|answered: -3"),
        ({"answered_within_target": 119}, "119 is more than the 118 answered"),
        ({"answered_within_target": -1}, "answered_within_target: -1"),
        ({"day": TODAY + timedelta(1)}, r"day: 2026-11-21 lies in the future\. Allowed: .*2026-11-20"),
        ({"day": EARLIEST - timedelta(1)}, "day: 1999-12-31 is too long ago"),
    ],
)  # fmt: skip
def test_is_1_figures_that_no_day_can_have_are_refused(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidCommand, match=message):
        check_calls(count(**changed), TODAY)


@pytest.mark.parametrize(
    "changed",
    [{}, {"offered": 0, "answered": 0, "answered_within_target": 0}, {"day": EARLIEST}],
)
def test_is_1_figures_that_a_day_can_have_are_taken(changed: dict[str, Any]) -> None:
    check_calls(count(**changed), TODAY)


def test_is_1_no_call_is_counted_twice() -> None:
    check_period(count(period="09:00-10:00"), {"09:00-10:00", "10:00-11:00"})
    check_period(count(), {""})
    check_period(count(), set())
    with pytest.raises(InvalidCommand, match="counted as a whole already"):
        check_period(count(period="09:00-10:00"), {""})
    with pytest.raises(InvalidCommand, match="counted by parts already: 09:00-10:00"):
        check_period(count(), {"09:00-10:00"})


@pytest.mark.parametrize(
    ("offered", "within", "percentage", "reached"),
    [
        (100, 85, 85.0, True),
        (100, 84, 84.0, False),
        (10_000, 8_499, 84.9, False),
        (10_000, 10_000, 100.0, True),
        (10_000, 9_999, 99.9, True),
        (0, 0, None, None),
    ],
)
def test_is_1_calls_are_held_against_the_target_and_never_rounded_up_to_it(
    offered: int, within: int, percentage: float | None, reached: bool | None
) -> None:
    assert figure(offered, within).percentage == percentage
    assert figure(offered, within).reaches(85) is reached
    assert figure(offered, within).reaches(None) is None


def test_is_1_a_target_that_has_no_exact_binary_form_can_be_reached_exactly() -> None:
    assert all(figure(1000, tenths).reaches(tenths / 10) for tenths in range(1, 1001))


def test_is_1_a_call_that_nobody_answered_was_not_answered_in_time() -> None:
    abandoned = CallFigure(offered=100, answered=80, answered_within_target=80)
    assert abandoned.percentage == 80


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=12))
def test_is_1_months_add_up(pairs: list[tuple[int, int]]) -> None:
    figures = [figure(max(pair), min(pair)) for pair in pairs]
    together = all_calls(figures)
    assert together.offered == sum(each.offered for each in figures)
    assert together.answered_within_target <= together.answered <= together.offered


def test_is_1_the_target_is_the_charters() -> None:
    charters = {each: load_charter(path) for each, path in all_charters().items()}
    promise = call_commitment(charters["insolvency-service"])
    assert promise is not None
    assert (promise.id, promise.target) == ("IS-1", 85)
    assert call_commitment(charters["financial-ombudsman"]) is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"score": 0}, r"score: 0 .*Allowed: 1 to 5"),
        ({"score": 6}, "score: 6"),
        ({"answered_on": TODAY + timedelta(1)}, "answered_on: 2026-11-21 lies in the future"),
    ],
)
def test_is_11_responses_that_nobody_can_have_given_are_refused(
    changed: dict[str, Any], message: str
) -> None:
    known: dict[str, Any] = {"response_id": "r-1", "answered_on": TODAY, "score": 4}
    check_response(SurveyResponse(**known), TODAY)
    with pytest.raises(InvalidCommand, match=message):
        check_response(SurveyResponse(**{**known, **changed}), TODAY)


def test_is_11_satisfied_is_a_score_of_four_or_five() -> None:
    some = SatisfactionFigure(scores={5: 1, 4: 1, 3: 1})
    assert (some.responses, some.average, some.percentage) == (3, 4.0, 66.6)
    assert some.every_score == {1: 0, 2: 0, 3: 1, 4: 1, 5: 1}
    none = SatisfactionFigure(scores={})
    assert (none.responses, none.average, none.percentage) == (0, None, None)
    both = all_responses([some, SatisfactionFigure(scores={3: 2})])
    assert both.every_score[3] == 3
    assert all_responses([]) == none
