"""Reopening: a replied or closed complaint is taken up again, or a window that has closed is opened anew.

Owns `reopen`. Source: `003_0c0e7b8081a12964.txt` (whether to look at what comes too late is for a manager).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import IN_WELSH, Entered, Reason, check_reason
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.features.ending.heard_in_time import TAKEN_UP, taken_up, time_anew
from domain.complaint.notify.compose import ask_reviewer, tell
from domain.complaint.policies.after_end import came_to_reopen, waiting_after_end
from domain.complaint.policies.windows import customers_days, last_day_to_reopen, reopens_until
from domain.complaint.state import Complaint
from domain.errors import ComplaintClosed, WrongRole
from domain.notices import Notice, NoticeKind
from domain.vocabulary import STAFF, TOO_LATE, ClosedHow, Role, State


class Reopen(Entered):
    """Take a replied or closed complaint up again at the stage it stood at."""

    verb = "reopen"
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)


@value(frozen=True, slots=True, kw_only=True)
class Reopened(Happened):
    """The complaint was taken up again at its stage or, if its window had closed, given a new window."""

    kind: Literal["reopened"] = "reopened"
    reason: str
    received_at: datetime | None = None
    """When somebody asked for it, if that was earlier: its clocks count from then."""


def _reopen(complaint: Complaint, command: Reopen, now: datetime) -> tuple[Any, ...]:
    _check(complaint, command, now)
    check_reason(command.reason, "Say why; it goes on record.")
    return made(Reopened, complaint, command, now)


def _answers(complaint: Complaint, _: Reopen) -> tuple[datetime, str]:
    """What is to be looked at again: the end or, where it has not ended, the reply."""
    since = complaint.closed or complaint.reply
    return since.at if since else complaint.opened.received_at, "it was answered or closed"


def _was_asked_in_time(complaint: Complaint) -> bool:
    """Whether something waits that came in time; where it is said when that was, that counts as well."""
    return any(came_to_reopen(complaint, each) for each in waiting_after_end(complaint))


def _check(complaint: Complaint, command: Reopen, now: datetime) -> None:
    """Raise `ComplaintClosed` or `WrongRole` if what is closed may not be reopened (by them)."""
    if complaint.closed is None:
        return
    until = reopens_until(complaint)
    if until is None or (command.acted_at(now) >= until and not _was_asked_in_time(complaint)):
        raise ComplaintClosed(
            f"Complaint {complaint.reference} is closed for good.",
            f"It could be reopened until {last_day_to_reopen(complaint)}. "
            "If that was asked for by then, say when (received_at)."
            if until
            else "Open a new complaint.",
        )
    if complaint.closed.how in TOO_LATE and command.actor.role is not Role.MANAGER:
        raise WrongRole(
            f"{complaint.reference} came too late; whether to look at it all the same is for a manager.",
            f"Roles that may: {Role.MANAGER}.",
        )


def _fold(complaint: Complaint, event: Reopened) -> dict[str, Any]:
    closed = complaint.closed
    reply = complaint.reply
    if closed and closed.how is ClosedHow.WINDOW_CLOSED and reply:
        return time_anew(complaint, reply, event)  # what the customer lacked was the time to go on
    return {
        "closed": None,
        "reply": None,
        "acknowledged": False,
        "customers_days": customers_days(complaint, event.acted_at),
    }


def _react(complaint: Complaint, event: Reopened) -> Iterator[Notice]:
    yield from tell(complaint, event, NoticeKind.REOPENED, reason=event.reason)
    if complaint.reply is None:  # else only the window is open again: the stage has answered
        yield from ask_reviewer(
            complaint, event, NoticeKind.STAGE_ENTERED, grounds=event.reason,
            from_stage_title=complaint.at_stage.title,
        )  # fmt: skip


FEATURE = Feature(
    commands={
        Reopen: CommandSpec(
            STAFF, (State.REPLIED, State.CLOSED), (Reopened,), _reopen, answers=_answers,
        ),
    },
    events={
        Reopened: EventSpec(
            lambda e: f"Reopened: {e.reason}", _fold, _react,
            owed=(NoticeKind.REOPENED, NoticeKind.STAGE_ENTERED),
            triggers=TAKEN_UP, triggered=taken_up,
            since=lambda event: event.acted_at,
        ),
    },
)  # fmt: skip
