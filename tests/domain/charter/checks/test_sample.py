"""FO-16: every way in which the table of the monthly sample can fail is found, and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from charters.faults import CharterFaults
from charters.files import load_charter
from tests.domain.charter.housing_code import GOOD, assert_found, found_in

CHECK = '[[sample.check]]\nid = "introduced"\ntext = "Introduced."\nsource = "housing-code"\n'
PROMISED = '[[commitment]]\nid = "HC-99"\ntext = "A sample."\nsource = "housing-code"\nkept-by = "sample"\n'
FIRST = "sample.check[1] (introduced)"


def test_fo_16_a_sample_with_its_questions_has_no_fault() -> None:
    assert found_in(f"{GOOD}\n{PROMISED}{CHECK}") == ()


@pytest.mark.parametrize(
    ("text", "place", "what", "allowed"),
    [
        (
            PROMISED,
            ("sample", "(the table itself)"),
            "though HC-99 is kept by it",
            "[[sample.check]]",
        ),
        (CHECK + CHECK, ("sample.check[2] (introduced)", "id"), "names two checks", "of its own"),
        (
            CHECK.replace("introduced", "note"),
            ("sample.check[1] (note)", "id"),
            "a column that every form",
            "another id",
        ),
        (
            CHECK.replace("housing-code", "housing"),
            (FIRST, "source"),
            "not one of the charter's sources",
            "did you mean 'housing-code'?",
        ),
    ],
)
def test_fo_16_a_fault_of_the_sample_names_table_key_and_what_is_allowed(
    text: str, place: tuple[str, str], what: str, allowed: str
) -> None:
    assert_found(f"{GOOD}\n{text}", place, what, allowed)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[sample]\nsize = 20\n", "sample: check: is missing"),
        (f"[sample]\nsize = 0\n{CHECK}", "sample: size: input should be greater than or equal"),
        (f"[sample]\nseize = 5\n{CHECK}", "sample: seize: is not a key of this table"),
        (CHECK.replace("introduced", "In time"), "'In time' is not well formed"),
    ],
)
def test_fo_16_what_is_no_table_of_a_sample_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "housing-code.toml"
    path.write_text(f"{GOOD}\n{text}", encoding="utf-8")
    with pytest.raises(CharterFaults) as raised:
        load_charter(path)
    assert told in str(raised.value)
