"""What reaches the ledger and no complaint is done by nobody who is not proven to be who they say they are."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from charters.files import find_charter, load_charter
from identity.issuer import Issuer
from identity.provider.kept import keep
from tests.starter.conftest import running_office
from tests.starter.counter import Counter

HERE, OCTOBER, CASE = "financial-ombudsman", "2024-10", "FO-1"
TERMS = load_charter(find_charter(HERE)).sample
assert TERMS is not None
SNOW = (
    "closure",
    "add",
    "2030-01-09",
    "--region",
    "england-and-wales",
    "--reason",
    "Snow.",
    "--yes",
)
LOOKED_AT = (
    "sample", "record", HERE, OCTOBER, CASE,
    *(part for check in TERMS.checks for part in ("--check", f"{check.id}=yes")),
)  # fmt: skip
WORDS = {"closure": (SNOW, "a.clerk"), "sample": (LOOKED_AT, "q.lowe")}


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    """A ledger with a sample of one case, where who acts has to be proven, and no server."""
    made = Counter(tmp_path)
    made.set_up()
    made.environ |= {
        "UPHOLD_IDENTITY": "tokens",
        "UPHOLD_TOKEN_FILE": str(tmp_path / "token"),
        "TEMPORAL_ADDRESS": "127.0.0.1:1",
        "UPHOLD_CONNECT_TIMEOUT_SECONDS": "0",
    }
    made.closed(CASE)
    assert made.uphold("sample", "draw", HERE, OCTOBER).exit_code == 0
    Issuer(tmp_path / "identity")
    return made


def rows(counter: Counter, query: str) -> list[Any]:
    with closing(sqlite3.connect(counter.folder / "ledger.sqlite3")) as opened:
        return opened.execute(query).fetchall()


def kept(counter: Counter) -> tuple[list[Any], list[Any]]:
    """What is there of closures and of samples."""
    return rows(counter, "SELECT * FROM closures"), rows(counter, "SELECT body FROM samples")


def claimed(who: str, role: str) -> tuple[str, ...]:
    return ("--actor-id", who, "--actor-name", who, "--actor-role", role)


@pytest.mark.parametrize("what", WORDS)
def test_nothing_is_kept_of_who_shows_no_token_a_forged_one_or_one_of_somebody_else(
    counter: Counter, tmp_path: Path, what: str
) -> None:
    words, who = WORDS[what]
    before = kept(counter)
    role = "administrator" if what == "closure" else "quality"
    told = counter.uphold(*words, *claimed("mallory", role))
    assert (told.exit_code, "No token proves who acts" in told.stderr) == (1, True), told.output
    forger, issuer = Issuer(tmp_path / "forged" / "identity"), Issuer(tmp_path / "identity")
    for token, said in (
        (forger.login(who).token, "unknown key"),
        (issuer.login("h.jones").token, "does not give the role"),
        (issuer.login(who, complaint="FO-2").token, "for another complaint"),
    ):
        keep(token, tmp_path / "token")
        told = counter.uphold(*words, "--actor-role", role)
        assert (told.exit_code, said in told.stderr) == (1, True), told.output
        assert "told" not in told.stdout
    assert kept(counter) == before


def test_by_which_token_a_case_was_looked_at_stays_with_what_was_found(
    counter: Counter, tmp_path: Path
) -> None:
    keep(Issuer(tmp_path / "identity").login("q.lowe").token, tmp_path / "token")
    told = counter.uphold(*LOOKED_AT)
    assert told.exit_code == 0, told.output
    ((body,),) = rows(counter, "SELECT body FROM samples")
    issuer, token = json.loads(body)["proofs"][CASE]
    assert issuer == "uphold:embedded"
    assert token
    shown = counter.uphold("sample", "show", HERE, OCTOBER, "--json")
    assert json.loads(shown.stdout)["items"][0]["reviewed_by"] == "q.lowe"


async def test_by_which_token_a_day_was_closed_stays_with_the_day(
    env: WorkflowEnvironment, tmp_path: Path
) -> None:
    address = env.client.service_client.config.target_host
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    async with running_office(address, tmp_path, f"proven-{tmp_path.name}") as office:
        keep(Issuer(tmp_path / "identity").login("a.clerk").token, tmp_path / "token")
        who = {"ID": "a.clerk", "NAME": "A Clerk", "ROLE": "administrator"}
        proven = {f"UPHOLD_ACTOR_{name}": value for name, value in who.items()}
        proven |= {"UPHOLD_IDENTITY": "tokens", "UPHOLD_TOKEN_FILE": str(tmp_path / "token")}
        words = ("closure", "add", day, "--region", "england-and-wales", "--reason", "Snow.")
        told = await office.uphold(*words, "--yes", env=proven)
        assert told.exit_code == 0, told.output
        listed = await office.uphold("closure", "list", "--json")
    (closed,) = json.loads(listed.stdout)
    assert (closed["added_by"], closed["issuer"]) == ("a.clerk", "uphold:embedded")
    assert closed["token"]
