"""Complaints that run already go on under the code as it is now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from charters.files import CharterBook
from domain.charter.tables import Charter
from domain.vocabulary import ClosedHow, State
from engine.plugin import UpholdPlugin
from tests.replay.corpus import kept
from tests.replay.mutants import MUTANTS
from tests.replay.record import AlreadyKept, main, write
from tests.replay.scenarios import SCENARIOS
from workflows.complaint import ComplaintWorkflow
from workflows.digest import DigestWorkflow

HISTORIES = {one.name: one for one in kept()}


@pytest.fixture(scope="module")
def replayer() -> Replayer:
    """Replays as the worker would run them."""
    return Replayer(workflows=[ComplaintWorkflow, DigestWorkflow], plugins=[UpholdPlugin()])


@pytest.mark.parametrize("name", HISTORIES)
async def test_a_kept_history_replays(name: str, replayer: Replayer) -> None:
    await replayer.replay_workflow(HISTORIES[name].history)


def test_every_stage_and_state_that_one_can_wait_in_is_kept() -> None:
    charter: Charter = CharterBook().get("financial-ombudsman")
    stages = [stage.id for stage in charter.stages if not stage.external]
    # Its charter has no pauses; `waits-paused` is a complaint of another one.
    wanted = {(stage, str(state)) for stage in stages for state in State if state != State.PAUSED}
    wanted.add(("case-handler", "paused"))
    assert wanted - {one.waits_in for one in HISTORIES.values()} == set()


def test_every_way_to_end_is_kept() -> None:
    ends = {one.closed_how for one in HISTORIES.values()}
    assert {str(how) for how in ClosedHow} - ends == set()


def test_every_scenario_is_kept_and_every_history_has_its_scenario() -> None:
    assert {name.partition("-run-")[0] for name in HISTORIES} == set(SCENARIOS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant.__name__))
async def test_a_change_that_would_break_running_complaints_is_caught(mutant: type) -> None:
    replayer = Replayer(workflows=[mutant], plugins=[UpholdPlugin()])
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(HISTORIES["ends-accepted"].history)


def test_a_kept_history_is_never_written_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write("story", '{"events": []}', tmp_path)
    before = first.read_bytes()
    with pytest.raises(AlreadyKept, match=r"story\.json is kept already"):
        write("story", '{"events": [1]}', tmp_path)
    assert first.read_bytes() == before
    assert main(["ends-accepted"]) == 1
    assert "not recorded again: ends-accepted" in capsys.readouterr().err


def test_the_recorder_is_a_program() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.replay.record", "no-such-story"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert told.returncode == 1
    assert "no such scenario: no-such-story" in told.stderr
