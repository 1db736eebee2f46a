"""Every way in which a promise can fail to be one is found, and named."""

from __future__ import annotations

import pytest

from tests.domain.charter.housing_code import (
    FIRST,
    GOOD,
    HO_1,
    HO_2,
    another,
    assert_found,
    found_in,
)

# case: (what stands in the good file, what stands there instead, table, key, what, allowed)
CASES: dict[str, tuple[str, str, str, str, str, str]] = {
    "two promises of one key": (
        'id = "HO-2"',
        'id = "HO-1"',
        "promise[2] (HO-1)",
        "id",
        "stands in this charter already",
        "a part",
    ),
    "a promise from a page that is not a source": (
        'source = "housing-code"',
        'source = "housing-cod"',
        "promise[1] (HO-1)",
        "source",
        "'housing-cod' is not one of the charter's sources",
        "did you mean 'housing-code'?",
    ),
    "a trigger that does not exist": (
        FIRST,
        'starts = ["stage-enter"]',
        "promise[1] (HO-1)",
        "starts",
        "'stage-enter' is not something that happens",
        "did you mean 'stage-entered'?",
    ),
    "an anchor on a promise that does not exist": (
        'starts = ["met:HO-1"]',
        'starts = ["met:HO-7"]',
        "promise[2] (HO-2)",
        "starts",
        "names no promise",
        "met:HO-1, met:HO-3/acknowledge, met:HO-3/reply (did you mean",
    ),
    "an anchor on a row with several parts": (
        'starts = ["met:HO-3/acknowledge"]',
        'starts = ["met:HO-3"]',
        "promise[4] (HO-3/reply)",
        "starts",
        "names no promise",
        "met:HO-3/acknowledge",
    ),
    "an anchor on itself": (
        'starts = ["met:HO-1"]',
        'starts = ["met:HO-2"]',
        "promise[2] (HO-2)",
        "starts",
        "when it is met itself",
        "another promise",
    ),
    "anchors in a circle": (
        FIRST,
        'starts = ["met:HO-2"]',
        "promise[1] (HO-1)",
        "starts",
        "in a circle",
        "outside the circle",
    ),
    "an anchor whose meeting would meet it too": (
        HO_1,
        HO_1.replace('meets = ["acknowledged"]\nuntil = ["replied"]', 'meets = ["replied"]'),
        "promise[2] (HO-2)",
        "meets",
        "replied meets HO-1 too",
        "what does not meet HO-1",
    ),
    "a promise that gives way to none of the charter": (
        HO_2,
        HO_2 + '\ngives-way-to = "HO-3/replies"',
        "promise[2] (HO-2)",
        "gives-way-to",
        "'HO-3/replies' names no other promise",
        "did you mean 'HO-3/reply'?",
    ),
    "a promise that gives way to itself": (
        HO_2,
        HO_2 + '\ngives-way-to = "HO-2"',
        "promise[2] (HO-2)",
        "gives-way-to",
        "'HO-2' names no other promise",
        "HO-3/reply",
    ),
    "a promise that gives way to one that starts elsewhere": (
        HO_2,
        HO_2 + '\ngives-way-to = "HO-3/reply"',
        "promise[2] (HO-2)",
        "gives-way-to",
        "HO-3/reply does not run on when HO-2 has passed",
        "starts with it and gives more time",
    ),
    "a promise that gives way and begins anew": (
        "[closing]",
        another(
            "stage-entered", "replied", more='after-missed = { weeks = 1 }\ngives-way-to = "HO-1"'
        ),
        "promise[5] (HO-9)",
        "gives-way-to",
        "starts anew once it has passed",
        "either gives-way-to, or after-missed or repeats",
    ),
    "a promise that closing starts": (
        FIRST,
        'starts = ["closed"]',
        "promise[1] (HO-1)",
        "starts",
        "starts none",
        "while it is open",
    ),
    "a promise met by what starts it": (
        'meets = ["acknowledged"]',
        'meets = ["acknowledged", "stage-entered"]',
        "promise[1] (HO-1)",
        "meets",
        "over at once",
        "not what stands under starts",
    ),
    "a promise ended by what starts it": (
        'until = ["replied"]',
        'until = ["stage-entered"]',
        "promise[1] (HO-1)",
        "until",
        "over at once",
        "not what stands under starts",
    ),
    "a promise both met and ended by the same": (
        'until = ["replied"]',
        'until = ["acknowledged"]',
        "promise[1] (HO-1)",
        "until",
        "both meet the promise and end it",
        "not what stands under meets",
    ),
    "a promise for an unknown stage": (
        HO_1,
        HO_1.replace("case-handler", "case-handlers"),
        "promise[1] (HO-1)",
        "stages",
        "'case-handlers' is not a stage",
        "case-handler, manager (did you mean 'case-handler'?",
    ),
    "a promise met by a reply at an external stage": (
        HO_2 + '\nstages = ["case-handler"]',
        HO_2 + '\nstages = ["housing-ombudsman"]',
        "promise[2] (HO-2)",
        "stages",
        "external",
        "case-handler, manager",
    ),
    "a promise about the complaint that only an answer to a contact would meet": (
        "[closing]",
        another("received", "contact-answered"),
        "promise[5] (HO-9)",
        "meets",
        "nothing can meet it: contact-answered cannot, when it starts by received",
        "acknowledged, updated",
    ),
    "a promise about a contact that only a reply would meet": (
        "[closing]",
        another("contact-received", "replied"),
        "promise[5] (HO-9)",
        "meets",
        "nothing can meet it: it starts with a contact",
        "contact-acknowledged, contact-answered",
    ),
    "a promise met by receipt": (
        "[closing]",
        another("allocated", "received"),
        "promise[5] (HO-9)",
        "meets",
        "nothing can meet it: received cannot",
        "acknowledged",
    ),
    "a promise at the last stage that only an escalation would meet": (
        "[closing]",
        another("allocated", "escalated", more='stages = ["manager"]'),
        "promise[5] (HO-9)",
        "meets",
        "nothing can meet it",
        "procedure-ended",
    ),
    "a promise at the first stage that only the end of the procedure would meet": (
        "[closing]",
        another("allocated", "procedure-ended", more='stages = ["case-handler"]'),
        "promise[5] (HO-9)",
        "meets",
        "nothing can meet it",
        "escalated",
    ),
    "a promise that receipt starts where nothing is received": (
        "[closing]",
        another("received", "updated", more='stages = ["manager"]'),
        "promise[5] (HO-9)",
        "starts",
        "never happens at manager",
        "something that happens there",
    ),
    "a promise that escalation starts at the first stage": (
        "[closing]",
        another("escalated", "updated", more='stages = ["case-handler"]'),
        "promise[5] (HO-9)",
        "starts",
        "never happens at case-handler",
        "something that happens there",
    ),
    "a customer told at a warning that never comes": (
        "warn-before = { working-days = 1 }",
        "tell-customer = true",
        "promise[1] (HO-1)",
        "tell-customer",
        "there is none",
        "warn-before",
    ),
    "a promise to nobody": (
        HO_2,
        HO_2 + '\ncorrespondents = ["mp"]\nexempt = ["mp", "friend"]',
        "promise[2] (HO-2)",
        "exempt",
        "exempts everybody",
        "fewer kinds",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_names_table_key_and_what_is_allowed(case: str) -> None:
    old, new, table, key, what, allowed = CASES[case]
    assert old in GOOD

    assert_found(GOOD.replace(old, new, 1), (table, key), what, allowed)


def test_one_thing_may_meet_a_promise_and_the_one_that_counts_from_it_but_not_again_and_again() -> (
    None
):
    either = GOOD.replace(
        'meets = ["acknowledged"]\nuntil = ["replied"]', 'meets = ["acknowledged", "replied"]', 1
    )
    assert found_in(either) == ()

    again = either.replace(HO_2, HO_2 + "\nrepeats = true", 1)
    assert_found(again, ("promise[2] (HO-2)", "meets"), "replied meets HO-1 too", "HO-1")
