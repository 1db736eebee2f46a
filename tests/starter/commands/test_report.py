"""`uphold report` in every form, and what it says when there is nothing to report."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from starter.admin import app
from tests.domain.playing.stories import Story
from tests.reporting.played import record

YEAR = ("--from", "2026-01-01", "--to", "2026-12-31")
CHARTER = "financial-ombudsman"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a ledger with one complaint that was answered and one that waits."""
    url = f"sqlite:///{tmp_path_factory.mktemp('ledger')}/ledger.sqlite3"

    async def fill() -> None:
        await upgrade(url)
        stories = [
            Story(received="2026-06-01 10:00", stage="manager", reference=f"A{n}") for n in range(2)
        ]
        stories[0].do("extend", new_due="2026-06-18", reason="The bank is slow.")
        stories[0].do("acknowledge").do("reply").do("accept", by="customer")
        async with open_sql_ledger(url) as held:
            await record(held, stories)

    asyncio.run(fill())
    return url


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def uphold(*arguments: str, ledger: str | None = None) -> Result:
    env = {"COLUMNS": "200", "UPHOLD_LEDGER_URL": ledger}
    return CliRunner().invoke(app, ["report", *arguments], env=env)


def test_a_person_reads_tables(ledger: str) -> None:
    result = uphold(CHARTER, *YEAR, ledger=ledger)
    assert result.exit_code == 0, result.output
    for expected in (
        "The Financial Ombudsman Service: Complaints about our service, 1 January 2026 to",
        "FO-8/acknowledge",
        "A manager acknowledges your complaint within 2 working days.",
        "100 %",
        "The bank is slow.",
        "The Independent Assessor",
    ):
        assert expected in result.stdout
    assert "\x1b" not in result.stdout


def test_json_goes_to_standard_output_and_nothing_else(ledger: str) -> None:
    found = json.loads(uphold(CHARTER, *YEAR, "--json", ledger=ledger).stdout)
    same = json.loads(uphold(CHARTER, *YEAR, "--format", "json", ledger=ledger).stdout)
    assert found["version"] == 1
    assert {**found, "made_at": None} == {**same, "made_at": None}
    (reply,) = [one for one in found["promises"] if one["part"] == "reply" and one["by_month"]]
    assert (reply["total"]["in_time"], reply["total"]["open"]) == (1, 1)
    assert found["extensions"] == [
        {"promise": "FO-8", "part": "reply", "reason": "The bank is slow.", "count": 1}
    ]


@pytest.mark.parametrize("flags", [["--format", "csv"], ["-o", "year.csv"]])
def test_csv_is_one_table(ledger: str, flags: list[str], own_folder: Path) -> None:
    result = uphold(CHARTER, *YEAR, *flags, ledger=ledger)
    assert result.exit_code == 0, result.output
    text = result.stdout
    if "-o" in flags:
        assert text == ""
        assert "Written: year.csv" in result.stderr
        text = (own_folder / "year.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["charter"] for row in rows} == {CHARTER}


def test_the_name_of_the_file_says_its_form(ledger: str, own_folder: Path) -> None:
    result = uphold(CHARTER, *YEAR, "--output", "year.html", "--ledger", ledger)
    assert result.exit_code == 0, result.output
    html = (own_folder / "year.html").read_text(encoding="utf-8")
    assert html.lstrip().startswith("<!doctype html>")
    assert "<svg" in html


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (("nobody", *YEAR), 2, "no charter 'nobody'"),
        ((CHARTER, "--from", "2026-13-01", "--to", "2026-12-31"), 2, "'2026-13-01' is not a date"),
        ((CHARTER, "--from", "2026-01-01", "--to", "soon"), 2, "'soon' is not a date"),
        ((CHARTER, "--from", "2026-01-02", "--to", "2026-01-01"), 2, "before it begins"),
        ((CHARTER, "--from", "2006-01-01", "--to", "2026-01-01"), 2, "longer than 10 years"),
        ((CHARTER, "--from", "2026-01-01"), 2, "--to"),
        ((CHARTER, *YEAR, "--format", "pdf"), 2, "'pdf' is not one of"),
        ((CHARTER, *YEAR, "--json", "--format", "csv"), 2, "exclude each other"),
        ((CHARTER, *YEAR, "-o", "year.pdf"), 2, "does not say which form"),
        ((CHARTER, *YEAR, "-o", "nowhere/year.csv"), 2, "written: no such file"),
        ((CHARTER, *YEAR, "--ledger", "memory://"), 2, "name a file"),
        ((CHARTER, *YEAR, "--ledger", "mysql://x/y"), 2, "no ledger on 'mysql'"),
        ((CHARTER, *YEAR, "--ledger", "sqlite:///nowhere.db"), 69, "`uphold setup` creates"),
        ((CHARTER, "--from", "2020-01-01", "--to", "2020-12-31"), 1, "Nothing is on record under"),
        (("customer-promise", *YEAR), 1, "Nothing is on record under customer-promise"),
    ],
)
def test_what_cannot_be_reported_is_told_with_an_exit_code(
    ledger: str, arguments: tuple[str, ...], code: int, what: str, own_folder: Path
) -> None:
    result = uphold(*arguments, ledger=ledger)
    assert result.exit_code == code, result.output
    assert what in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert list(own_folder.iterdir()) == []


def test_a_ledger_that_was_not_set_up_is_told(own_folder: Path) -> None:
    (own_folder / "ledger.db").touch()
    result = uphold(CHARTER, *YEAR, ledger="sqlite:///ledger.db")
    assert result.exit_code == 78
    assert "has no tables yet; `uphold setup` creates them" in result.stderr


def test_the_help_teaches_with_examples() -> None:
    result = uphold("--help")
    assert "uphold report financial-ombudsman --from 2026-01-01 --to 2026-12-31" in result.stdout
