"""How a complaint lets its remedies go: each a workflow of its own that outlives it.

Owns their start and word of whom they write to. A remedy is started once, whatever is repeated: its
id follows from the complaint's reference and its number.

Those of one reply are started by a short workflow between the two. The server skips no time for a
workflow with a child that runs: the complaint would stand still, in the demo and in every story, until
its remedies were done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import (
    ApplicationError,
    ChildWorkflowError,
    WorkflowAlreadyStartedError,
)

from domain.complaint.decider.evolve import Step
from domain.complaint.features.remedies.remedy_opening import RemedyOpening, people_of, starts_of
from domain.complaint.state import Complaint
from workflows.effects import Effects

WORKFLOW_TYPE = "Remedy"
STARTING_TYPE = "RemediesStart"
FOLLOW = "follow_complaint"
KIND_MEMO = "kind"
_LANE = "remedies"
_ONE_BY_ONE = "remedies-of-a-lost-start-one-by-one"


def see_to_remedies(effects: Effects, before: Complaint, steps: tuple[Step, ...]) -> None:
    """Start what these steps undertake, and tell earlier remedies whom to write to now."""
    after = steps[-1].complaint
    if before.remedies and people_of(before) != people_of(after):
        told = people_of(after).model_dump(mode="json")
        for number in range(1, before.remedies + 1):
            effects.also(_LANE, partial(_tell, remedy_id(after.reference, number), told))
    for complaint, openings in starts_of(steps):
        identifier = f"remedies:{complaint.reference}/{openings[0].event}"
        effects.also(_LANE, partial(_let_go, identifier, openings, complaint.rules.packed))


def remedy_id(reference: str, number: int) -> str:
    """The id of the workflow that runs this remedy of a complaint."""
    return f"remedy:{reference}/{number}"


@workflow.defn(name=STARTING_TYPE)
class RemediesStartWorkflow:
    """Starts the remedies of one reply, each once, and ends."""

    @workflow.run
    async def run(self, openings: list[Any], pinned: bytes) -> None:
        """Returns when all of them run. `openings` are those of `RemedyOpening`, as JSON."""
        valid = [RemedyOpening.model_validate(opening) for opening in openings]
        starting = asyncio.create_task(_start_each(valid, pinned))
        while not starting.done():
            try:
                await asyncio.shield(starting)
            except asyncio.CancelledError:
                workflow.logger.warning("what was undertaken cannot be cancelled; it is started")
        starting.result()


async def _let_go(identifier: str, openings: tuple[RemedyOpening, ...], pinned: bytes) -> None:
    """Have the remedies of one reply started; what is started already is left alone.

    A start that was terminated, or that was made before and may have been, is made good one by one.
    """
    try:
        await workflow.execute_child_workflow(
            STARTING_TYPE,
            args=[[opening.model_dump(mode="json") for opening in openings], pinned],
            id=identifier,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=f"{len(openings)} remedies of one reply",
        )
    except (WorkflowAlreadyStartedError, ChildWorkflowError) as error:
        workflow.logger.warning("%s did not start its remedies: %s", identifier, error)
        if workflow.patched(_ONE_BY_ONE):
            await _start_each(openings, pinned)
        elif isinstance(error, ChildWorkflowError):
            raise


async def _start_each(openings: Iterable[RemedyOpening], pinned: bytes) -> None:
    for opening in openings:
        await _start(opening, pinned)


async def _start(opening: RemedyOpening, pinned: bytes) -> None:
    made = opening.commitment
    try:
        await workflow.start_child_workflow(
            WORKFLOW_TYPE,
            args=[opening.model_dump(mode="json"), pinned],
            id=remedy_id(opening.reference, made.number),
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            memo={KIND_MEMO: str(made.kind)},
            static_summary=f"{opening.charter}, {made.kind} promised {opening.promised_at:%-d %B %Y}",
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("remedy %s runs already", opening.id)


async def _tell(identifier: str, people: dict[str, Any]) -> None:
    """Tell a remedy, unless it has ended: then it writes to nobody any more."""
    remedy = workflow.get_external_workflow_handle(identifier)
    try:
        await remedy.signal(FOLLOW, people)
    except ApplicationError as error:
        workflow.logger.info("%s was not told of other people: %s", identifier, error.message)
