"""`uphold demo`, run as a person runs it, and everything that it says can be done afterwards."""

from __future__ import annotations

import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.further import ledger_command, with_the_server
from demo.premises import FolderInUse, fresh_folder
from demo.sample import load_sample
from ledger.opening import open_ledger
from sealing.beside import RING
from sealing.ring import read_ring
from tests.workflows.laws import assert_told_truly

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str
    folder: Path

    def again(self, command: str) -> subprocess.CompletedProcess[str]:
        """A command that the demonstration names, with the settings that it names."""
        return call(self.folder.parent, command, UPHOLD_CONFIG=str(self.folder / "uphold.toml"))


def call(at: Path, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("UPHOLD_", "TEMPORAL_"))}
    # Whatever an organisation has set must not lead the demonstration to a real mail server.
    return subprocess.run(  # noqa: S602 - as a person types it
        command, shell=True, cwd=at, env=kept | {"PYTHONPATH": str(ROOT)} | variables,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    at = tmp_path_factory.mktemp("demo")
    program = f"{shlex.quote(sys.executable)} -m starter.admin demo"
    done = call(at, program, UPHOLD_CHANNEL="smtp", UPHOLD_LEDGER_URL="postgresql://nowhere/none")
    folders = list(at.glob("var/demo"))
    return Ran(done.returncode, done.stdout, done.stderr, folders[0] if folders else at)


@pytest.mark.slow
def test_every_story_goes_as_the_script_says(ran: Ran) -> None:
    assert (ran.code, ran.err) == (0, "")
    assert "another way than the script says" not in ran.out
    for reference in load_sample().openings:
        assert len(re.findall(rf"to .*{reference}  \S", ran.out)) == 1, reference


@pytest.mark.slow
async def test_whatever_it_told_anybody_is_true(ran: Ran) -> None:
    ring = read_ring(ran.folder / RING)
    async with open_ledger(f"sqlite:///{ran.folder}/ledger.sqlite3", ring) as ledger:
        await assert_told_truly(ledger)


@pytest.mark.slow
def test_what_is_printed_is_plain_when_nobody_watches(ran: Ran) -> None:
    assert "\x1b" not in ran.out
    assert "How each promise fared" in ran.out
    assert re.search(r"FO-8/reply\s+A manager answers .* \d+ %", ran.out)
    assert re.search(r"procedure ended\s+\d", ran.out)


@pytest.mark.slow
def test_nothing_went_wrong_behind_the_scenes(ran: Ran) -> None:
    lines = (ran.folder / "worker.log").read_text().splitlines()
    assert [line for line in lines if json.loads(line)["level"] != "warning"] == []
    refused = [json.loads(line) for line in lines]
    assert {line["event"] for line in refused} == {"notice-refused"}
    assert {line["reference"] for line in refused} == {"FO-2026-000114"}


@pytest.mark.slow
def test_every_command_that_it_names_works_on_what_it_left(ran: Ran) -> None:
    named = ran.out.split("To look further")[1]
    commands = [line.strip() for line in named.splitlines() if line.startswith("  ")]
    tried = [c for c in commands if not c.startswith(("#", "export")) and "demo --stay" not in c]
    tried = [command for command in tried if not command.endswith(" dev")]
    assert len(tried) == 8
    saw = {}
    for command in tried:
        done = ran.again(command.replace("var/demo", str(ran.folder)))
        assert done.returncode == 0, (command, done.stderr)
        saw[command] = done.stdout
    assert "Independent Assessor" in str(saw) or "independent-assessor" in str(saw)
    assert "We are sorry" in str(saw)
    assert "promise-missed" in str(saw)
    assert "This is what waits for you this morning" in str(saw), "the digest of one mailbox"


@pytest.mark.slow
def test_every_mailbox_for_which_something_waited_has_one_digest(ran: Ran) -> None:
    said = ran.out.split("The morning after")[1].split("Worth a look")[0]
    told = re.findall(r"(\S+@\S+): told \d+", said)
    assert told, said
    assert "not sent" not in said
    mails = [each.read_text() for each in (ran.folder / "outbox/new").iterdir()]
    digests = [each for each in mails if "X-Uphold-Reference: digest" in each]
    assert len(digests) == len(told) == len(set(told))


@pytest.mark.slow
def test_a_case_file_is_read_from_the_ledger_alone(ran: Ran) -> None:
    program = f"{shlex.quote(sys.executable)} -m starter.admin show FO-2026-000117 --json"
    told = json.loads(ran.again(program).stdout)
    assert (told["source"], told["closed_how"]) == ("ledger", "accepted")
    acknowledged = next(c for c in told["clocks"] if c["part"] == "acknowledge")
    assert "Christmas Day" in acknowledged["proof"]


@pytest.mark.slow
def test_it_is_not_played_over_something_else(ran: Ran) -> None:
    kept = f"{shlex.quote(sys.executable)} -m starter.admin demo --keep {ran.folder}"
    done = call(ran.folder, kept)
    assert done.returncode == 1
    assert "Name an empty folder with --keep" in done.stderr


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderInUse, match=r"thesis\.txt"), fresh_folder(tmp_path, replace=True):
        pass
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_two_demonstrations_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        fresh_folder(tmp_path, replace=True),
        pytest.raises(FolderInUse, match="Another demonstration"),
        fresh_folder(tmp_path, replace=True),
    ):
        pass


def test_an_earlier_demonstration_is_replaced(tmp_path: Path) -> None:
    with fresh_folder(tmp_path, replace=True) as folder:
        folder.ledger.write_text("old")
        (folder.outbox / "new").mkdir(parents=True)
    with fresh_folder(tmp_path, replace=True) as folder:
        assert not folder.ledger.exists()
        assert not folder.outbox.exists()


def test_what_the_web_page_shows_is_told_as_it_is() -> None:
    for sealed, says in (
        (True, "what is personal is sealed there"),
        (False, "nothing is sealed there"),
    ):
        told = dict(with_the_server("uphold", "http://here", sealed=sealed))
        (page,) = (comment for comment, command in told.items() if command == "http://here")
        assert page.endswith(says)


def test_the_ledger_can_be_asked_where_nothing_but_python_is_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ledger.sqlite3"
    with sqlite3.connect(file) as ledger:
        ledger.execute("create table events (kind text)")
        ledger.execute("insert into events values ('opened')")
    ledger.close()
    monkeypatch.setenv("PATH", "")
    asked = ledger_command(file)
    assert sys.executable in asked
    assert "opened" in call(tmp_path, asked, PATH=os.defpath).stdout
