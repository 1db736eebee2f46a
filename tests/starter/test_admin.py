"""The admin script: who acts, what it answers, how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from domain.complaint.decider.registry import VERBS
from starter.admin import app
from tests.starter.conftest import CUSTOMER, HANDLER, Office

ROOT = Path(__file__).parents[2]


def all_commands() -> Iterator[list[str]]:
    """The words of every command of the script."""
    root: Any = get_command(app)
    for name in root.commands:
        inner = getattr(root.get_command(None, name), "commands", {})
        yield from ([name, each] for each in inner) if inner else [[name]]


def script(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The script as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "starter.admin", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        timeout=120,
    )


@pytest.mark.parametrize("words", list(all_commands()), ids=" ".join)
async def test_every_command_teaches_with_an_example(words: list[str], office: Office) -> None:
    told = await office.uphold(*words, "--help")
    assert told.exit_code == 0
    usage, _, rest = told.stdout.partition("\n")
    assert usage.startswith(f"Usage: uphold {' '.join(words)}")
    if words != ["charter", "list"]:  # it takes nothing that an example could show
        assert f"uphold {' '.join(words)}" in rest


def test_every_verb_is_a_command() -> None:
    names = {words[0] for words in all_commands()}
    assert {verb.replace("_", "-") for verb in VERBS} <= names


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom starter.admin import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('temporalio', 'sqlalchemy', 'rich', 'pydantic') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.endswith("\n[]\n")


async def test_without_an_actor_nothing_is_sent(office: Office) -> None:
    reference = await office.opened()
    before = (await office.complaints.status(reference)).events
    told = await office.uphold("accept", reference, env={"UPHOLD_ACTOR_NAME": None})
    assert told.exit_code == 2
    assert "`uphold login ID`; where identity is off, give --actor-name, or set" in told.stderr
    told = await office.uphold("accept", reference, env={"UPHOLD_ACTOR_ROLE": "boss"})
    assert told.exit_code == 2
    assert "actor_role" in told.stderr
    assert (await office.complaints.status(reference)).events == before


async def test_the_actor_comes_from_the_settings_and_flags_go_before(office: Office) -> None:
    reference = await office.opened()
    assert (await office.uphold("acknowledge", reference)).exit_code == 0
    told = await office.uphold(
        *(
            "allocate",
            reference,
            "--handler-id",
            "k",
            "--handler-name",
            "K Lee",
            "--handler-phone",
            "1",
        ),
        *("--actor-id", "m", "--actor-name", "Em", "--actor-role", "manager", "--json"),
    )
    assert json.loads(told.stdout)["handler_id"] == "k"
    by = [entry.by for entry in (await office.complaints.status(reference)).timeline]
    assert "H Jones (case-handler)" in by
    assert by[-1] == "Em (manager)"


async def test_a_refusal_is_one_paragraph_on_standard_error_and_exit_code_1(
    office: Office,
) -> None:
    reference = await office.opened()
    told = await office.uphold("escalate", reference, "--to", "nowhere", "--grounds", "x", "--json")
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith("Refused (WrongStage): ")
    assert told.stderr.count("\n") == 1


async def test_a_command_handed_over_is_not_waited_for(office: Office) -> None:
    reference = await office.opened()
    told = await office.uphold("withdraw", reference, "--reason", "Settled.", "--no-wait")
    assert told.exit_code == 0
    assert "handed over" in told.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["reply", "R", "--outcome", "maybe", "--findings", "x"],
        ["extend", "R", "--new-due", "soon", "--reason", "x"],
        ["conclude-case", "R", "--answered-at", "2026-01-05T10:00"],
        ["conclude-case", "R", "--answered-at", "0001-01-01T00:00+14:00"],
        ["list", "--due-before", "tomorrow"],
        ["list", "--state", "lost"],
        ["nonsense"],
    ],
)
async def test_wrong_usage_ends_with_2_before_anything_is_sent(
    words: list[str], office: Office
) -> None:
    told = await office.uphold(*words, env={"TEMPORAL_ADDRESS": "127.0.0.1:1"})
    assert told.exit_code == 2
    assert "Error" in told.stderr


async def test_wrong_settings_end_with_2(office: Office) -> None:
    told = await office.uphold("list", env={"UPHOLD_LOG_LEVEL": "loud"})
    assert told.exit_code == 2
    assert "log_level" in told.stderr.lower()


def test_without_a_server_it_ends_with_69_and_no_traceback() -> None:
    told = script(
        "accept",
        "R",
        TEMPORAL_ADDRESS="127.0.0.1:1",
        UPHOLD_CONNECT_TIMEOUT_SECONDS="0",
        UPHOLD_ACTOR_ID="a",
        UPHOLD_ACTOR_NAME="A",
        UPHOLD_ACTOR_ROLE="manager",
    )
    assert (told.returncode, told.stdout) == (69, "")
    assert told.stderr.startswith("No Temporal server answers at 127.0.0.1:1")
    assert "Traceback" not in told.stderr


async def test_what_is_not_set_up_ends_with_78_and_setup_creates_it_once(
    office: Office, tmp_path: Path
) -> None:
    fresh = {
        "TEMPORAL_NAMESPACE": "set-up-test",
        "UPHOLD_LEDGER_URL": f"sqlite:///{tmp_path}/new/ledger.sqlite3",
    }
    assert (await office.uphold("list", "--from", "temporal", env=fresh)).exit_code == 78
    unset = await office.uphold("list", env=fresh)
    assert "`uphold setup` creates what is missing" in unset.stderr
    first = await office.uphold("setup", env=fresh)
    assert first.exit_code == 0, first.stderr
    assert "namespace set-up-test: created" in first.stdout
    assert "UpholdCharter" in first.stdout
    assert "ledger: created" in first.stdout
    second = await office.uphold("setup", env=fresh)
    assert "digests: created, every working day at 8:00 Europe/London" in first.stdout
    assert second.stdout.count("there already") == 5
    assert "key ring: none is set: nothing is sealed" in second.stdout
    ringed = await office.uphold("setup", "--new-ring", env=fresh)
    ring = tmp_path / "new" / "key-ring.toml"
    assert f"key ring: {ring}, made now" in ringed.stdout
    assert ring.stat().st_mode & 0o777 == 0o600
    assert "is not replaced" in (await office.uphold("setup", "--new-ring", env=fresh)).stderr
    assert f"{ring}, there already" in (await office.uphold("setup", env=fresh)).stdout
    keyless = await office.uphold("setup", "--new-key", env=fresh)
    assert "set UPHOLD_SEAL_KEY_FILE" in keyless.stderr
    later = await office.uphold("setup", env=fresh | {"UPHOLD_DIGEST_HOUR": "9"})
    assert "digests: changed, every working day at 9:00" in later.stdout
    assert (await office.uphold("list", env=fresh)).stdout == "No complaint is found.\n"
    assert (await office.uphold("ledger", "verify", env=fresh)).exit_code == 0


async def on_record(office: Office, reference: str, events: int) -> None:
    """Return when the ledger has so many events of the complaint."""
    async with asyncio.timeout(30):
        # The ledger is written beside the complaint, and tells nobody.
        while len(await office.ledger.events(reference)) < events:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_show_prints_the_case_file(office: Office) -> None:
    reference = await office.opened(details="[bold]Not markup[/bold] \x1b[2J")
    summary = ["--summary", "[red]Angry[/red] \x1b[2J"]
    await office.uphold(
        "record-contact", reference, "--channel", "phone", "--from-whom", "mp", *summary
    )
    await on_record(office, reference, 2)
    told = await office.uphold("show", reference)
    assert told.exit_code == 0
    assert f"Complaint {reference}" in told.stdout
    assert "[red]Angry[/red] \\x1b[2J" in told.stdout
    assert "\x1b" not in told.stdout
    assert "working days from" in told.stdout
    found = json.loads((await office.uphold("show", reference, "--json")).stdout)
    assert found["source"] == "complaint"
    assert found["reference"] == reference
    assert {"key", "kind", "state"} <= found["notices"][0].keys()


async def test_a_complaint_that_the_server_no_longer_keeps_is_read_from_the_ledger(
    office: Office,
) -> None:
    reference = await office.opened()
    await office.complaints.acknowledge(reference, HANDLER)
    known = await office.complaints.status(reference)
    await on_record(office, reference, known.events)
    elsewhere = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "UPHOLD_CONNECT_TIMEOUT_SECONDS": "0"}
    told = await office.uphold("show", reference, "--json", env=elsewhere)
    found = json.loads(told.stdout)
    assert found["source"] == "ledger"
    assert "acknowledged" in {entry["kind"] for entry in found["timeline"]}
    assert "from the ledger alone" in told.stderr
    assert (await office.uphold("show", "nobody", env=elsewhere)).exit_code == 69
    assert (await office.uphold("show", "nobody")).exit_code == 1


async def test_the_ledger_agrees_with_the_complaints_until_somebody_changes_it(
    office: Office, tmp_path: Path
) -> None:
    reference = await office.opened()
    await office.complaints.acknowledge(reference, HANDLER)
    told = await office.uphold("ledger", "verify", reference)
    assert told.exit_code == 0, told.stdout
    assert "1 compared with the complaint itself; " in told.stdout
    await on_record(office, reference, 2)
    copy = tmp_path / "ledger.sqlite3"
    source = office.settings.ledger_url.removeprefix("sqlite:///")
    _copy_with(source, copy, reference)
    told = await office.uphold(
        "ledger", "verify", reference, "--json", env={"UPHOLD_LEDGER_URL": f"sqlite:///{copy}"}
    )
    found = json.loads(told.stdout)["findings"]
    assert told.exit_code == 1
    assert any(each["what"].startswith("missed: ") for each in found)


def _copy_with(source: str, copy: Path, reference: str) -> None:
    """A copy of the ledger in which somebody has changed how many promises were missed."""
    old, new = sqlite3.connect(source), sqlite3.connect(copy)
    try:
        old.backup(new)
        (table,) = (
            name
            for (name,) in new.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if {"missed", "reference", "closed_how"}
            <= {column[1] for column in new.execute(f"PRAGMA table_info({name})")}
        )
        new.execute(f"UPDATE {table} SET missed = 7 WHERE reference = ?", (reference,))  # noqa: S608
        new.commit()
    finally:
        old.close()
        new.close()


async def test_health_tells_where_no_worker_answers(office: Office) -> None:
    told = await office.uphold("health", "--url", "http://127.0.0.1:1")
    assert (told.exit_code, told.stdout) == (69, "")


async def test_settings_are_printed_without_secrets(office: Office) -> None:
    secret = {"UPHOLD_LEDGER_URL": "postgresql://u:hush@db/uphold"}
    told = await office.uphold("settings", env=secret)
    assert "UPHOLD_TASK_QUEUE" in told.stdout
    assert "hush" not in told.stdout
    assert (await office.uphold("settings", "--markdown")).stdout.startswith("| ")
    rows = json.loads((await office.uphold("settings", "--json", env=secret)).stdout)
    values = {row["variable"]: (row["value"], row["hidden"]) for row in rows}
    assert values["UPHOLD_LEDGER_URL"] == (None, True)
    assert values["UPHOLD_SMTP_PORT"] == (587, False)


async def test_customers_words_never_reach_a_list(office: Office) -> None:
    reference = await office.opened(details="Very private.")
    await office.complaints.update(reference, HANDLER, "Ann Other will hear.")
    assert CUSTOMER.name not in (await office.uphold("list", "--json")).stdout
