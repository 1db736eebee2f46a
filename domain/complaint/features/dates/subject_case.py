"""The case that the complaint is about: it is passed to its decision maker, and answered.

Owns `pass_to_decision` and `conclude_case`. Sources: `001_52f8d27437deebc1.txt` (other updates while an
ombudsman decides), `003_0c0e7b8081a12964.txt` (windows that an open case keeps open).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain.calendar.pinned import in_words
from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, makes, sets
from domain.complaint.state import Complaint
from domain.vocabulary import OPEN, REVIEWER, Role, Trigger
from domain.wire import Instant

_WHO = (REVIEWER, Role.CASE_HANDLER, Role.UPSTREAM_APP)


class PassToDecision(Command):
    """The subject case has gone to its decision maker: other update intervals apply."""

    verb = "pass_to_decision"


class ConcludeCase(Command):
    """The subject case was answered: windows that it kept open begin to close."""

    verb = "conclude_case"
    answered_at: Instant = Field(description="When it was answered.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedToDecision(Happened):
    """The subject case went to its decision maker."""

    kind: Literal["passed-to-decision"] = "passed-to-decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseConcluded(Happened):
    """The subject case was answered."""

    kind: Literal["case-concluded"] = "case-concluded"
    answered_at: datetime


def _concluded(_: Complaint, event: CaseConcluded) -> dict[str, Any]:
    return {"case_open": False, "case_answered_at": event.answered_at, "deciding": False}


FEATURE = Feature(
    commands={
        PassToDecision: CommandSpec(_WHO, OPEN, (PassedToDecision,), makes(PassedToDecision), passes_on=True),
        ConcludeCase: CommandSpec(_WHO, OPEN, (CaseConcluded,), makes(CaseConcluded), passes_on=True),
    },
    events={
        PassedToDecision: EventSpec(
            lambda _: "The case went to its decision maker.", sets(deciding=True),
            triggers=(Trigger.PASSED_TO_DECISION,),
        ),
        CaseConcluded: EventSpec(
            lambda e: f"The case was answered on {in_words(e.answered_at.date())}.", _concluded,
            triggers=(Trigger.CASE_CONCLUDED,),
        ),
    },
)  # fmt: skip
