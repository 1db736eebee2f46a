"""`uphold promises`: every promise, how it is kept, and which tests show it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from charters.files import find_charter
from starter.admin import app


def uphold(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_every_promise_of_a_charter_is_a_row() -> None:
    told = uphold("promises", "insolvency-service")
    words = told.stdout.split()

    assert told.exit_code == 0
    assert {f"IS-{n}" for n in (1, *range(4, 14))} | {"IS-2/contact", "IS-3"} <= set(words)
    assert "000_2dfa29253c41a6cc.txt" in words
    assert "tests/promises/test_clocks.py (5)" in told.stdout
    assert told.stdout.endswith("  insolvency-service: 15 promises.\n\n")


def test_without_a_charter_all_are_told() -> None:
    told = uphold("promises").stdout
    for charter in ("casework-standards", "customer-promise", "nhs-complaints", "scottish-model"):
        assert f"  {charter}: " in told


def test_as_json_every_test_has_its_name() -> None:
    found = {
        row["key"]: row
        for row in json.loads(uphold("promises", "financial-ombudsman", "--json").stdout)
    }

    row = found["FO-8/reply"]
    assert row["charter"] == "financial-ombudsman"
    assert row["source"] == "003_0c0e7b8081a12964.txt"
    assert (row["id"], row["part"]) == ("FO-8", "reply")
    assert (row["kept_by"], row["how"]) == (
        "clock",
        "10 working days from stage-entered until replied",
    )
    assert (
        "tests/promises/test_clocks.py::test_it_is_met_in_the_last_minute[FO-8/reply]"
        in row["tests"]
    )
    assert found["FO-16"]["kept_by"] == "sample"


def test_an_unknown_charter_is_refused_with_those_there_are() -> None:
    told = uphold("promises", "nobody")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "Known charters: casework-standards" in told.stderr


def test_a_charter_of_ones_own_has_none_of_our_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("insolvency-service", "nhs-complaints"):
        shutil.copy(find_charter(name), tmp_path)
    monkeypatch.setenv("UPHOLD_CHARTERS_DIR", str(tmp_path))

    own = json.loads(uphold("promises", "insolvency-service", "--json").stdout)
    ours = json.loads(uphold("promises", "customer-promise", "--json").stdout)

    assert not any(row["tests"] for row in own)
    assert any(row["tests"] for row in ours)
    assert "your own" in uphold("promises", "insolvency-service").stderr
