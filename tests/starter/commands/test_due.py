"""`uphold due` says when a promise falls due, with its proof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from starter.admin import app


def uphold(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["due", *arguments], env={"COLUMNS": "200"})


def counted(*arguments: str) -> list[dict[str, Any]]:
    result = uphold(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("charter", "promise", "start", "due_on"),
    [
        # what comes on a Saturday counts from that day, in the customer's favour
        ("financial-ombudsman", "FO-8/reply", "2026-10-03T10:00", "2026-10-16"),
        ("customer-promise", "CP-5", "2026-10-03T10:00", "2026-10-16"),
        # Christmas: Boxing Day 2026 is a Saturday, so Monday the 28th is closed instead
        ("insolvency-service", "IS-2", "2026-12-18", "2027-01-13"),
        # a month that ends on a Saturday moves earlier
        ("financial-ombudsman", "FO-2", "2026-09-17T09:00", "2026-10-16"),
        # the month's end is clipped
        ("financial-ombudsman", "FO-4", "2026-12-31T12:00", "2027-02-26"),
        ("casework-standards", "CS-3", "2026-12-24T16:59", "2026-12-29"),
        # what is acknowledged on 8 October is answered ten working days later
        ("housing-code", "HC-1/reply", "2026-10-08T15:00", "2026-10-22"),
        # twelve weeks end between two closed days
        ("local-government-code", "LG-3", "2026-10-05T10:00", "2026-12-24"),
        # the day of receipt is the first of the days, or the working day after it
        ("scottish-model", "SM-1", "2026-10-05T10:00", "2026-10-09"),
        ("scottish-model", "SM-1", "2026-10-03T10:00", "2026-10-09"),
        # St Andrew's Day, in Scotland only
        ("scottish-model", "SM-1", "2026-11-26T10:00", "2026-12-03"),
        ("scottish-model", "SM-2/reply", "2026-10-03T10:00", "2026-10-30"),
        ("financial-conduct", "FC-1", "2026-10-03T10:00", "2026-10-07"),
        ("financial-conduct", "FC-2/reply", "2026-10-03T10:00", "2026-11-27"),
        ("nhs-complaints", "NH-1", "2026-10-03T10:00", "2026-10-07"),
    ],
)
def test_a_due_date_is_counted(charter: str, promise: str, start: str, due_on: str) -> None:
    assert counted(charter, promise, "--from", start)[0]["due_on"] == due_on


def test_a_row_stands_for_all_its_parts() -> None:
    found = counted("financial-ombudsman", "FO-8", "--from", "2026-10-03T10:00")

    assert [one["promise"] for one in found] == ["FO-8/acknowledge", "FO-8/reply"]
    assert [one["due_on"] for one in found] == ["2026-10-06", "2026-10-16"]


def test_the_proof_says_what_was_counted_and_what_was_not() -> None:
    (found,) = counted("financial-ombudsman", "FO-8/reply", "--from", "2026-12-21T10:00")

    assert found["due_on"] == "2027-01-07"
    assert found["due_at"].startswith("2027-01-07T17:00:00")
    assert (found["receipt"], found["day_zero"], found["counted"]) == ("same-day", "2026-12-21", 10)
    assert {"day": "2026-12-25", "reason": "Christmas Day"} in found["skipped"]
    assert found["calendar"].startswith("england-and-wales holidays-")
    assert "10 working days from Monday 21 December 2026" in found["proof"]


def test_what_nobody_sent_in_has_no_receipt_rule() -> None:
    (found,) = counted("financial-ombudsman", "FO-1", "--from", "2026-10-03T10:00")

    assert found["receipt"] is None


def test_an_instant_without_an_offset_is_in_the_charters_time_zone() -> None:
    local = counted("customer-promise", "CP-5", "--from", "2026-07-01T17:30")
    utc = counted("customer-promise", "CP-5", "--from", "2026-07-01T16:30+00:00")

    assert local == utc
    assert local[0]["day_zero"] == "2026-07-01"


def test_a_person_reads_date_and_proof() -> None:
    result = uphold("customer-promise", "CP-5", "--from", "2026-10-03T10:00")

    assert result.exit_code == 0
    for expected in (
        "Fri 16 October 2026, by close of business (16:00 UTC)",
        "same-day",
        "Sat 3 October 2026",
        "Sat 10 October 2026 (Saturday)",
        "Counted 10 working days from Saturday 3 October 2026",
    ):
        assert expected in result.output


def test_a_first_day_that_counts_is_named_as_day_1() -> None:
    result = uphold("scottish-model", "SM-1", "--from", "2026-10-05T10:00")

    for expected in (
        "day 1", "Mon 5 October 2026", "Fri 9 October 2026, by close of business",
        "Counted 5 working days from Monday 5 October 2026, that day included, to Friday 9 October",
    ):  # fmt: skip
        assert expected in " ".join(result.output.split())
    assert "day 0" not in result.output


@pytest.mark.parametrize(
    ("arguments", "option", "what"),
    [
        (("nobody", "FO-8", "2026-10-03"), "CHARTER", "no charter 'nobody'"),
        (("financial-ombudsman", "FO-99", "2026-10-03"), "PROMISE", "'FO-99' is not a promise"),
        (("financial-ombudsman", "FO-8/x", "2026-10-03"), "PROMISE", "'FO-8/x' is not a promise"),
        (("financial-ombudsman", "FO-6", "2026-10-03"), "PROMISE", "kept by a rule (conflict)"),
        (("financial-ombudsman", "FO-8", "2026-13-03"), "--from", "'2026-13-03' is neither"),
        (("financial-ombudsman", "FO-8", "soon"), "--from", "'soon' is neither"),
        (("financial-ombudsman", "FO-8", ""), "--from", "'' is neither"),
        (("financial-ombudsman", "FO-8", "2026-03-29T01:30"), "--from", "does not exist"),
        (("financial-ombudsman", "FO-8", "2199-01-04"), "--from", "bank holidays are not known"),
        (("financial-ombudsman", "FO-8", "9999-12-31"), "--from", "bank holidays are not known"),
        (("financial-ombudsman", "FO-8", "0001-01-01"), "--from", "bank holidays are not known"),
    ],
)
def test_bad_input_names_the_option_the_value_and_what_is_allowed(
    arguments: tuple[str, str, str], option: str, what: str
) -> None:
    charter, promise, start = arguments

    result = uphold(charter, promise, "--from", start)

    told = " ".join(result.stderr.split())
    assert result.exit_code == 2
    assert f"'{option}'" in told
    assert what in told
    assert "llowed" in told or "Known charters" in told
    assert result.stdout == ""


def test_without_a_start_it_is_wrong_usage() -> None:
    result = uphold("financial-ombudsman", "FO-8")

    assert result.exit_code == 2
    assert "--from" in result.stderr
