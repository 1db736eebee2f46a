"""`uphold measure`: calls and satisfaction from files, and shown against the target."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from starter.intake.measures import BATCH
from tests.starter.counter import Counter

CALLS = "day,period,offered,answered,answered_within_target\n"
SURVEY = "response_id,answered_on,score,reference,comment\n"
HERE = "insolvency-service"


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """A folder with an empty ledger."""
    monkeypatch.chdir(tmp_path)
    made = Counter(tmp_path)
    made.set_up()
    return made


def taken(counter: Counter, kind: str, text: str | bytes, code: int = 0) -> dict[str, Any]:
    """What `uphold measure` says of a file."""
    told = counter.uphold("measure", kind, HERE, counter.file("in.csv", text), "--json")
    assert told.exit_code == code, told.output
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def refusals(path: str | Path = "in.refused.csv") -> list[tuple[str, str]]:
    rows = csv.DictReader(Path(path).read_text(encoding="utf-8").splitlines())
    return [(row["refused.row"], row["refused.reason"]) for row in rows]


def test_is_1_good_rows_are_kept_and_bad_ones_refused_with_reasons(counter: Counter) -> None:
    tomorrow = date.today() + timedelta(2)  # noqa: DTZ011 - two days ahead is ahead everywhere
    text = CALLS + (
        "2024-10-01,09:00-10:00,120,118,102\n"
        "2024-10-01,10:00-11:00,100,90,91\n"
        "2024-10-02,,10,11,3\n"
        "\n"
        "2024-13-02,,10,9,3\n"
        "01/10/2024,,10,9,3\n"
        f"{tomorrow},,10,9,3\n"
        "2024-10-02,,-1,0,0\n"
        '2024-10-03,,"1,204",9,3\n'
        "2024-10-03,,10,9\n"
        "2024-10-03,,10,9,\n"
        "2024-10-01,09:00-10:00,120,118,102\n"
        "2024-10-01,09:00-10:00,121,118,102\n"
    )
    found = taken(counter, "calls", text, code=1)
    assert found == {
        "rows": 12, "new": 1, "superseded": 0, "unchanged": 0, "repeated": 1, "refused": 10,
        "corrections": [], "refused_file": found["refused_file"],
    }  # fmt: skip
    told = refusals()
    for (line, reason), expected in zip(
        told,
        (
            ("3", "answered_within_target: 91 is more than the 90 answered. Allowed: 0 to 90."),
            ("4", "answered: 11 is more than the 10 offered. Allowed: 0 to 10."),
            ("6", "day: '2024-13-02' is not a date."),
            ("7", "day: '01/10/2024' is not a date."),
            ("8", f"day: {tomorrow} lies in the future."),
            ("9", "offered: -1 cannot be calls. Allowed: 0 to"),
            ("10", "offered: '1,204' is not a whole number."),
            ("11", "the row has 4 cells, the first line has 5."),
            ("12", "answered_within_target: it is missing."),
            ("14", "2024-10-01 09:00-10:00 stands earlier in the file with another content."),
        ),
        strict=True,
    ):
        assert line == expected[0]
        assert reason.startswith(expected[1])


def test_is_1_taken_in_again_it_changes_nothing_and_a_mended_file_goes_on(
    counter: Counter,
) -> None:
    text = CALLS + "2024-10-01,,100,90,80\n2024-10-02,,100,90,95\n"
    assert taken(counter, "calls", text, code=1)["new"] == 1
    again = taken(counter, "calls", text, code=1)
    assert (again["new"], again["unchanged"], again["refused"]) == (0, 1, 1)
    assert again["refused_file"].endswith("in.refused-2.csv")
    mended = Path("in.refused.csv").read_text(encoding="utf-8").replace(",95,", ",85,")
    assert taken(counter, "calls", mended)["new"] == 1


def test_is_1_a_corrected_row_supersedes_and_says_so(counter: Counter) -> None:
    taken(counter, "calls", CALLS + "2024-10-01,09:00-10:00,100,90,80\n")
    told = counter.uphold(
        "measure", "calls", HERE, "-", given=CALLS + "2024-10-01,09:00-10:00,100,91,82\n"
    )
    assert told.exit_code == 0
    assert (
        "Superseded 2024-10-01 09:00-10:00: answered 90 → 91, answered_within_target 80 → 82"
        in told.stdout
    )
    assert "superseded" in told.stdout.splitlines()[1]


def test_is_1_a_day_is_not_counted_twice(counter: Counter) -> None:
    taken(counter, "calls", CALLS + "2024-10-01,,100,90,80\n")
    taken(counter, "calls", CALLS + "2024-10-01,09:00-10:00,10,9,8\n", code=1)
    assert refusals()[0][1].startswith("period: 2024-10-01 is counted as a whole already.")


def test_is_1_what_is_shown_is_held_against_the_charters_target(counter: Counter) -> None:
    rows = "2024-10-01,,1000,900,850\n2024-10-31,,1000,900,849\n2024-11-01,,0,0,0\n"
    taken(counter, "calls", CALLS + rows)
    told = counter.uphold(
        "measure", "show", HERE, "--from", "2024-10-01", "--to", "2024-10-31", "--json"
    )
    calls = json.loads(told.stdout)["calls"]
    assert (calls["promise"], calls["target"]) == ("IS-1", 85)
    assert (calls["offered"], calls["percentage"], calls["reached"]) == (2000, 84.9, False)
    told = counter.uphold("measure", "show", HERE, "--from", "2024-10-01", "--to", "2024-11-30")
    lines = [line.split() for line in told.stdout.splitlines()]
    assert ["2024-10", "2000", "1800", "1699", "84.9", "85", "missed"] in lines
    assert ["2024-11", "0", "0", "0", "85"] in lines
    assert "IS-1: Of all calls" in told.stdout


def test_is_11_responses_are_taken_in_and_shown(counter: Counter) -> None:
    text = SURVEY + (
        "r-1,2024-10-01,5,IS-2024-000001,\"Diolch; 'mawr', 🙂\"\n"
        "r-2,2024-10-02,3,,\n"
        "r-3,2024-10-02,6,,\n"
        "r-4,2024-10-02,,,\n"
        ",2024-10-02,4,,\n"
        "r-5,2024-10-02,4.5,,\n"
        "r-6,2999-01-01,4,,\n"
    )
    found = taken(counter, "satisfaction", text, code=1)
    assert (found["new"], found["refused"]) == (2, 5)
    assert [reason.split(":")[0] for _, reason in refusals()] == [
        "score", "score", "response_id", "score", "answered_on"
    ]  # fmt: skip
    told = counter.uphold("measure", "show", HERE, "--from", "2024-01-01", "--to", "2024-12-31")
    assert ["2024-10", "2", "4.0", "50.0", "0", "0", "1", "0", "1"] in [
        line.split() for line in told.stdout.splitlines()
    ]
    # What somebody wrote is nowhere in what is shown.
    assert "Diolch" not in told.stdout


def test_is_11_a_corrected_comment_is_not_repeated(counter: Counter) -> None:
    taken(counter, "satisfaction", SURVEY + "r-1,2024-10-01,5,,Call me on 0300\n")
    found = taken(counter, "satisfaction", SURVEY + "r-1,2024-10-01,4,,Call me on 0301\n")
    assert found["corrections"] == ["r-1: score 5 → 4, comment"]


def test_a_large_file_is_taken_in_batches(counter: Counter) -> None:
    rows = "".join(f"r-{n},2024-10-01,{n % 5 + 1},,\n" for n in range(2 * BATCH + 1))
    assert taken(counter, "satisfaction", SURVEY + rows)["new"] == 2 * BATCH + 1
    assert taken(counter, "satisfaction", SURVEY + rows)["unchanged"] == 2 * BATCH + 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty; its first line names the columns."),
        ("day,ofered,answered,answered_within_target\n", "'ofered'. Did you mean offered?"),
        ("day,offered\n", "lacks answered, answered_within_target. Allowed: day, period,"),
        ("day,day,offered,answered,answered_within_target\n", "names day more than once"),
        (b"\xff\xfed\x00", "the file is UTF-16. Save it as UTF-8."),
    ],
)
def test_what_is_no_file_of_calls_is_told(counter: Counter, text: str | bytes, told: str) -> None:
    answer = counter.uphold("measure", "calls", HERE, counter.file("in.csv", text))
    assert answer.exit_code == 1
    assert told in answer.stderr
    assert not Path("in.refused.csv").exists()


def test_a_byte_order_mark_and_any_line_ends_are_read(counter: Counter) -> None:
    text = (CALLS + "2024-10-01,,100,90,80\n").replace("\n", "\r\n")
    assert taken(counter, "calls", b"\xef\xbb\xbf" + text.encode())["new"] == 1


def test_what_is_not_text_refuses_its_row(counter: Counter) -> None:
    text = SURVEY.encode() + b"r-1,2024-10-01,5,,caf\xe9\nr-2,2024-10-01,5,,tea\x00\n"
    found = taken(counter, "satisfaction", text, code=1)
    assert (found["new"], found["refused"]) == (1, 1)
    assert "comment: is not UTF-8" in Path("in.refused.csv").read_bytes().decode(errors="replace")
    assert taken(counter, "satisfaction", text, code=1)["unchanged"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("calls", "nowhere", "in.csv"), 2, "no charter 'nowhere'. Known charters:"),
        (("calls", HERE, "missing.csv"), 2, "missing.csv cannot be read"),
        (("calls", HERE, "calls.xlsx"), 1, "Allowed: a name that ends in .csv"),
        (("show", HERE, "--from", "2024-02-30"), 2, "'2024-02-30' is not a date"),
        (("show", HERE, "--from", "2024-02-02", "--to", "2024-02-01"), 2, "lies after"),
    ],
)
def test_bad_input_is_told(
    counter: Counter, arguments: tuple[str, ...], code: int, told: str
) -> None:
    counter.file("calls.xlsx", b"PK\x03\x04")
    answer = counter.uphold("measure", *arguments)
    assert (answer.exit_code, answer.stdout) == (code, "")
    assert told in " ".join(answer.stderr.replace("│", " ").split())


def test_a_ledger_that_keeps_nothing_is_no_place_for_measures(counter: Counter) -> None:
    file = counter.file("in.csv", CALLS + "2024-10-01,,100,90,80\n")
    answer = counter.uphold("measure", "calls", HERE, file, UPHOLD_LEDGER_URL="memory://")
    assert answer.exit_code == 2
    assert "ends with its process" in answer.stderr


def test_without_anything_on_record_that_is_said(counter: Counter) -> None:
    told = counter.uphold("measure", "show", "financial-ombudsman")
    assert told.exit_code == 0
    assert "Calls (no target promised): none on record." in told.stdout
    assert "Satisfaction: no responses on record." in told.stdout
