"""Escalation: the complaint goes up the ladder, one stage at a time.

Owns `escalate`. Source: `003_0c0e7b8081a12964.txt` (the steps of the ladder and their windows).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.notify.compose import ask_reviewer, tell
from domain.complaint.policies.windows import customers_days
from domain.complaint.state import Complaint
from domain.errors import WindowClosed, WrongStage
from domain.notices import Notice, NoticeKind
from domain.vocabulary import CUSTOMER_SIDE, OPEN, ClosedHow, State, Trigger
from domain.wire import Body, Line


class Escalate(Command):
    """Take the complaint to the next stage of the ladder."""

    verb = "escalate"
    to: Line = Field(description="The id of the stage that it goes to.")
    grounds: Body = Field(description="Why the customer goes on.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Happened):
    """The complaint went up to a later stage."""

    kind: Literal["escalated"] = "escalated"
    from_stage: str
    to: str
    grounds: str


def _check_window(complaint: Complaint, _: Escalate) -> None:
    """Raise `WindowClosed` where the complaint has ended because nobody asked in time."""
    closed = complaint.closed
    if closed and closed.how is ClosedHow.WINDOW_CLOSED:
        raise WindowClosed(
            f"The time to take {complaint.reference} further ended on {closed.window_closed}.",
            "A manager can reopen it, where the charter gives time for that.",
        )


def _check_step(complaint: Complaint, to: str) -> None:
    """Raise `WrongStage` if the complaint may not go to that stage now."""
    rules = complaint.rules
    target, following = rules.stage(to), rules.next_stage(complaint.stage)
    if target.external:
        sign = target.signpost
        gate = f" {sign.gate}" if sign and sign.gate else ""
        raise WrongStage(
            f"{target.title} is outside this procedure.{gate}",
            "The customer turns there themselves once the procedure has ended.",
        )
    if following is None or target.id != following.id:
        allowed = f"The next stage is {following.id}." if following else "It is at the last stage."
        raise WrongStage(
            f"{complaint.reference} is at {complaint.stage}, not one before {to}.", allowed
        )
    if complaint.state is not State.REPLIED and not target.entry.before_reply:
        raise WrongStage(
            f"{target.title} looks at a complaint once {complaint.at_stage.title} has replied.",
            "The window opens with the reply.",
        )


def _escalate(complaint: Complaint, command: Escalate, now: datetime) -> tuple[Any, ...]:
    _check_step(complaint, command.to)
    return made(Escalated, complaint, command, now, from_stage=complaint.stage)


def _fold(complaint: Complaint, event: Escalated) -> dict[str, Any]:
    return {
        "stage": event.to,
        "handler": None,
        "acknowledged": False,
        "pause": None,
        "reply": None,
        "handed_back": False,
        "customers_days": customers_days(complaint, event.at),
    }


def _react(complaint: Complaint, event: Escalated) -> Iterator[Notice]:
    title = complaint.rules.stage(event.from_stage).title
    facts = {"grounds": event.grounds, "from_stage_title": title}
    yield from tell(complaint, event, NoticeKind.ESCALATED, **facts)
    yield from ask_reviewer(complaint, event, NoticeKind.STAGE_ENTERED, **facts)


FEATURE = Feature(
    commands={
        Escalate: CommandSpec(
            CUSTOMER_SIDE, OPEN, (Escalated,), _escalate, guard=_check_window, passes_on=True,
        ),
    },
    events={
        Escalated: EventSpec(
            lambda e: f"Escalated from {e.from_stage} to {e.to}: {e.grounds}", _fold, _react,
            owed=(NoticeKind.ESCALATED, NoticeKind.STAGE_ENTERED),
            triggers=(Trigger.ESCALATED, Trigger.STAGE_ENTERED), changes_stage=True,
            public=lambda e: f" to {e.to}",
        ),
    },
)  # fmt: skip
