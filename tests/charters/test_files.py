"""Charter files are read with every fault named: file, table, key, what is allowed."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from charters.faults import CharterFaults, faults_of
from charters.files import load_charter
from domain.charter.tables import Charter
from domain.errors import CharterError

HOUSING = Path(__file__).parent.parent / "data" / "housing-code.toml"
GOOD = HOUSING.read_text(encoding="utf-8")

# case: (what stands in the good file, what stands there instead, table, key, what, allowed)
CASES: dict[str, tuple[str, str, str, str, str, str]] = {
    "a missing table": (
        GOOD[GOOD.index("[contact]") : GOOD.index("[mailboxes]")],
        "",
        "",
        "contact",
        "is missing",
        "a table of email, phone, address, hours",
    ),
    "a missing key": (
        'meets = ["replied"]\n',
        "",
        "promise[2] (HO-2)",
        "meets",
        "is missing",
        "a list, each entry one of received, stage-entered",
    ),
    "an unknown key": (
        "warn-before = { working-days = 1 }",
        "warn-befor = { working-days = 1 }",
        "promise[1] (HO-1)",
        "warn-befor",
        "is not a key of this table",
        "did you mean 'warn-before'?",
    ),
    "a key in snake case": (
        "warn-before = { working-days = 1 }",
        "warn_before = { working-days = 1 }",
        "promise[1] (HO-1)",
        "warn_before",
        "is not a key of this table",
        "did you mean 'warn-before'?",
    ),
    "an unknown table": (
        "[closing]",
        "[closings]",
        "",
        "closings",
        "is not a key of this table",
        "did you mean 'closing'?",
    ),
    "two units at once": (
        "within = { working-days = 10 }",
        "within = { working-days = 10, weeks = 2 }",
        "promise[2] (HO-2)",
        "within",
        "exactly one of working-days",
        "{ working-days = 10 }",
    ),
    "no days at all": (
        "within = { working-days = 10 }",
        "within = { working-days = 0 }",
        "promise[2] (HO-2)",
        "within.working-days",
        "greater than or equal to 1 (given: 0)",
        "a whole number",
    ),
    "days in words": (
        "at-most = { working-days = 10 }",
        'at-most = { working-days = "ten" }',
        "promise[2] (HO-2)",
        "extension.at-most.working-days",
        "given: 'ten'",
        "a whole number",
    ),
    "a word that is no trigger": (
        'meets = ["replied"]',
        'meets = ["replyed"]',
        "promise[2] (HO-2)",
        "meets[1]",
        "'replyed' is not allowed",
        "did you mean 'replied'?",
    ),
    "a channel that is none": (
        "pauses = true",
        'channels = ["email", "fax"]',
        "promise[2] (HO-2)",
        "channels[2]",
        "'fax' is not allowed",
        "email, phone, letter, web-form, visit",
    ),
    "a receipt rule that is none": (
        'region = "england-and-wales"',
        'region = "england-and-wales"\nreceipt = "next-day"',
        "calendar",
        "receipt",
        "'next-day' is not allowed",
        "same-day, next-working-day",
    ),
    "a weekday that is none": (
        'friday = "09:00-17:00"',
        'freitag = "09:00-17:00"',
        "calendar",
        "hours.freitag",
        "'freitag' is not allowed",
        "did you mean 'friday'?",
    ),
    "opening hours that are no span": (
        'monday = "09:00-17:00"',
        'monday = "nine to five"',
        "calendar",
        "hours.monday",
        "'nine to five' is not a span",
        "a table of open, close",
    ),
    "a mailbox of an unknown role": (
        'manager = "stage2@anytown-homes.example"',
        'managers = "stage2@anytown-homes.example"',
        "mailboxes",
        "managers",
        "'managers' is not allowed",
        "post-room (did you mean 'manager'?)",
    ),
    "an id of another shape": (
        'id = "HO-1"',
        'id = "Ho 1"',
        "promise[1] (Ho 1)",
        "id",
        "'Ho 1' is not well formed",
        "such as FO-8",
    ),
    "a stage id of another shape": (
        'id = "manager"',
        'id = "The Manager"',
        "stage[2] (The Manager)",
        "id",
        "is not well formed",
        "joined by hyphens",
    ),
    "a closure that is no day": (
        "day = 2026-12-29",
        'day = "2026-12-32"',
        "calendar",
        "closures[1].day",
        "given: '2026-12-32'",
        "a date such as 2026-12-24",
    ),
    "a time that is no table": (
        "after-last-reply = { working-days = 10 }",
        "after-last-reply = 10",
        "closing",
        "after-last-reply",
        "given: 10",
        "{ working-days = 10 }",
    ),
    "a name that is not the file's": (
        'id = "housing-code"',
        'id = "house-code"',
        "charter",
        "id",
        "'house-code' but its file is named 'housing-code.toml'",
        "'housing-code'",
    ),
    "a fault of the whole": (
        "entry = { within = { months = 3 } }",
        "entry = { while-case-open = true }",
        "stage[2] (manager)",
        "entry.within",
        "a window without an end",
        "within = { months = 1 }",
    ),
}


def faults_in(path: Path, text: str | bytes) -> tuple[CharterError, ...]:
    file = path / "housing-code.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CharterFaults) as raised:
        load_charter(file)
    return raised.value.faults


@pytest.mark.parametrize("case", CASES)
def test_a_fault_names_file_table_key_and_what_is_allowed(case: str, tmp_path: Path) -> None:
    old, new, table, key, what, allowed = CASES[case]
    assert old in GOOD

    found = faults_in(tmp_path, GOOD.replace(old, new, 1))

    file = str(tmp_path / "housing-code.toml")
    where = f"{file}: {table}" if table else file
    here = [fault for fault in found if (fault.where, fault.key) == (where, key)]
    assert len(here) == 1, [str(fault) for fault in found]
    assert what in here[0].what
    assert allowed in here[0].allowed


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('role = "manager"', 'role = "boss"').replace("HO-2", "H2")

    assert [fault.key for fault in faults_in(tmp_path, text)] == ["role", "id"]


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (fault,) = faults_in(tmp_path, '[charter]\nid = "a"\nversion = = 3\n')

    assert fault.where.endswith("housing-code.toml")
    assert fault.key == "line 3, column 11"
    assert "is not TOML" in fault.what


@pytest.mark.parametrize(
    ("content", "key", "what"),
    [
        (b'[charter]\nid = "\xff"', "line 2", "is not UTF-8"),
        (b"", "charter", "is missing"),
        (b"charter = 3", "charter", "given: 3"),
        (b"stage = 3", "stage", "given: 3"),
        (b"stage = [3]", "(the table itself)", "given: 3"),
        (b"promise = [[]]", "(the table itself)", "given: []"),
        (b'[[promise]]\nid = ["x"]', "id", "given: ['x']"),
    ],
)
def test_a_file_that_is_no_charter_at_all_is_still_told_apart(
    content: bytes, key: str, what: str, tmp_path: Path
) -> None:
    assert any(fault.key == key and what in fault.what for fault in faults_in(tmp_path, content))


def test_a_file_that_is_not_there_is_a_fault_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(CharterFaults, match="cannot be read: no such file"):
        load_charter(tmp_path / "none.toml")


def required_keys(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where each key stands whose absence makes the charter unreadable."""
    if isinstance(value, dict):
        for key, inner in value.items():
            without = without_key(at, key)
            try:
                Charter.model_validate(without)
            except ValidationError:
                yield (*at, key)
            yield from required_keys(inner, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from required_keys(inner, (*at, number))


def without_key(at: tuple[str | int, ...], key: str | int) -> dict[str, Any]:
    content = copy.deepcopy(tomllib.loads(GOOD))
    here: Any = content
    for part in at:
        here = here[part]
    del here[key]
    return content


REQUIRED = list(required_keys(tomllib.loads(GOOD)))


@given(st.sampled_from(REQUIRED))
def test_a_required_key_that_is_deleted_is_named(place: tuple[str | int, ...]) -> None:
    content = without_key(place[:-1], place[-1])
    with pytest.raises(ValidationError) as raised:
        Charter.model_validate(content)

    (fault,) = faults_of(raised.value, content, "charter.toml")

    if fault.what == "is missing":
        assert fault.key.split(".")[-1] == place[-1]
        assert fault.allowed
    else:  # the only unit of a time: the time is named, and the units
        assert fault.key.split(".")[-1] == place[-2]
        assert str(place[-1]) in fault.what


def test_there_are_many_required_keys_to_delete() -> None:
    assert len(REQUIRED) > 60
