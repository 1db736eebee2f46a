"""`uphold ledger verify` ends with an answer, whatever somebody did to keys, and also without any."""

# ruff: noqa: S608 - every statement is the test's own
from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ledger.migrations.schema import upgrade
from ledger.opening import open_sql_ledger
from sealing.ring import with_new_key, write_ring
from starter.admin import app
from tests.ledger.evidence.on_record import ANN, BOB, put_on_record


def typed(folder: Path, *arguments: str, **env: str) -> Result:
    surroundings = {"UPHOLD_LEDGER_URL": f"sqlite:///{folder / 'ledger.sqlite3'}", "NO_COLOR": "1"}
    return CliRunner().invoke(app, ["ledger", *arguments], env=surroundings | env)


@pytest.fixture
def ring(tmp_path: Path) -> str:
    """The file of the ring under which two complaints are on record in a ledger beside it."""
    file, made = tmp_path / "elsewhere" / "keys.toml", with_new_key(None, "first")
    write_ring(file, made)

    async def record() -> None:
        url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
        await upgrade(url)
        async with open_sql_ledger(url, made) as ledger:
            await put_on_record(ledger, ANN, BOB)

    asyncio.run(record())
    return str(file)


def altered(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as opened:
        for each in statements:
            opened.execute(each)
        opened.commit()


def findings(told: Result) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    answer: dict[str, Any] = json.loads(told.stdout)
    for each in answer["findings"]:
        found.setdefault(each["where"], []).append(each["what"])
    return found


DAMAGED = {
    "gone": "DELETE FROM data_keys WHERE reference = 'FO-ANN'",
    "emptied": "UPDATE data_keys SET wrapped = NULL, ring_key = '' WHERE reference = 'FO-ANN'",
    "garbage": "UPDATE data_keys SET wrapped = x'00ff' WHERE reference = 'FO-ANN'",
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_key_is_a_finding_of_its_complaint_beside_all_others(
    ring: str, tmp_path: Path, what: str
) -> None:
    altered(tmp_path, DAMAGED[what], f"UPDATE complaints SET missed = 7 WHERE reference = '{BOB}'")
    told = typed(tmp_path, "verify", "--offline", "--json", UPHOLD_KEY_RING=ring)
    assert told.exit_code == 1, told.output
    found = findings(told)
    assert set(found) == {ANN, BOB}
    assert any("The record cannot be read" in each for each in found[ANN])
    assert any("missed: the events come to" in each for each in found[BOB])


def test_without_a_ring_what_needs_none_is_checked_and_what_was_not_is_said(
    ring: str, tmp_path: Path
) -> None:
    told = typed(tmp_path, "verify", "--offline")
    assert (told.exit_code, "There is no key ring here" in told.stderr) == (0, True), told.output
    assert "2 complaints" in told.stdout
    altered(tmp_path, f"UPDATE complaints SET head = 'another' WHERE reference = '{BOB}'")
    told = typed(tmp_path, "verify", "--offline", "--json")
    assert (told.exit_code, set(findings(told))) == (1, {BOB})
    assert ring
