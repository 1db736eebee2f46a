"""How a complaint lets its remedies go: each a workflow of its own that outlives it.

Owns their start and word of whom they write to. A remedy is started once, whatever is repeated: its
id follows from the complaint's reference and its number.

Those of one reply are started by a short workflow between the two. The server skips no time for a
workflow with a child that runs: the complaint would stand still, in the demo and in every story, until
its remedies were done.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from domain.complaint import Complaint
from domain.events import Replied
from domain.remedy_opening import RemedyOpening, openings_of, people_of
from workflows.effects import Effects

WORKFLOW_TYPE = "Remedy"
STARTING_TYPE = "RemediesStart"
FOLLOW = "follow_complaint"
KIND_MEMO = "kind"
_LANE = "remedies"


def see_to_remedies(
    effects: Effects, before: Complaint, after: Complaint, events: tuple[Any, ...]
) -> None:
    """Start what these events undertake, and tell earlier remedies whom to write to now."""
    if before.remedies and people_of(before) != people_of(after):
        told = people_of(after).model_dump(mode="json")
        for number in range(1, before.remedies + 1):
            effects.also(_LANE, partial(_tell, remedy_id(after.reference, number), told))
    for event in events:
        if isinstance(event, Replied) and event.commitments:
            openings = openings_of(after, event)
            identifier = f"remedies:{after.reference}/{event.number}"
            effects.also(_LANE, partial(_let_go, identifier, openings, after.rules.packed))


def remedy_id(reference: str, number: int) -> str:
    """The id of the workflow that runs this remedy of a complaint."""
    return f"remedy:{reference}/{number}"


@workflow.defn(name=STARTING_TYPE)
class RemediesStartWorkflow:
    """Starts the remedies of one reply, each once, and ends."""

    @workflow.run
    async def run(self, openings: list[Any], pinned: bytes) -> None:
        """Returns when all of them run. `openings` are those of `RemedyOpening`, as JSON."""
        for opening in openings:
            await _start(RemedyOpening.model_validate(opening), pinned)


async def _let_go(identifier: str, openings: tuple[RemedyOpening, ...], pinned: bytes) -> None:
    """Have the remedies of one reply started; what is started already is left alone."""
    try:
        await workflow.execute_child_workflow(
            STARTING_TYPE,
            args=[[opening.model_dump(mode="json") for opening in openings], pinned],
            id=identifier,
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=f"{len(openings)} remedies of one reply",
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("%s was started before", identifier)


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
