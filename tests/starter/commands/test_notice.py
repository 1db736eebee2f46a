"""`uphold notice` shows any letter under any charter in any language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from starter.admin import app


def uphold(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["notice", *arguments], env={"COLUMNS": "200"})


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_letter_is_shown_as_it_goes_out() -> None:
    shown = uphold("show", "acknowledgement", "--charter", "casework-standards")
    assert shown.exit_code == 0, shown.output
    assert "Dear Ann Price," in shown.stdout
    assert "WHAT HAPPENS NEXT" in shown.stdout


def test_it_is_shown_in_welsh() -> None:
    words = ("show", "reply", "--charter", "casework-standards", "--language", "cy", "--json")
    (letter,) = json.loads(uphold(*words).stdout)
    assert letter["language"] == "cy"
    assert "Annwyl Ann Price" in letter["body"]


def test_every_wording_is_shown_when_asked_for() -> None:
    words = ("show", "apology", "--charter", "financial-ombudsman", "--json")
    assert len(json.loads(uphold(*words, "--all").stdout)) > len(json.loads(uphold(*words).stdout))


def test_the_kinds_are_listed_for_all_charters_or_for_one() -> None:
    kinds = {row["kind"] for row in json.loads(uphold("list", "--json").stdout)}
    of_one = {
        row["kind"]
        for row in json.loads(uphold("list", "--charter", "nhs-complaints", "--json").stdout)
    }
    assert of_one < kinds
    assert "appointment-offer" in kinds - of_one


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("acknowledgment", "--charter", "nhs-complaints"), "acknowledgement"),
        (("reply", "--charter", "nhs"), "nhs-complaints"),
        (("reply", "--charter", "nhs-complaints", "--language", "fr"), "cy, en"),
        (("appointment-offer", "--charter", "nhs-complaints"), "No complaint under"),
    ],
)
def test_what_there_is_not_is_said(arguments: tuple[str, ...], said: str) -> None:
    shown = uphold("show", *arguments)
    assert shown.exit_code
    assert said in shown.output


def test_the_book_is_one_page(tmp_path: Path) -> None:
    out = tmp_path / "book" / "letters.html"
    assert uphold("book", "--out", str(out), "--at-most", "1").exit_code == 0
    written = out.read_text(encoding="utf-8")
    assert "financial-ombudsman, Welsh" in written
    assert "</html>" in written


def test_a_folder_of_ones_own_words_is_checked(tmp_path: Path) -> None:
    folder = tmp_path / "own" / "en"
    folder.mkdir(parents=True)
    (folder / "acepted.txt").write_text("Subject: a\nb")
    checked = uphold("check", str(folder.parent))
    assert checked.exit_code == 1
    assert "Did you mean en/accepted.txt?" in checked.output
