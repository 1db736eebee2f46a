"""What a charter says of appointments, services and questions has to add up, and is told where it does not."""

from __future__ import annotations

import pytest

from tests.domain.charter.housing_code import GOOD, another, assert_found, found_in

END = "\n[closing]"
CASES: dict[str, tuple[str, str, str, str]] = {
    "an appointment that only a reply would keep": (
        another("appointment-requested", "replied"),
        "meets",
        "nothing here happens to an appointment",
        "appointment-arranged",
    ),
    "over once missed, and yet it starts again": (
        another("replied", "updated", more="once = true\nrepeats = true"),
        "once",
        "something follows",
        "no repeats",
    ),
    "kinds of contact where no contact comes": (
        another("replied", "updated", more='contact-kinds = ["voicemail"]'),
        "contact-kinds",
        "nothing that comes in starts it",
        "contact-received",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_promise_that_its_matter_cannot_keep_is_named(case: str) -> None:
    text, key, what, allowed = CASES[case]
    table = f"promise[{GOOD.count(chr(10) + '[[promise]]') + 1}] (HO-9)"
    assert_found(GOOD.replace(END, text, 1), (table, key), what, allowed)


def test_appointments_and_visits_that_add_up_are_no_fault() -> None:
    good = another("appointment-requested", "appointment-arranged", more="once = true")
    assert found_in(GOOD.replace(END, good, 1)) == ()
