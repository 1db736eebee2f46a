"""`uphold simulate` answers a person with tables, a program with JSON, and a slip with what is allowed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from activities.contracts import LedgerEntry
from charters.files import find_charter
from domain.complaint.views.read_model import clock_standing, standing_of
from domain.vocabulary import Role
from ledger.migrations.schema import upgrade
from ledger.opening import open_ledger
from starter.admin import app
from tests.domain.playing.stories import PEOPLE, Story

CUSTOMER = PEOPLE[Role.CUSTOMER]
FEW = ("--complaints", "60", "--days", "90")


def uphold(*arguments: str, **environ: str) -> Result:
    """What the admin script answers."""
    return CliRunner().invoke(app, ["simulate", *arguments], env={"COLUMNS": "220", **environ})


def answered(*arguments: str, **environ: str) -> dict[str, Any]:
    """The same as JSON."""
    result = uphold(*arguments, "--json", **environ)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def proposed(tmp_path: Path) -> Path:
    """Customers' e-mails answered in 4 working days instead of 10."""
    text = find_charter("customer-promise").read_text(encoding="utf-8")
    head, tail = text.split('id = "CP-5"', 1)
    path = tmp_path / "proposed" / "customer-promise.toml"
    path.parent.mkdir()
    path.write_text(
        head + 'id = "CP-5"' + tail.replace("working-days = 10 }", "working-days = 4 }", 1),
        encoding="utf-8",
    )
    return path


def test_a_person_gets_tables_and_the_speed() -> None:
    result = uphold("financial-ombudsman", *FEW)
    assert result.exit_code == 0, result.output
    for said in ("FO-8/reply", "finished", "case-handler", "(suggested)", "2026-03"):
        assert said in result.stdout
    assert "complaints a second on one core; 5,000 are aimed at" in result.stdout


def test_the_same_seed_gives_the_same_answer_and_another_another() -> None:
    one, same, other = (
        answered("financial-ombudsman", *FEW, "--seed", seed) for seed in ("7", "7", "8")
    )
    assert one["simulation"] == same["simulation"] != other["simulation"]
    assert one["speed"]["aim"] == 5000


def test_options_go_over_the_scenario_file(tmp_path: Path) -> None:
    file = tmp_path / "busy.toml"
    file.write_text("[staff]\ncase-handler = 9\n[choices]\npause = 0\n", encoding="utf-8")
    found = answered("customer-promise", *FEW, "--scenario", str(file))["simulation"]
    assert found["queues"][0]["people"] == 9
    assert "paused" not in found["events"]
    over = answered("customer-promise", *FEW, "--scenario", str(file), "--staff", "case-handler=2",
                    "--arrivals", "uniform", "--absence", "0")["simulation"]  # fmt: skip
    assert (over["queues"][0]["people"], over["queues"][0]["suggested"]) == (2, False)


def test_two_charters_meet_the_same_complaints(proposed: Path) -> None:
    found = answered(
        "customer-promise", *FEW, "--against", str(proposed), "--staff", "case-handler=1"
    )
    ours, theirs = found["simulation"], found["against"]
    assert ours["places"].keys() == theirs["places"].keys()
    (email,) = (each for each in found["differences"]["promises"] if each["promise"] == "CP-5")
    assert email["started"] == 0
    assert email["percentage"] <= 0
    result = uphold("customer-promise", *FEW, "--against", str(proposed))
    assert "the same complaints, people and luck" in result.stdout


def test_against_itself_nothing_differs() -> None:
    found = answered("housing-code", *FEW, "--against", "housing-code")
    for rows in found["differences"].values():
        for row in rows:
            assert set(row.values()) - {row.get("promise"), row.get("role")} <= {0, None}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("no-such-charter",), "There is no charter 'no-such-charter'"),
        (("missing.toml",), "cannot be read"),
        (("customer-promise", "--staff", "wizard=3"), "is no role that reviews"),
        (("customer-promise", "--staff", "manager=3"), "reviews at no stage of customer-promise"),
        (("customer-promise", "--staff", "case-handler=-3"), "-3 is no number of people"),
        (("customer-promise", "--staff", "case-handler=many"), "'many' is no number of people"),
        (("customer-promise", "--staff", "case-handler"), "is not ROLE=N"),
        (("customer-promise", "--staff", "case-handler=1,case-handler=2"), "given twice"),
        (("customer-promise", "--complaints", "-1"), "--complaints: -1 is out of bounds"),
        (("customer-promise", "--recorded-under", "all"), "go with --from-ledger"),
        (("customer-promise", "--days", "0"), "--days: 0 is out of bounds"),
        (("customer-promise", "--arrivals", "flood"), "poisson, uniform, weekly"),
        (("customer-promise", "--absence", "3"), "--absence: 3.0 is no share"),
        (("customer-promise", "--from", "2040-01-01"), "--from"),
        (("customer-promise", "--from", "1950-01-01"), "--from"),
        (("customer-promise", "--from", "9999-12-31"), "--from"),
        (("customer-promise", "--from", "tomorrow"), "--from"),
        (("customer-promise", "--scenario", "none.toml"), "none.toml: cannot be read"),
        (("customer-promise", "--against", "nobody"), "There is no charter 'nobody'"),
        (("customer-promise", "--against", "housing-code", "--from-ledger"), "exclude each other"),
        (
            (
                "insolvency-service", "--against", "scottish-model", "--from", "2026-01-02", "--days", "1",
                "--complaints", "5",
            ),
            "--days: scottish-model has no working day",
        ),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_what_is_allowed(arguments: tuple[str, ...], told: str) -> None:
    result = uphold(*arguments)
    assert result.exit_code == 2, result.output
    assert told in " ".join(result.output.split())


def test_the_help_teaches() -> None:
    said = uphold("--help").output
    for word in ("--from-ledger", "--against", "median = 120", "Examples:"):
        assert word in said


# --- from the ledger --------------------------------------------------------------------------


def closed(reference: str, replied: str) -> Story:
    """An e-mail under the customer promise, replied to then, accepted at once."""
    told = Story("customer-promise", "2026-10-05 10:00", reference=reference).at(replied)
    return told.do("reply").do("accept", CUSTOMER)


def ledger_with(folder: Path, *stories: Story) -> str:
    """The URL of a ledger in which these are on record."""

    async def fill() -> str:
        url = f"sqlite:///{folder}/ledger.db"
        await upgrade(url)
        async with open_ledger(url) as ledger:
            for told in stories:
                rules, complaint = told.rules, told.complaint
                digest = told.events[0].digest
                await ledger.keep_charter(digest, rules.packed)
                clocks = tuple(clock_standing(clock, rules) for clock in complaint.clocks)
                events = tuple(told.events)
                await ledger.record(
                    LedgerEntry(complaint.reference, events, standing_of(complaint), clocks, ())
                )
        return url

    return asyncio.run(fill())


def test_closed_complaints_are_replayed_under_a_proposed_charter(
    tmp_path: Path, proposed: Path
) -> None:
    stories = (closed("R-1", "2026-10-06 12:00"), closed("R-2", "2026-10-14 12:00"))
    url = ledger_with(tmp_path, *stories, Story("customer-promise", reference="OPEN"))
    found = answered(str(proposed), "--from-ledger", "--ledger", url)
    assert found["complaints"] == 2
    assert [
        (each["reference"], each["recorded"], each["proposed"]) for each in found["changed"]
    ] == [("R-2", "kept", "missed")]
    result = uphold(str(proposed), "--from-ledger", UPHOLD_LEDGER_URL=url)
    assert result.exit_code == 0, result.output
    assert "Fared otherwise: 1" in result.stdout
    for said in ("As it is on record: 2 closed complaints", "R-2", "CP-5"):
        assert said in result.stdout


def test_all_the_ledger_can_be_tried_under_a_charter_of_another_name(tmp_path: Path) -> None:
    url = ledger_with(tmp_path, closed("R-1", "2026-10-06 12:00"))
    refused = uphold("insolvency-service", "--from-ledger", "--ledger", url)
    assert refused.exit_code == 1
    assert "customer-promise (1)" in refused.output
    for which in ("all", "customer-promise"):
        found = answered(
            "insolvency-service", "--from-ledger", "--ledger", url, "--recorded-under", which
        )
        assert found["complaints"] == 1


@pytest.mark.parametrize(
    ("stories", "told"),
    [((), "The ledger has no complaints"), (("open",), "None of the 1 complaints in the ledger is closed")],
)  # fmt: skip
def test_a_ledger_without_closed_complaints_says_so(
    tmp_path: Path, stories: tuple[str, ...], told: str
) -> None:
    url = ledger_with(tmp_path, *(Story("customer-promise") for _ in stories))
    result = uphold("customer-promise", "--from-ledger", "--ledger", url)
    assert result.exit_code == 1
    assert told in result.output


def test_a_ledger_that_was_never_set_up_says_what_to_run(tmp_path: Path) -> None:
    result = uphold(
        "customer-promise", "--from-ledger", "--ledger", f"sqlite:///{tmp_path}/none.db"
    )
    assert result.exit_code == 69, result.output
    assert "uphold setup" in result.output
    assert uphold("customer-promise", "--from-ledger", "--ledger", "ftp://nowhere").exit_code == 2
