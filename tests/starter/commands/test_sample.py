"""FO-16, as the quality team sees it: `uphold sample` draws, shows and records."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from charters.files import find_charter, load_charter
from tests.starter.counter import QUALITY, Counter

HERE = "financial-ombudsman"
OCTOBER = "2024-10"
SAMPLE_TERMS = load_charter(find_charter(HERE)).sample
assert SAMPLE_TERMS is not None
CHECKS = [check.id for check in SAMPLE_TERMS.checks]
JONES, KHAN = [f"FO-J-{n:02}" for n in range(30)], [f"FO-K-{n:02}" for n in range(3)]


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """A ledger with 33 complaints that two handlers closed in October 2024."""
    monkeypatch.chdir(tmp_path)
    made = Counter(tmp_path)
    made.set_up()
    made.closed(*JONES)
    made.closed(*KHAN, handler="a.khan")
    return made


def drawn(counter: Counter, *arguments: str) -> dict[str, Any]:
    told = counter.uphold("sample", "draw", HERE, OCTOBER, "--json", *arguments)
    assert told.exit_code == 0, told.output
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def references(found: dict[str, Any]) -> list[str]:
    return [item["reference"] for item in found["items"]]


def answers(**other: str) -> list[str]:
    """An answer to every check: yes, unless another is given."""
    said = {check: other.get(check.replace("-", "_"), "yes") for check in CHECKS}
    return [part for check, answer in said.items() for part in ("--check", f"{check}={answer}")]


def recorded(counter: Counter, reference: str, *more: str, **env: str | None) -> Any:
    return counter.uphold("sample", "record", HERE, OCTOBER, reference, *more, **{**QUALITY, **env})


def test_fo_16_a_sample_is_drawn_by_the_charter_and_stands(counter: Counter) -> None:
    found = drawn(counter)
    assert (found["new"], found["size"], found["per_handler"]) == (True, 20, 1)
    assert (found["population"], len(found["items"])) == (33, 20)
    assert {item["handler_id"] for item in found["items"]} == {"h.jones", "a.khan"}
    assert [check["id"] for check in found["checklist"]] == CHECKS
    again = drawn(counter)
    assert not again["new"]
    assert again["items"] == found["items"]
    assert (again["would_come"], again["would_go"]) == ([], [])


def test_fo_16_two_ledgers_with_the_same_complaints_give_the_same_sample(
    counter: Counter, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Counter(tmp_path / "other")
    other.set_up()
    other.closed(*reversed(KHAN), handler="a.khan")
    other.closed(*reversed(JONES))
    asked = ("--size", "7", "--per-handler", "2", "--seed", "autumn")
    assert references(drawn(other, *asked)) == references(drawn(counter, *asked))


def test_fo_16_late_complaints_change_nothing_and_are_told(counter: Counter) -> None:
    before = references(drawn(counter, "--size", "5"))
    counter.closed("FO-LATE", handler="b.li")
    told = counter.uphold("sample", "draw", HERE, OCTOBER)
    assert told.exit_code == 0
    assert "This sample was drawn before, and stands." in told.stdout
    assert "Drawn now, from 34 closed complaints (then 33)" in told.stdout
    assert "come in: FO-LATE; go out: FO-" in told.stdout
    assert references(drawn(counter)) == before


def test_fo_16_another_sample_than_the_one_that_stands_is_refused(counter: Counter) -> None:
    drawn(counter, "--size", "5")
    told = counter.uphold("sample", "draw", HERE, OCTOBER, "--size", "6")
    assert told.exit_code == 1
    assert "was drawn with --size 5; it stands" in told.stderr
    assert len(drawn(counter, "--size", "6", "--replace")["items"]) == 6
    reference = references(drawn(counter))[0]
    assert recorded(counter, reference, *answers()).exit_code == 0
    told = counter.uphold("sample", "draw", HERE, OCTOBER, "--size", "7", "--replace")
    assert told.exit_code == 1
    assert "1 of its cases were looked at" in told.stderr


def test_fo_16_a_month_is_local_and_has_to_be_over(counter: Counter) -> None:
    # The last hour of September in London, which UTC calls the 30th until midnight there.
    counter.closed("FO-SEP", at=datetime(2024, 9, 30, 22, 30, tzinfo=UTC))
    counter.closed("FO-OCT", at=datetime(2024, 9, 30, 23, 30, tzinfo=UTC))
    counter.closed("FO-OUT", closed_how="out-of-scope")
    found = drawn(counter, "--size", "100")
    assert set(references(found)) == {*JONES, *KHAN, "FO-OCT"}
    told = counter.uphold("sample", "draw", HERE, "2999-01")
    assert told.exit_code == 1
    assert "2999-01 is not over" in told.stderr


def test_fo_16_the_checklist_of_each_case_is_shown(counter: Counter) -> None:
    reference = references(drawn(counter, "--size", "2"))[0]
    recorded(counter, reference, *answers(acknowledged="no"), "--note", "A week late.")
    told = counter.uphold("sample", "show", HERE, OCTOBER)
    assert told.exit_code == 0
    for expected in (
        "2 of 33 closed complaints",
        f"1 of 2: {reference}",
        "The handler introduced themselves, in time.",
        "By the clocks: FO-8/reply missed",
        "Note: A week late.",
        "Looked at by q.lee",
        "1 of 2 cases looked at: 1 still to be looked at.",
    ):
        assert expected in told.stdout
    only = counter.uphold("sample", "show", HERE, OCTOBER, reference, "--json")
    assert references(json.loads(only.stdout)) == [reference]


def test_fo_16_results_are_recorded_superseded_and_left_alone(counter: Counter) -> None:
    reference = references(drawn(counter))[0]
    for given, became in (
        (answers(), "recorded"), (answers(), "unchanged"), (answers(explained="no"), "superseded")
    ):  # fmt: skip
        assert recorded(counter, reference, *given).stdout == f"{reference}: {became}.\n"
    found = drawn(counter)
    (item,) = [item for item in found["items"] if item["reference"] == reference]
    assert (item["reviewed_by"], item["results"]["explained"]) == ("q.lee", "no")
    assert (found["reviewed"], found["complete"]) == (1, False)


@pytest.mark.parametrize(
    ("more", "env", "told"),
    [
        (answers(), {"UPHOLD_ACTOR_ROLE": "case-handler"}, "WrongRole"),
        (answers(), {"UPHOLD_ACTOR_ID": "H.Jones"}, "NotIndependent"),
        (answers()[2:], {}, f"No answer to {CHECKS[0]}"),
        ([*answers(), "--check", "polite=yes"], {}, "There is no check 'polite'"),
        (answers(explained="perhaps"), {}, "explained: 'perhaps' is no answer"),
    ],
)
def test_fo_16_what_the_rules_do_not_allow_is_refused(
    counter: Counter, more: list[str], env: dict[str, str], told: str
) -> None:
    found = drawn(counter)
    mine = next(i["reference"] for i in found["items"] if i["handler_id"] == "h.jones")
    answer = recorded(counter, mine, *more, **env)
    assert answer.exit_code == 1
    assert told in answer.stderr
    assert drawn(counter)["reviewed"] == 0


def test_fo_16_who_acted_on_a_case_does_not_look_at_it_though_another_has_it_now(
    counter: Counter,
) -> None:
    counter.closed("FO-MOVED", handler="c.owen", handler_id="b.li")
    assert "FO-MOVED" in references(drawn(counter, "--size", "50"))
    answer = recorded(counter, "FO-MOVED", *answers(), UPHOLD_ACTOR_ID="c.owen")
    assert (answer.exit_code, "NotIndependent" in answer.stderr) == (1, True)
    assert recorded(counter, "FO-MOVED", *answers()).exit_code == 0


def test_fo_16_a_form_is_filled_in_and_recorded(counter: Counter) -> None:
    cases = references(drawn(counter, "--size", "4"))
    form = counter.uphold("sample", "show", HERE, OCTOBER, "--form").stdout
    rows = list(csv.DictReader(form.splitlines()))
    assert list(rows[0]) == ["reference", "handler", *CHECKS, "note"]
    assert [row["reference"] for row in rows] == cases
    rows[0] |= dict.fromkeys(CHECKS, "YES")
    rows[1] |= {**dict.fromkeys(CHECKS, "no"), "note": "Nobody rang back."}
    rows[2] |= {CHECKS[0]: "yes"}
    stranger = rows[0] | {"reference": "FO-STRANGER"}
    with Path("form.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows, stranger, rows[0]])

    def record() -> tuple[int, dict[str, Any]]:
        told = counter.uphold(
            "sample", "record", HERE, OCTOBER, "--file", "form.csv", "--json", **QUALITY
        )
        return told.exit_code, json.loads(told.stdout)

    code, tally = record()
    assert code == 1
    path = tally.pop("refused_file")
    assert tally == {
        "rows": 6, "recorded": 2, "superseded": 0, "unchanged": 0, "passed_over": 1, "refused": 3
    }  # fmt: skip
    refused = list(csv.DictReader(Path(path).read_text(encoding="utf-8").splitlines()))
    assert [row["refused.row"] for row in refused] == ["4", "6", "7"]
    assert [row["refused.reason"][:12] for row in refused] == [
        "No answer to", "FO-STRANGER ", "reference: F"
    ]  # fmt: skip
    assert record()[1]["unchanged"] == 2
    assert drawn(counter)["reviewed"] == 2


def test_fo_16_a_sample_keeps_the_questions_that_it_was_drawn_with(
    counter: Counter, tmp_path: Path
) -> None:
    reference = references(drawn(counter))[0]
    later = find_charter(HERE).read_text(encoding="utf-8").replace('"both-sides"', '"fair"')
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / f"{HERE}.toml").write_text(later, encoding="utf-8")
    counter.environ["UPHOLD_CHARTERS_DIR"] = str(tmp_path / "own")
    assert [check["id"] for check in drawn(counter)["checklist"]] == CHECKS
    assert recorded(counter, reference, *answers()).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("draw", "nowhere", OCTOBER), 2, "no charter 'nowhere'. Known charters:"),
        (("draw", HERE, "2024-13"), 2, "'2024-13' is not a month"),
        (("draw", HERE, OCTOBER, "--size", "0"), 2, "--size"),
        (("draw", "insolvency-service", OCTOBER), 1, "its file has no table [sample]"),
        (("show", HERE, "2023-01"), 1, f"Draw it: uphold sample draw {HERE} 2023-01"),
        (("record", HERE, OCTOBER), 2, "Give a REF with its --check, or a --file."),
        (("record", HERE, OCTOBER, "FO-1", "--check", "yes"), 2, "'yes' is not ID=ANSWER"),
        (("record", HERE, OCTOBER, "FO-1", "--check", "a=yes", "--check", "a=no"), 2, "given twice"),
        (("record", HERE, OCTOBER, "--file", "no.csv"), 2, "no.csv cannot be read"),
    ],
)  # fmt: skip
def test_bad_input_is_told(
    counter: Counter, arguments: tuple[str, ...], code: int, told: str
) -> None:
    answer = counter.uphold("sample", *arguments, **QUALITY)
    assert (answer.exit_code, answer.stdout) == (code, "")
    assert told in " ".join(answer.stderr.replace("│", " ").split())


def test_nothing_is_recorded_while_it_is_not_known_who_acts(counter: Counter) -> None:
    answer = counter.uphold("sample", "record", HERE, OCTOBER, JONES[0], *answers())
    assert answer.exit_code == 2
    assert "not known who acts" in answer.stderr


def test_a_month_in_which_nothing_was_closed_has_an_empty_sample(counter: Counter) -> None:
    told = counter.uphold("sample", "draw", HERE, "2020-02")
    assert told.exit_code == 0
    assert "0 of 0 closed complaints" in told.stdout
    shown = counter.uphold("sample", "show", HERE, "2020-02")
    assert "0 of 0 cases looked at: complete." in shown.stdout
