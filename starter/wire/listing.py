"""How complaints are found by their search attributes: Temporal's visibility query and its rows.

The server's index follows a change after a moment and keeps an order of its own: it is for who has only
Temporal. The ledger lists in order of what is due next, page by page, with what is owed after closing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus

from domain.errors import InvalidCommand
from domain.vocabulary import State, complaint_of
from engine.search_attributes import CHARTER, HANDLER, MISSED, NEXT_DUE, STAGE, STATE
from starter.wire.names import WORKFLOW_TYPE

_LONGEST_VALUE: Final = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What to list by; all that are given must hold. `due_before` must know its time zone."""

    charter: str | None = None
    stage: str | None = None
    state: str | None = None
    due_before: datetime | None = None
    handler: str | None = None
    closed: bool = False
    """Whether complaints that have ended are listed as well."""
    missed: bool = False
    """Whether only those are listed that missed a promise."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One complaint in a list. Instants are UTC."""

    reference: str
    charter: str | None
    stage: str | None
    state: str | None
    handler_id: str | None
    next_due: datetime | None
    missed: int
    running: bool


def to_query(filters: Filters) -> str:
    """The visibility query for these filters.

    Raises `InvalidCommand` for a value that no complaint can have.
    """
    closed_too = filters.closed or filters.state == State.CLOSED
    terms = [f"WorkflowType = {quoted('WorkflowType', WORKFLOW_TYPE)}"]
    # A run that was continued as new is the same complaint: only the last one counts.
    terms.append(
        "ExecutionStatus IN ('Running', 'Completed')"
        if closed_too
        # One that is closed runs on for a while, as something may still come.
        else f"ExecutionStatus = 'Running' AND ({STATE.name} IS NULL OR {STATE.name} != '{State.CLOSED}')"
    )
    if filters.state is not None and filters.state not in set(State):
        raise InvalidCommand(
            f"list: state: there is no state {filters.state!r}.", f"Allowed: {', '.join(State)}."
        )
    exact = (
        ("charter", CHARTER, filters.charter),
        ("stage", STAGE, filters.stage),
        ("state", STATE, filters.state),
        ("handler", HANDLER, filters.handler),
    )
    terms += [
        f"{key.name} = {quoted(name, value)}" for name, key, value in exact if value is not None
    ]
    if filters.due_before is not None:
        terms.append(f"{NEXT_DUE.name} < {quoted('due_before', _instant(filters.due_before))}")
    if filters.missed:
        terms.append(f"{MISSED.name} > 0")
    return " AND ".join(terms)


def quoted(name: str, value: str) -> str:
    """The value as a literal of the query language, which it cannot break out of.

    Raises `InvalidCommand` naming `name` for what the server cannot find: it loses its way in
    backslashes and double quotes, and would answer with an empty list.
    """
    if not 0 < len(value) <= _LONGEST_VALUE or not value.isprintable() or set(value) & {*'\\"'}:
        raise InvalidCommand(
            f"list: {name}: {value[:60]!r} cannot be searched for.",
            f"Allowed: one line of 1 to {_LONGEST_VALUE} characters without backslash and"
            " double quote.",
        )
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def to_row(execution: WorkflowExecution) -> Listed:
    """The row for one workflow of a list."""
    held = execution.typed_search_attributes
    return Listed(
        reference=complaint_of(execution.id) or execution.id,
        charter=held.get(CHARTER),
        stage=held.get(STAGE),
        state=held.get(STATE),
        handler_id=held.get(HANDLER),
        next_due=held.get(NEXT_DUE),
        missed=held.get(MISSED) or 0,
        running=execution.status == WorkflowExecutionStatus.RUNNING,
    )


def _instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise InvalidCommand(
            f"list: due_before: {moment.isoformat()} does not say its time zone.",
            "Allowed: an instant with its offset, such as 2026-10-16T16:00:00+00:00.",
        )
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
