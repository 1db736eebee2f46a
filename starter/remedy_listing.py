"""Owns how remedies are found by their search attributes: the visibility query and its rows.

What is to be put right stands in the ledger and in the remedy itself: search attributes are stored in
the clear, and its words may be about the customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus

from domain.errors import InvalidCommand
from domain.vocabulary import RemedyState
from engine.search_attributes import CHARTER, HANDLER, MISSED, NEXT_DUE, STAGE, STATE
from starter.contract import REMEDY_KIND_MEMO, REMEDY_TYPE, remedy_of, remedy_workflow_id
from starter.listing import quoted

_SETTLED: Final = (RemedyState.DONE, RemedyState.REFUSED)
# One that is done runs on while its letters are tried again.
_STILL_OWED: Final = f"{STATE.name} IN ('{RemedyState.OWED}', '{RemedyState.ACCEPTED}')"


@dataclass(frozen=True, slots=True)
class RemedyFilters:
    """What to list by; all that are given must hold."""

    charter: str | None = None
    state: str | None = None
    owner: str | None = None
    reference: str | None = None
    overdue: bool = False
    """Whether only those are listed whose date has passed and that are still owed."""
    settled: bool = False
    """Whether those that were done or refused are listed as well."""


@dataclass(frozen=True, slots=True)
class ListedRemedy:
    """One remedy in a list. Instants are UTC."""

    reference: str
    number: int
    kind: str | None
    charter: str | None
    stage: str | None
    state: str | None
    owner: str | None
    next_due: datetime | None
    """When the date passes that the customer waits for; none where none is named any more."""
    missed: int
    """How many of its dates have passed."""
    running: bool

    @property
    def name(self) -> tuple[str, int]:
        """What sorts those that are due together."""
        return self.reference, self.number


def to_remedy_query(filters: RemedyFilters) -> str:
    """The visibility query for these filters. Raises `InvalidCommand` for an impossible value."""
    if filters.state is not None and filters.state not in set(RemedyState):
        raise InvalidCommand(
            f"list: state: there is no state {filters.state!r} of a remedy.",
            f"Allowed: {', '.join(RemedyState)}.",
        )
    settled_too = (filters.settled or filters.state in _SETTLED) and not filters.overdue
    terms = [
        f"WorkflowType = {quoted('WorkflowType', REMEDY_TYPE)}",
        "ExecutionStatus IN ('Running', 'Completed')"
        if settled_too
        else f"ExecutionStatus = 'Running' AND {_STILL_OWED}",
    ]
    exact = (
        ("charter", CHARTER, filters.charter),
        ("state", STATE, filters.state),
        ("owner", HANDLER, filters.owner),
    )
    terms += [
        f"{key.name} = {quoted(name, value)}" for name, key, value in exact if value is not None
    ]
    if filters.overdue:
        terms.append(f"{MISSED.name} > 0")
    if filters.reference is not None:
        beginning = remedy_workflow_id(filters.reference, "")
        terms.append(f"WorkflowId STARTS_WITH {quoted('reference', beginning)}")
    return " AND ".join(terms)


async def to_remedy_row(execution: WorkflowExecution) -> ListedRemedy:
    """The row for one workflow of a list."""
    held = execution.typed_search_attributes
    reference, number = remedy_of(execution.id)
    return ListedRemedy(
        reference=reference,
        number=number,
        kind=await execution.memo_value(REMEDY_KIND_MEMO, None),
        charter=held.get(CHARTER),
        stage=held.get(STAGE),
        state=held.get(STATE),
        owner=held.get(HANDLER),
        next_due=held.get(NEXT_DUE),
        missed=held.get(MISSED) or 0,
        running=execution.status == WorkflowExecutionStatus.RUNNING,
    )
