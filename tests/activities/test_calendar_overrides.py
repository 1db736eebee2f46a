"""The overrides file: what it does, and what it says when it is wrong."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from activities.calendar_overrides import OverridesWrong, load_overrides
from activities.calendars import REGIONS

HEAD = "dated = 2026-11-22\nknown-until = 2030-12-31\n"
ENTRY = """
[[addition]]
region = "scotland"
day = 2029-06-15
reason = "Jubilee"
source = "A proclamation."
noted = 2026-11-22
"""


def test_the_file_that_ships_can_be_read_and_gives_a_source_for_each_day() -> None:
    text = files("activities.calendar_data").joinpath("overrides.toml").read_text("utf-8")
    overrides = load_overrides(text, "overrides.toml", REGIONS)
    assert [(one.region, one.day) for one in overrides.addition] == [
        ("scotland", date(2026, 6, 15))
    ]


def test_additions_and_removals_are_read() -> None:
    removal = ENTRY.replace("addition", "removal").replace("06-15", "05-07")
    overrides = load_overrides(HEAD + ENTRY + removal, "o.toml", REGIONS)
    assert overrides.addition[0].reason == "Jubilee"
    assert overrides.removal[0].day == date(2029, 5, 7)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("dated = ", ["o.toml: not TOML"]),
        ("dated = 2026-11-22", ["o.toml: known-until", "Field required"]),
        (HEAD + "horizon = 3", ["o.toml: horizon: 3", "Extra inputs"]),
        (
            HEAD + ENTRY.replace("2029-06-15", '"15 June"'),
            ["addition 1 day", "'15 June'", "valid date"],
        ),
        (HEAD + ENTRY.replace('"Jubilee"', '" "'), ["addition 1 reason", "' '"]),
        (
            HEAD + ENTRY.replace('"scotland"', '"wales"'),
            ["addition 1: region: 'wales'", "scotland"],
        ),
        (HEAD + ENTRY + ENTRY, ["scotland on 2029-06-15 is given twice"]),
        (HEAD + ENTRY.replace("2029", "2031"), ["2031-06-15 is after known-until 2030-12-31"]),
        (HEAD + ENTRY.replace("2026-11-22", "2026-11-23"), ["2026-11-23, after dated 2026-11-22"]),
    ],
)
def test_a_wrong_file_is_refused_with_key_and_value(text: str, parts: list[str]) -> None:
    with pytest.raises(OverridesWrong) as caught:
        load_overrides(text, "o.toml", REGIONS)
    for part in parts:
        assert part in str(caught.value)
