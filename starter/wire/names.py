"""The names by which a complaint is reached on the wire. Must not import `temporalio`.

They are part of the contract with apps in any language: none of them may be renamed.
"""

from __future__ import annotations

from typing import Final

from domain.vocabulary import WORKFLOW_ID_PREFIX

WORKFLOW_TYPE: Final = "Complaint"
TASK_QUEUE: Final = "complaints"
STATUS_QUERY: Final = "status"
EVENTS_QUERY: Final = "events_from"
STILL_OPENING: Final = "opening"
"""The state that the query answers before the complaint has a standing, and nothing else with it."""
DIGEST_MEMO: Final = "opening"
"""The memo that tells a complaint opened twice from two complaints under one reference."""


def workflow_id(reference: str) -> str:
    """The id of the workflow that runs the complaint of this reference."""
    return WORKFLOW_ID_PREFIX + reference


def fairness_key(charter: str) -> str:
    """By what the server shares its work out among organisations: no more than it takes of it."""
    return charter.encode()[:64].decode(errors="ignore")
