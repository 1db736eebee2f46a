"""Remedies that run already go on under the code as it is now."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from engine.plugin import UpholdPlugin
from tests.replay.corpus import _decoded
from tests.replay.remedy_scenarios import REMEDIES, SCENARIOS, STARTED
from workflows.remedies import RemediesStartWorkflow
from workflows.remedy import RemedyWorkflow


def _history(name: str) -> WorkflowHistory:
    text = (REMEDIES / f"{name}.json").read_text(encoding="utf-8")
    started = json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]
    given = json.loads(_decoded(started["input"]["payloads"][0]))
    if name == STARTED:
        return WorkflowHistory.from_json("remedies:kept", text)
    number = given["commitment"]["number"]
    return WorkflowHistory.from_json(f"remedy:{given['reference']}/{number}", text)


NAMES = sorted(path.stem for path in REMEDIES.glob("*.json"))


@pytest.fixture(scope="module")
def replayer() -> Replayer:
    """Replays as the worker would run them."""
    workflows = [RemedyWorkflow, RemediesStartWorkflow]
    return Replayer(workflows=workflows, plugins=[UpholdPlugin()])


@pytest.mark.parametrize("name", NAMES)
async def test_a_kept_history_of_a_remedy_replays(name: str, replayer: Replayer) -> None:
    await replayer.replay_workflow(_history(name))


def test_every_scenario_of_a_remedy_is_kept_and_every_history_has_its_scenario() -> None:
    assert {name.partition("-run-")[0] for name in NAMES} == {*SCENARIOS, STARTED}
    assert "cut-in-two-run-2" in NAMES


@workflow.defn(name="Remedy")
class NoTimer(RemedyWorkflow):
    """It forgets to set its timer."""

    @workflow.init
    def __init__(
        self, opening: Any = None, pinned: bytes = b"", carried: bytes | None = None
    ) -> None:
        super().__init__(opening, pinned, carried)

    @workflow.run
    async def run(
        self, opening: Any = None, pinned: bytes = b"", carried: bytes | None = None
    ) -> dict[str, Any]:
        return await super().run(opening, pinned, carried)

    async def _sleep(self) -> None:
        await workflow.wait_condition(lambda: self._finished)


@workflow.defn(name="Remedy")
class NapFirst(NoTimer):
    """It sleeps a moment before it begins."""

    @workflow.init
    def __init__(
        self, opening: Any = None, pinned: bytes = b"", carried: bytes | None = None
    ) -> None:
        super().__init__(opening, pinned, carried)

    @workflow.run
    async def run(
        self, opening: Any = None, pinned: bytes = b"", carried: bytes | None = None
    ) -> dict[str, Any]:
        await workflow.sleep(timedelta(seconds=1))
        return await RemedyWorkflow.run(self, opening, pinned, carried)

    async def _sleep(self) -> None:
        await RemedyWorkflow._sleep(self)


@pytest.mark.parametrize("mutant", [NoTimer, NapFirst], ids=lambda mutant: mutant.__name__)
async def test_a_change_that_would_break_running_remedies_is_caught(mutant: type) -> None:
    replayer = Replayer(workflows=[mutant], plugins=[UpholdPlugin()])
    with pytest.raises(NondeterminismError):
        await replayer.replay_workflow(_history("ends-done"))
