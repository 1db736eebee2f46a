"""`uphold charter` checks, shows and lists charters without a server."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from starter.admin import app

GOOD = Path(__file__).parents[2] / "data" / "housing-code.toml"


def uphold(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "housing-code.toml"
    text = GOOD.read_text(encoding="utf-8")
    text = text.replace('"england-and-wales"', '"england"').replace("months = 3", "months = 30")
    file.write_text(text)
    return file


def test_a_good_charter_gets_a_line_and_exit_code_0() -> None:
    result = uphold("charter", "check", str(GOOD))

    assert result.exit_code == 0
    assert "housing-code.toml: ok: housing-code 2024.1, 4 promises by a clock" in result.output


def test_a_broken_charter_gets_every_fault_and_exit_code_1(broken: Path) -> None:
    result = uphold("charter", "check", str(GOOD), str(broken))

    assert result.exit_code == 1
    assert "ok: housing-code" in result.stdout
    assert f"{broken}: calendar: region: 'england' is not a region" in result.stderr
    assert f"{broken}: stage[2] (manager): entry.within: is longer than" in result.stderr
    assert "Allowed: england-and-wales, northern-ireland, scotland" in result.stderr


def test_the_verdict_can_be_read_by_a_program(broken: Path) -> None:
    result = uphold("charter", "check", "--json", str(GOOD), str(broken))

    good, bad = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (good["ok"], good["faults"]) == (True, [])
    assert not bad["ok"]
    assert [fault["key"] for fault in bad["faults"]] == ["region", "entry.within"]
    assert set(bad["faults"][0]) == {"where", "key", "what", "allowed"}


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    result = uphold("charter", "check", str(tmp_path / "none.toml"))

    assert result.exit_code == 1
    assert "cannot be read: no such file" in result.stderr


def test_check_without_a_file_is_wrong_usage() -> None:
    assert uphold("charter", "check").exit_code == 2


def test_the_charters_are_listed() -> None:
    result = uphold("charter", "list")

    assert result.exit_code == 0
    for charter_id in ("insolvency-service", "financial-ombudsman", "customer-promise"):
        assert charter_id in result.output


def test_the_list_can_be_read_by_a_program() -> None:
    listed: list[dict[str, Any]] = json.loads(uphold("charter", "list", "--json").stdout)

    assert [each["id"] for each in listed] == sorted(each["id"] for each in listed)
    assert {"version", "title", "organisation", "sources", "region"} <= set(listed[0])


def test_a_charter_is_shown_with_ladder_promises_calendar_and_diagram() -> None:
    result = uphold("charter", "show", "financial-ombudsman")

    assert result.exit_code == 0
    for expected in (
        "Complaints about our service",
        "england-and-wales, Europe/London",
        "monday 09:00-17:00",
        "independent-assessor",
        "FO-8/reply",
        "10 working days",
        "2 times, 10 working",
        "all but",
        "conflict",
        "```mermaid\nflowchart TD",
    ):
        assert expected in result.output


def test_every_promise_of_every_charter_is_shown() -> None:
    for charter_id, prefix, rows in (
        ("insolvency-service", "IS", 13),
        ("financial-ombudsman", "FO", 17),
        ("customer-promise", "CP", 11),
        ("casework-standards", "CS", 12),
        ("housing-code", "HC", 11),
        ("local-government-code", "LG", 12),
        ("scottish-model", "SM", 9),
        ("financial-conduct", "FC", 9),
        ("nhs-complaints", "NH", 8),
    ):
        words = uphold("charter", "show", charter_id).output.split()
        assert {f"{prefix}-{row}" for row in range(1, rows + 1)} <= set(words)


def test_every_charter_that_ships_is_found_to_be_good() -> None:
    shipped = sorted(Path(str(files("charters"))).glob("*.toml"))
    result = uphold("charter", "check", *map(str, shipped))

    assert (result.exit_code, result.output.count(": ok: ")) == (0, 9)


def test_what_follows_a_first_try_and_whose_time_a_limit_counts_is_shown() -> None:
    firm = " ".join(uphold("charter", "show", "financial-conduct").output.split())
    council = " ".join(uphold("charter", "show", "local-government-code").output.split())

    assert "FC-2/reply" in firm
    assert "holds" in firm
    assert "customer's" in council


def test_a_target_is_shown_in_per_cent() -> None:
    assert "85 %" in uphold("charter", "show", "insolvency-service").output


def test_the_diagram_alone_climbs_the_ladder() -> None:
    lines = uphold("charter", "show", "insolvency-service", "--mermaid").stdout.splitlines()

    assert lines[0] == "flowchart TD"
    assert '    s0["The team that deals with your complaint<br/>case-handler"]' in lines
    assert any(line.startswith("    s0 -->|") and line.endswith("| s1") for line in lines)
    assert any("outside the organisation" in line for line in lines)
    assert not any("```" in line for line in lines)


def test_a_charter_as_json_is_the_charter_file_again() -> None:
    from domain.charter.tables import Charter

    shown = json.loads(uphold("charter", "show", "customer-promise", "--json").stdout)

    assert Charter.model_validate(shown).id == "customer-promise"


def test_an_unknown_charter_is_refused_with_those_there_are() -> None:
    result = uphold("charter", "show", "nobody")

    assert result.exit_code == 1
    assert "There is no charter 'nobody'. Known charters: casework-standards" in result.stderr


def test_a_diagram_is_not_json() -> None:
    result = uphold("charter", "show", "customer-promise", "--mermaid", "--json")

    assert result.exit_code == 2
    assert "give one of them" in result.stderr


def test_an_organisations_own_folder_is_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "housing-code.toml").write_bytes(GOOD.read_bytes())
    monkeypatch.setenv("UPHOLD_CHARTERS_DIR", str(own))

    assert "housing-code" in uphold("charter", "list").output
    assert "HO-3/acknowledge" in uphold("charter", "show", "housing-code").output


def test_services_questions_and_visits_stand_on_the_page() -> None:
    shown = uphold("charter", "show", "customer-promise").output
    assert "Planning applications (planning-application)" in shown
    assert "in place of CP-1, CP-2, CP-3, CP-5, CP-6" in shown
    assert "by appointment only" in uphold("charter", "show", "casework-standards").output
    assert "details, contact-so-far, remedy-sought" in (
        uphold("charter", "show", "financial-ombudsman").output
    )
