"""Every way in which the times of a promise can contradict themselves or others is found, and named."""

from __future__ import annotations

import pytest

from tests.domain.charter.housing_code import GOOD, HO_2, another, assert_found, found_in

# case: (what stands in the good file, what stands there instead, table, key, what, allowed)
CASES: dict[str, tuple[str, str, str, str, str, str]] = {
    "two promises that contradict": (
        "[closing]",
        another("stage-entered", "acknowledged"),
        "promise[5] (HO-9)",
        "within",
        "contradicts HO-1, which gives 5 working-days",
        "another channel, correspondent or stage",
    ),
    "a warning no earlier than the promise": (
        "warn-before = { working-days = 1 }",
        "warn-before = { working-days = 5 }",
        "promise[1] (HO-1)",
        "warn-before",
        "5 working-days before",
        "less than 5 working-days",
    ),
    "a warning in another unit that is longer than the promise": (
        "warn-before = { working-days = 1 }",
        "warn-before = { weeks = 1 }",
        "promise[1] (HO-1)",
        "warn-before",
        "1 weeks before",
        "less than 5 working-days",
    ),
    "an extension in a unit that cannot be compared": (
        "at-most = { working-days = 10 }",
        "at-most = { months = 1 }",
        "promise[2] (HO-2)",
        "extension.at-most",
        "1 months cannot be compared with 10 working-days",
        "working-days",
    ),
    "an extension to the end of the next working day": (
        "at-most = { working-days = 10 }",
        "at-most = { end-of-next-working-day = true }",
        "promise[2] (HO-2)",
        "extension.at-most",
        "cannot be compared",
        "working-days",
    ),
    "a promise longer than the calendar": (
        HO_2,
        HO_2.replace("working-days = 10", "calendar-days = 1000"),
        "promise[2] (HO-2)",
        "within",
        "longer than the calendar",
        "at most 24 months",
    ),
    "a limit longer than the calendar": (
        "limit = { within = { weeks = 12 } }",
        "limit = { within = { months = 30 } }",
        "promise[2] (HO-2)",
        "limit.within",
        "longer than the calendar",
        "at most 24 months",
    ),
    "a new date beyond the calendar": (
        HO_2,
        f"{HO_2}\nafter-missed = {{ months = 30 }}",
        "promise[2] (HO-2)",
        "after-missed",
        "longer than the calendar",
        "at most 24 months",
    ),
    "a limit shorter than the promise": (
        "limit = { within = { weeks = 12 } }",
        "limit = { within = { weeks = 1 } }",
        "promise[2] (HO-2)",
        "limit.within",
        "is shorter than the promise",
        "10 working-days or more",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_names_table_key_and_what_is_allowed(case: str) -> None:
    old, new, table, key, what, allowed = CASES[case]
    assert old in GOOD

    assert_found(GOOD.replace(old, new, 1), (table, key), what, allowed)


@pytest.mark.parametrize(
    "more",
    [
        'channels = ["email"]\ncorrespondents = ["mp"]\ntarget = 85',
        'stages = ["manager"]\nexempt = []',
    ],
)
def test_promises_of_another_stage_or_target_do_not_contradict(more: str) -> None:
    added = another("stage-entered", "acknowledged replied", more=more)

    assert found_in(GOOD.replace("[closing]", added)) == ()


def test_promises_on_other_channels_do_not_contradict() -> None:
    by_letter = another("allocated", "updated", more='channels = ["letter"]').replace(
        "[closing]", ""
    )
    by_email = another("allocated", "updated", "working-days = 3", 'channels = ["email"]')
    added = by_letter + by_email.replace("HO-9", "HO-10")

    assert found_in(GOOD.replace("[closing]", added)) == ()
