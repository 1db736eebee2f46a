"""Owns the names by which a complaint is reached on the wire. Must not import `temporalio`.

They are part of the contract with apps in any language: none of them may be renamed.
"""

from __future__ import annotations

from typing import Final

WORKFLOW_TYPE: Final = "Complaint"
TASK_QUEUE: Final = "complaints"
STATUS_QUERY: Final = "status"
WORKFLOW_ID_PREFIX: Final = "complaint:"
REMEDY_TYPE: Final = "Remedy"
REMEDY_ID_PREFIX: Final = "remedy:"
REMEDY_KIND_MEMO: Final = "kind"
SETTLED_BY: Final = "settled_by"
"""Where the result of a remedy says which command settled it, so that its repeat is known again."""
STILL_OPENING: Final = "opening"
"""The state that the query answers before the complaint has a standing, and nothing else with it."""
DIGEST_MEMO: Final = "opening"
"""The memo that tells a complaint opened twice from two complaints under one reference."""


def workflow_id(reference: str) -> str:
    """The id of the workflow that runs the complaint of this reference."""
    return WORKFLOW_ID_PREFIX + reference


def reference_of(identifier: str) -> str:
    """The reference of the complaint that a workflow of this id runs."""
    return identifier.removeprefix(WORKFLOW_ID_PREFIX)


def remedy_workflow_id(reference: str, number: int | str) -> str:
    """The id of the workflow that runs this remedy of a complaint."""
    return f"{REMEDY_ID_PREFIX}{reference}/{number}"


def remedy_of(identifier: str) -> tuple[str, int]:
    """The reference and the number of the remedy that a workflow of this id runs."""
    reference, _, number = identifier.removeprefix(REMEDY_ID_PREFIX).rpartition("/")
    return reference, int(number)
