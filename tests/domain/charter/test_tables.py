"""What a single value of a charter file may be."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from domain.calendar.budget import Budget, Unit
from domain.charter.tables import Promise
from domain.charter.terms import CalendarTerms, WarnBefore, Within

HOURS = {"monday": "09:00-17:00"}
PROMISE = {
    "id": "FO-8",
    "text": "Answered in full.",
    "source": "page.txt",
    "starts": ["stage-entered"],
    "meets": ["replied"],
    "within": {"working-days": 10},
}


@pytest.mark.parametrize(
    ("given", "budget"),
    [
        ({"working-days": 10}, Budget(Unit.WORKING_DAYS, 10)),
        ({"calendar-days": 3}, Budget(Unit.CALENDAR_DAYS, 3)),
        ({"weeks": 12}, Budget(Unit.CALENDAR_DAYS, 84)),
        ({"months": 1}, Budget(Unit.MONTHS, 1)),
        ({"end-of-next-working-day": True}, Budget(Unit.END_OF_NEXT_WORKING_DAY, 1)),
    ],
)
def test_a_time_is_a_budget_in_its_unit(given: dict[str, Any], budget: Budget) -> None:
    assert Within.model_validate(given).budget == budget


@pytest.mark.parametrize(
    "given", [{}, {"working-days": 1, "months": 1}, {"end-of-next-working-day": False}]
)
def test_a_time_without_exactly_one_unit_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Within.model_validate(given)


@pytest.mark.parametrize("given", [{"working-days": 0}, {"working-days": -1}, {"months": 49}])
def test_a_time_of_nothing_or_beyond_reason_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Within.model_validate(given)


def test_only_a_warning_may_come_on_the_day_itself() -> None:
    assert WarnBefore.model_validate({"working-days": 0}).budget.amount == 0


def test_opening_hours_are_written_as_a_span() -> None:
    terms = CalendarTerms.model_validate({"region": "scotland", "hours": HOURS})

    assert terms.hours["monday"].open == 9 * 60
    assert terms.hours["monday"].close == 17 * 60
    assert "tuesday" not in terms.hours


@pytest.mark.parametrize(
    "span",
    [
        "17:00-09:00",
        "09:00-09:00",
        "nine to five",
        "25:00-26:00",
        "09:00-24:01",
        "24:00-24:00",
        "09:60-17:00",
    ],
)
def test_opening_hours_that_are_no_span_are_refused(span: str) -> None:
    with pytest.raises(ValidationError):
        CalendarTerms.model_validate({"region": "scotland", "hours": {"monday": span}})


def test_an_organisation_that_never_opens_is_refused() -> None:
    with pytest.raises(ValidationError):
        CalendarTerms.model_validate({"region": "scotland", "hours": {}})


def test_the_receipt_rule_is_in_the_customers_favour_unless_the_charter_says_otherwise() -> None:
    assert (
        CalendarTerms.model_validate({"region": "scotland", "hours": HOURS}).receipt == "same-day"
    )


def test_a_promise_is_named_by_its_id_and_its_part() -> None:
    assert Promise.model_validate(PROMISE).key == "FO-8"
    assert Promise.model_validate(PROMISE | {"part": "reply"}).key == "FO-8/reply"


@pytest.mark.parametrize("key", ["starts", "meets"])
def test_a_promise_that_nothing_starts_or_meets_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        Promise.model_validate(PROMISE | {key: []})


@pytest.mark.parametrize(
    "anchor", ["met:FO-8", "met:FO-8/reply", "stage-entered", "anything-at-all"]
)
def test_an_anchor_is_a_word_or_another_promise(anchor: str) -> None:
    assert Promise.model_validate(PROMISE | {"starts": [anchor]}).starts == (anchor,)


@pytest.mark.parametrize("anchor", ["", "Stage Entered", "met:", "met:reply", "met:FO-8/"])
def test_an_anchor_of_another_shape_is_refused(anchor: str) -> None:
    with pytest.raises(ValidationError):
        Promise.model_validate(PROMISE | {"starts": [anchor]})
