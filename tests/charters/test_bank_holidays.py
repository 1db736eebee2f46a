"""The overrides file: what it does, and what it says when it is wrong."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from charters.bank_holidays import Overrides, overrides

HEAD = "dated = 2026-11-22\nknown-until = 2030-12-31\n"
ENTRY = """
[[addition]]
region = "scotland"
day = 2029-06-15
reason = "Jubilee"
source = "A proclamation."
noted = 2026-11-22
"""


def load(text: str) -> Overrides:
    return Overrides.model_validate(tomllib.loads(text))


def test_the_file_that_ships_can_be_read_and_gives_a_source_for_each_day() -> None:
    assert [(one.region, one.day) for one in overrides().addition] == [
        ("scotland", date(2026, 6, 15))
    ]


def test_additions_and_removals_are_read() -> None:
    removal = ENTRY.replace("addition", "removal").replace("06-15", "05-07")
    read = load(HEAD + ENTRY + removal)
    assert read.addition[0].reason == "Jubilee"
    assert read.removal[0].day == date(2029, 5, 7)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("dated = 2026-11-22", ["known-until", "Field required"]),
        (HEAD + "horizon = 3", ["horizon", "Extra inputs"]),
        (HEAD + ENTRY.replace("2029-06-15", '"15 June"'), ["addition.0.day", "15 June"]),
        (HEAD + ENTRY.replace('"Jubilee"', '" "'), ["addition.0.reason", "' '"]),
        (HEAD + ENTRY.replace('"scotland"', '"wales"'), ["'wales' is not a known region"]),
        (HEAD + ENTRY + ENTRY, ["scotland on 2029-06-15 is given twice"]),
        (HEAD + ENTRY.replace("2029", "2031"), ["2031-06-15 is after known-until 2030-12-31"]),
        (HEAD + ENTRY.replace("2026-11-22", "2026-11-23"), ["2026-11-23, after dated 2026-11-22"]),
    ],
)
def test_a_wrong_file_is_refused_with_key_and_value(text: str, parts: list[str]) -> None:
    with pytest.raises(ValueError, match="validation error") as caught:
        load(text)
    for part in parts:
        assert part in str(caught.value)
