"""The story that is measured: received, acknowledged, replied, accepted.

Owns what is said in it and who says it. The same words are used on the server and in the core
alone. Must not import `temporalio`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from domain.charter.tables import Charter
from domain.complaint.commands import Actor
from domain.complaint.opening import Opening
from domain.vocabulary import Role

CHARTER: Final = "financial-ombudsman"
STAGE: Final = "manager"
CUSTOMER: Final = Actor(id="customer", name="Ann Price", role=Role.CUSTOMER)
SAID: Final[dict[str, dict[str, Any]]] = {
    "acknowledge": {},
    "reply": {
        "findings": "We found that nobody looked at the file between March and August, and that"
        " two messages were not answered. That is not the service we mean to give.",
        "outcome": "upheld",
        "remedies": ["An apology in writing", "£150 for distress and inconvenience"],
        "heard": ["customer", "staff"],
        "evidence": ["Your letters of March, May and July", "The file, and who had it when"],
        "cause": "workload",
        "changes": ["Somebody looks every week at which files nobody has opened"],
    },
    "accept": {},
}
"""What each verb of the story says beside actor and command id, in order."""


def opening(reference: str, received_at: datetime, **fields: Any) -> Opening:
    """A complaint of ordinary length, received then (UTC)."""
    said: dict[str, Any] = {
        "reference": reference,
        "charter": CHARTER,
        "stage": STAGE,
        "received_at": received_at,
        "channel": "email",
        "about": ["delay", "communication"],
        "details": "I sent in my papers in March and was told that somebody would call me back."
        " Nobody did. I wrote in May and again in July, and got no answer to either letter. In"
        " August I was told that the file had been passed on, but nobody could say to whom.",
        "remedy_sought": "An apology, and an answer.",
        "contact_so_far": "Two letters, in May and in July, and a call in August.",
        "complainant": {"name": "Ann Price", "email": "ann.price@example.org"},
        "subject_case": {"reference": "C-9", "open": True},
    }
    return Opening.model_validate(said | fields)


def reviewer(charter: Charter, stage_id: str) -> Actor:
    """Who acts for the organisation at that stage."""
    role = next(stage.role for stage in charter.stages if stage.id == stage_id)
    return Actor(id=f"the.{role}", name=f"The {role}", role=role or Role.MANAGER)


def actor_of(verb: str, at_stage: Actor) -> Actor:
    """Who sends the verb."""
    return CUSTOMER if verb == "accept" else at_stage
