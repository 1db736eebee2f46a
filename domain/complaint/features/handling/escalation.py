"""Escalation: the complaint goes up the ladder, one stage at a time.

Owns `escalate`. Source: `003_0c0e7b8081a12964.txt` (the steps of the ladder and their windows).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.calendar.pinned import in_words
from domain.complaint.commands import RestsOn
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.features.ending.heard_in_time import HeardInTime, goes_on
from domain.complaint.notify.compose import ask_reviewer, tell
from domain.complaint.policies.after_end import refusal_after_end, was_heard_in_time
from domain.complaint.policies.eligibility import rests_on
from domain.complaint.policies.windows import customers_days, unanswered
from domain.complaint.state import Complaint
from domain.complaint.values import Contact, StageRequest, with_changes
from domain.errors import WindowClosed, WrongStage
from domain.notices import Notice, NoticeKind
from domain.vocabulary import ANY, CUSTOMER_SIDE, ClosedHow, Trigger
from domain.wire import Body, Line


class Escalate(RestsOn):
    """Take the complaint to the next stage of the ladder."""

    verb = "escalate"
    to: Line = Field(description="The id of the stage that it goes to.")
    grounds: Body = Field(description="Why the customer goes on.")


@value(frozen=True, slots=True, kw_only=True)
class Escalated(Happened):
    """The complaint went up to a later stage."""

    kind: Literal["escalated"] = "escalated"
    from_stage: str
    to: str
    grounds: str
    received_at: datetime | None = None
    """When it was asked for, if that was earlier: every clock that starts here counts from then."""
    contact: int | None = None
    """The contact in which it was asked for; it is answered by this."""


def _check_window(complaint: Complaint, command: Escalate) -> None:
    """Raise where the complaint has ended, unless this had been asked for in time and was entered late.

    `WindowClosed` where it ended because nobody asked in time, else `ComplaintClosed`.
    """
    closed = complaint.closed
    if closed is None or was_heard_in_time(complaint, command.received_at):
        return
    if closed.how is ClosedHow.WINDOW_CLOSED:
        raise WindowClosed(
            f"The time to take {complaint.reference} further ended on {closed.window_closed}.",
            "If it was asked for by then, say when (received_at). If not, a manager can reopen it, "
            "where the charter gives time for that.",
        )
    raise refusal_after_end(complaint)


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
    if complaint.reply is None and not target.entry.before_reply:
        raise WrongStage(
            f"{target.title} looks at a complaint once {complaint.at_stage.title} has replied.",
            "The window opens with the reply.",
        )


def _escalate(complaint: Complaint, command: Escalate, now: datetime) -> tuple[Any, ...]:
    _check_step(complaint, command.to)
    again = goes_on(complaint, command.received_at, now)
    contact = rests_on(complaint, command) or _asking(complaint, command)
    said = {"contact": contact.number, "received_at": contact.received_at} if contact else {}
    number = complaint.events + 1 + len(again)
    (up,) = made(Escalated, complaint, command, now, from_stage=complaint.stage, **said)
    return (*again, replace(up, number=number))


def _asking(complaint: Complaint, command: Escalate) -> Contact | None:
    """The first contact that asks for the next stage and waits, unless another instant is named."""
    if command.received_at:
        return None
    earliest, _ = _answers(complaint, command)
    asking = (each for each in unanswered(complaint) if each.asks_next_stage)
    return next((each for each in asking if each.received_at >= earliest), None)


def _answers(complaint: Complaint, command: Escalate | Escalated) -> tuple[datetime, str]:
    """The reply that is taken further or, where nobody has to wait for one, how the stage began."""
    target = complaint.rules.stages.get(command.to)
    if complaint.reply and not (target and target.entry.before_reply):
        return complaint.reply.at, f"the reply of {complaint.at_stage.title}"
    if complaint.stage_requests:
        return complaint.stage_requests[-1].received_at, f"it came to {complaint.at_stage.title}"
    return complaint.opened.received_at, "the complaint was received"


def _fold(complaint: Complaint, event: Escalated) -> dict[str, Any]:
    contacts = complaint.contacts
    if event.contact:
        contacts = with_changes(contacts, event.contact, acknowledged=True, answered=True)
    return {
        "contacts": contacts,
        "stage_requests": (*complaint.stage_requests, _request(complaint, event)),
        "stage": event.to,
        "handler": None,
        "acknowledged": False,
        "pause": None,
        "reply": None,
        "handed_back": False,
        "customers_days": customers_days(complaint, event.acted_at),
    }


def _request(complaint: Complaint, event: Escalated) -> StageRequest:
    earliest, _ = _answers(complaint, event)
    return StageRequest(
        event.to, event.number, event.acted_at, event.at, min(earliest, event.acted_at),
        event.contact, len(complaint.contacts),
    )  # fmt: skip


def _triggered(_: Complaint, event: Escalated) -> tuple[Trigger, ...]:
    answered = (Trigger.CONTACT_ANSWERED,) if event.contact else ()
    return (Trigger.ESCALATED, Trigger.STAGE_ENTERED, *answered)


def _line(event: Escalated) -> str:
    earlier = event.received_at and event.received_at.date() < event.at.date()
    asked = f", asked for on {in_words(event.acted_at.date())}" if earlier else ""
    return f"Escalated from {event.from_stage} to {event.to}{asked}: {event.grounds}"


def _react(complaint: Complaint, event: Escalated) -> Iterator[Notice]:
    title = complaint.rules.stage(event.from_stage).title
    facts = {"grounds": event.grounds, "from_stage_title": title}
    yield from tell(complaint, event, NoticeKind.ESCALATED, **facts)
    yield from ask_reviewer(complaint, event, NoticeKind.STAGE_ENTERED, **facts)


FEATURE = Feature(
    commands={
        Escalate: CommandSpec(
            CUSTOMER_SIDE, ANY, (HeardInTime, Escalated), _escalate, guard=_check_window, passes_on=True,
            answers=_answers, of_feedback=False,
        ),
    },
    events={
        Escalated: EventSpec(
            _line, _fold, _react,
            owed=(NoticeKind.ESCALATED, NoticeKind.STAGE_ENTERED),
            triggers=(Trigger.ESCALATED, Trigger.STAGE_ENTERED, Trigger.CONTACT_ANSWERED),
            triggered=_triggered, since=lambda event: event.acted_at, changes_stage=True,
            public=lambda e: f" to {e.to}",
        ),
    },
)  # fmt: skip
