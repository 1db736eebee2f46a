"""No promise is missing: each is in a charter, has its tests, and is told as it is."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path

import pytest

from charters.files import find_charter, load_charter
from domain.charter.tables import Charter
from domain.vocabulary import KeptBy
from starter.reference.promise_page import IN_WORDS, TESTS, Row, known_tests, page, rows, summary
from tests.domain.playing.stories import SHIPPED
from tests.promises.evidence import ROOT, as_text, evidence, idle

PROMISED = {"IS": 15, "FO": 20, "CP": 13, "CS": 15, "HC": 11, "LG": 12, "SM": 9, "FC": 9, "NH": 8}
"""How many promises each page makes, by the letters of their ids."""
FIVE = (
    "test_its_clock_starts_and_is_due_on_the_day_counted_by_hand",
    "test_it_is_met_in_the_last_minute",
    "test_staff_are_warned_on_the_morning_of_the_day_and_the_customer_where_promised",
    "test_it_is_missed_at_the_close_of_business_and_apologised_for_with_a_new_date",
    "test_after_the_miss_the_clocks_go_on_and_what_comes_at_last_is_on_record_as_late",
)


def every_row() -> list[Row]:
    """Every promise of every charter that ships."""
    charters = map(written, SHIPPED)
    return list(chain.from_iterable(rows(charter, known_tests()) for charter in charters))


def written(charter_id: str) -> Charter:
    """The charter as its file has it: what no clock keeps is not pinned with a complaint."""
    return load_charter(find_charter(charter_id))


def test_every_promise_of_every_page_is_in_a_charter() -> None:
    ids = {row.id for row in every_row()}
    assert ids == {f"{page}-{n}" for page, last in PROMISED.items() for n in range(1, last + 1)}


def test_the_tests_that_are_told_are_the_tests_that_there_are() -> None:
    assert TESTS.read_text(encoding="utf-8") == as_text(evidence()), (
        "run python -m tests.promises.evidence and then python -m starter.reference.promise_page"
    )


def test_every_promise_has_a_test() -> None:
    assert [row.key for row in every_row() if not row.tests] == []


def test_every_clock_is_shown_to_start_to_be_met_warned_of_and_missed() -> None:
    for row in every_row():
        if row.kept_by == "clock":
            shown = {f"tests/promises/test_clocks.py::{each}[{row.key}]" for each in FIVE}
            assert shown <= set(row.tests), row.key


def test_every_rule_is_shown_by_two_tests_at_least() -> None:
    """One that it is obeyed, and one that what breaks it is refused."""
    assert [row.key for row in every_row() if row.kept_by != "clock" and len(row.tests) < 2] == []


def test_no_test_is_named_for_a_promise_that_nobody_makes() -> None:
    every = every_row()
    known = {row.id for row in every} | {row.key for row in every}
    assert set(evidence()) <= known


def test_no_test_that_is_told_is_missing_or_skipped() -> None:
    told = {test.partition("[")[0] for row in every_row() for test in row.tests}
    assert [test for test in sorted(told) if idle(test)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import pytest\n@pytest.mark.skip\ndef test_is_1_a(): ...\n",
        "import pytest\n@pytest.mark.skipif(True, reason='x')\ndef test_is_1_a(): ...\n",
        "import pytest\n@pytest.mark.xfail\nasync def test_is_1_a(): ...\n",
        "import pytest\npytestmark = pytest.mark.skip\ndef test_is_1_a(): ...\n",
        "import pytest\ndef test_is_1_a():\n    pytest.skip('later')\n",
        "def test_is_1_b(): ...\n",
    ],
)
def test_a_test_that_shows_nothing_is_seen(tmp_path: Path, text: str) -> None:
    (tmp_path / "test_a.py").write_text(text, encoding="utf-8")
    assert idle(f"{tmp_path}/test_a.py::test_is_1_a")


def test_the_page_is_fresh() -> None:
    written = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    assert written == page(), "run python -m starter.reference.promise_page > docs/promises.md"


def test_every_way_of_keeping_a_commitment_has_words() -> None:
    assert set(IN_WORDS) == set(KeptBy)


def test_a_summary_counts_promises() -> None:
    found = list(rows(written("insolvency-service"), {}))
    assert summary(found) == "15 promises"
    assert summary(found[:1]) == "1 promise"


def test_a_part_has_its_own_tests_and_those_of_its_promise() -> None:
    charter = written("financial-ombudsman")
    tests = {"FO-8": ["a::x", "a::x[FO-8]"], "FO-8/reply": ["b::y"], "FO-11": ["c::z"]}
    found = {row.key: row.tests for row in rows(charter, tests)}
    assert found["FO-8/reply"] == ("a::x", "b::y")
    assert found["FO-8/acknowledge"] == ("a::x",)
    assert json.loads(TESTS.read_text(encoding="utf-8")).keys() == known_tests().keys()
