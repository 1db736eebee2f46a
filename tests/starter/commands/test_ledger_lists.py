"""`uphold list` reads the ledger: in order of what is due next, a page at a time."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.ledger.samples import entry, opened, remedy, standing
from tests.starter.counter import Counter


def due(day: int) -> datetime:
    return datetime(2027, 1, day, 12, tzinfo=UTC)


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    """A ledger with four complaints, one of them closed with a remedy owed, and one ended."""
    made = Counter(tmp_path)
    made.set_up()
    owed = remedy(1, "B", next_due=due(2), owner_id="m.ali", missed=1)
    shown: dict[str, dict[str, Any]] = {
        "A": {"next_due": due(3), "stage": "manager", "linked": ("D", "E-2", "E-3")},
        "B": {"next_due": due(2), "state": "closed", "remedies_owed": 1},
        "C": {"next_due": due(1), "missed": 2},
        "D": {"next_due": None, "state": "closed"},
    }
    for reference, changes in shown.items():
        own = (owed,) if reference == "B" else ()
        state = standing(1, reference, **changes)
        made.record(entry(opened(reference), reference=reference, standing=state, remedies=own))
    return made


def listed(counter: Counter, *words: str) -> dict[str, Any]:
    answer = counter.uphold("list", "--json", *words)
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_what_is_due_next_comes_first_and_a_closed_one_while_it_owes(counter: Counter) -> None:
    assert [row["reference"] for row in listed(counter)["rows"]] == ["C", "B", "A"]
    assert "closed, 1 owed" in counter.uphold("list").stdout
    every = listed(counter, "--state", "closed")["rows"]
    assert [row["reference"] for row in every] == ["B", "D"]


def test_a_list_shows_what_a_complaint_is_linked_with(counter: Counter) -> None:
    assert {row["reference"]: row["linked"] for row in listed(counter)["rows"]} == {
        "A": ["D", "E-2", "E-3"], "B": [], "C": [],
    }  # fmt: skip
    assert "D and 2 more" in " ".join(counter.uphold("list").stdout.split())


def test_a_page_says_how_to_read_the_next(counter: Counter) -> None:
    first = listed(counter, "--limit", "2")
    second = listed(counter, "--limit", "2", "--after", first["after"])
    assert [row["reference"] for row in (*first["rows"], *second["rows"])] == ["C", "B", "A"]
    assert second["after"] is None
    told = counter.uphold("list", "--limit", "2")
    assert f"add --after {first['after']}" in told.stderr
    assert counter.uphold("list", "--after", "nowhere").exit_code == 1


def test_in_a_narrow_terminal_no_reference_is_cut(counter: Counter) -> None:
    reference = "MAIL-2026-1A2B3C4D5E6F"
    state = standing(1, reference, next_due=due(4))
    counter.record(entry(opened(reference), reference=reference, standing=state))
    terminal: dict[str, str | None] = {"FORCE_COLOR": "1", "NO_COLOR": "1"}
    for columns in (40, 80):
        counter.environ |= terminal | {"COLUMNS": str(columns)}
        told = re.sub("\x1b\\[[0-9;]*m", "", counter.uphold("list").stdout)
        lines = [line.rstrip() for line in told.splitlines()]
        assert f"reference {reference}" in lines
        assert "  next due  Mon 4 January 2027 12:00" in lines
        assert max(map(len, lines)) <= columns
    counter.environ["COLUMNS"] = "160"
    assert "next due  " in counter.uphold("list").stdout.splitlines()[1]


def test_a_list_can_be_narrowed(counter: Counter) -> None:
    assert [row["reference"] for row in listed(counter, "--stage", "manager")["rows"]] == ["A"]
    early = listed(counter, "--due-before", "2027-01-02T00:00+00:00")["rows"]
    assert [row["reference"] for row in early] == ["C"]
    assert [row["reference"] for row in listed(counter, "--missed")["rows"]] == ["C"]
    assert counter.uphold("list", "--handler", "nobody").stdout == "No complaint is found.\n"


def test_remedies_are_listed_by_owner_and_by_what_is_overdue(counter: Counter) -> None:
    for words in ((), ("--overdue",), ("--owner", "m.ali"), ("--reference", "B")):
        rows = listed(counter, "--remedies", *words)["rows"]
        assert [(row["reference"], row["number"]) for row in rows] == [("B", 1)]
    told = counter.uphold("list", "--remedies", "--state", "done")
    assert told.stdout == "No remedy is found.\n"
    assert "B/1" in counter.uphold("list", "--remedies").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--overdue",), "--overdue: only for a list of remedies"),
        (("--remedies", "--stage", "manager"), "--stage: only for a list of complaints"),
        (("--remedies", "--state", "closed"), "none of owed, accepted, done, refused"),
        (("--state", "owed"), "'owed' is none of received"),
    ],
)
def test_what_cannot_be_listed_is_wrong_usage(
    words: tuple[str, ...], said: str, counter: Counter
) -> None:
    told = counter.uphold("list", *words)
    assert told.exit_code == 2
    assert said in " ".join(told.stderr.replace("│", " ").split())


def test_complaints_are_found_by_whoever_they_name_ended_ones_last(counter: Counter) -> None:
    answer = counter.uphold("find", "SIAN@example.org", "Ol", "--json")
    rows = json.loads(answer.stdout)["rows"]
    assert [row["reference"] for row in rows] == ["C", "B", "A", "D"]
    assert "sian" not in answer.stdout
    first = json.loads(counter.uphold("find", "Ol", "--limit", "1", "--json").stdout)
    rest = counter.uphold("find", "Ol", "--after", first["after"]).stdout
    assert "C" not in [line.split()[0] for line in rest.splitlines() if line.split()]
    assert counter.uphold("find", "ol", "price").stdout == "No complaint is found.\n"
    told = counter.uphold("find", "--", "-")
    assert (told.exit_code, "nothing that could be found" in told.stderr) == (2, True)
