"""Closing: how a complaint ends, by whoever ends it, or because nothing more is heard.

Owns `accept`, `withdraw`, `close` and `merge`, the end by time alone, and what the customer is told of each way of
ending. Sources: `003_0c0e7b8081a12964.txt` (the time to go on is the customer's), `001_52f8d27437deebc1.txt`
(what is dealt with elsewhere).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from pydantic import Field

from domain.calendar.pinned import in_words
from domain.complaint.commands import Command, Reason, check_reason
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Policy, Timer, following, made
from domain.complaint.notify.compose import as_fact, tell
from domain.complaint.notify.facts import scope_signposts, topic_words
from domain.complaint.policies.windows import (
    ends_at,
    last_day_to_reopen,
    late_since,
    window_after_reply,
)
from domain.complaint.state import Complaint
from domain.complaint.values import Closing, RequestState, with_changes
from domain.errors import InvalidCommand, WrongRole, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import (
    CUSTOMER_SIDE,
    CUSTOMERS_OWN,
    HELD,
    OPEN,
    STAFF,
    ClosedHow,
    Role,
    State,
    Trigger,
)
from domain.wire import Reference


class Accept(Command):
    """The customer is content with the reply."""

    verb = "accept"


class Withdraw(Command):
    """The customer takes the complaint back."""

    verb = "withdraw"
    reason: Reason = Field(description="Why; goes on record.")


class Close(Command):
    """Close the complaint for a reason that no other verb covers."""

    verb = "close"
    reason: Reason = Field(description="Why; goes on record.")


class Merge(Command):
    """Close this complaint as a duplicate of the one that took it in."""

    verb = "merge"
    into: Reference = Field(description="The complaint that goes on for both.")
    reason: Reason = Field(description="Why; goes on record.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Happened):
    """The complaint ended."""

    kind: Literal["closed"] = "closed"
    how: ClosedHow
    reason: str
    window_closed: date | None = None
    into: str | None = None
    """The complaint that goes on for this one, where they were merged."""


CLOSINGS: dict[ClosedHow, NoticeKind] = {
    ClosedHow.ACCEPTED: NoticeKind.ACCEPTED,
    ClosedHow.WITHDRAWN: NoticeKind.WITHDRAWN,
    ClosedHow.WINDOW_CLOSED: NoticeKind.WINDOW_CLOSED,
    ClosedHow.PROCEDURE_ENDED: NoticeKind.PROCEDURE_ENDED,
    ClosedHow.BY_STAFF: NoticeKind.CLOSED,
    ClosedHow.OUT_OF_SCOPE: NoticeKind.OUT_OF_SCOPE,
    ClosedHow.OUT_OF_TIME: NoticeKind.OUT_OF_TIME,
    ClosedHow.NO_ANSWER: NoticeKind.NO_ANSWER,
    ClosedHow.MERGED: NoticeKind.MERGED,
}
"""The notice that each way of ending owes the customer."""

_SAY_WHY = "Say why; it goes on record."
_VERBS = {
    ClosedHow.ACCEPTED: "accept",
    ClosedHow.WITHDRAWN: "withdraw",
    ClosedHow.BY_STAFF: "close",
    ClosedHow.MERGED: "merge",
}


# --- who ends it ------------------------------------------------------------------------------------


def _accept(complaint: Complaint, command: Accept, now: datetime) -> tuple[Any, ...]:
    _check_heard(complaint, command)
    reason = "The reply was accepted."
    return made(Closed, complaint, command, now, how=ClosedHow.ACCEPTED, reason=reason)


def _withdraw(complaint: Complaint, command: Withdraw, now: datetime) -> tuple[Any, ...]:
    _check_heard(complaint, command)
    check_reason(command.reason, _SAY_WHY)
    return made(Closed, complaint, command, now, how=ClosedHow.WITHDRAWN)


def _close(complaint: Complaint, command: Close, now: datetime) -> tuple[Any, ...]:
    window = window_after_reply(complaint)
    if window and command.actor.role is not Role.ADMINISTRATOR:
        until = f" until {in_words(window.closes)}" if window.closes else ""
        raise WrongRole(
            f"The customer may still ask for {window.stage.title}{until}.",
            f"Roles that may close before that: {Role.ADMINISTRATOR}.",
        )
    check_reason(command.reason, _SAY_WHY)
    return made(Closed, complaint, command, now, how=ClosedHow.BY_STAFF)


def _merge(complaint: Complaint, command: Merge, now: datetime) -> tuple[Any, ...]:
    check_duplicate(complaint, "into", command.into, command.reason)
    return made(Closed, complaint, command, now, how=ClosedHow.MERGED)


def check_duplicate(complaint: Complaint, field_name: str, other: str, reason: str) -> None:
    """Raise `InvalidCommand` for a duplicate of itself, or without a word on how that is known."""
    if other == complaint.reference:
        raise InvalidCommand(f"{field_name}: {other} is this complaint.", "Name the other one.")
    check_reason(reason, "Say how it is known; it goes on record.")


def _check_heard(complaint: Complaint, command: Command) -> None:
    """Raise if staff would end the customer's time after a reply without having heard from them."""
    by_staff = command.actor.role not in CUSTOMERS_OWN
    if complaint.state is State.REPLIED and by_staff and not complaint.heard:
        raise WrongState(
            f"Nothing was heard from the customer on {complaint.reference} since the reply.",
            f"Record what they said first (record_contact), or leave it to them to {command.verb}.",
        )


# --- what ends by itself ----------------------------------------------------------------------------


def _at_opening(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    """What does not belong here, or comes too late, ends at once."""
    late = late_since(complaint)
    elsewhere = {term.topic for term in complaint.rules.charter.scope}
    if elsewhere.issuperset(complaint.opened.about):
        how, reason = ClosedHow.OUT_OF_SCOPE, "It is dealt with elsewhere."
        return following(Closed, complaint, now, how=how, reason=reason)
    if late:
        how = ClosedHow.OUT_OF_TIME
        reason = f"The time to complain about it ended on {in_words(late)}."
        return following(Closed, complaint, now, how=how, reason=reason, window_closed=late)
    return ()


def _after_last_reply(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """The last reply ends the complaint, where the charter gives no time after it."""
    if complaint.rules.next_stage(complaint.stage) or complaint.rules.after_last_reply:
        return ()
    reason = "The last stage of the procedure has replied."
    return following(Closed, complaint, now, how=ClosedHow.PROCEDURE_ENDED, reason=reason)


def _timers(complaint: Complaint) -> Iterator[Timer]:
    ends = ends_at(complaint)
    if ends:
        yield Timer(ends, "the window closes", partial(_ended, complaint))


def _ended(complaint: Complaint, **when: Any) -> Any:
    window = window_after_reply(complaint)
    if window is None:
        reason = "Nothing more was heard after the last reply."
        return Closed(**when, how=ClosedHow.PROCEDURE_ENDED, reason=reason)
    reason = f"The time to ask for {window.stage.title} ended without a request."
    return Closed(**when, how=ClosedHow.WINDOW_CLOSED, reason=reason, window_closed=window.closes)


def end_without_answer(asked_until: date, **when: Any) -> Any:
    """The end for want of an answer, as what a timer makes."""
    reason = f"What we asked for by {in_words(asked_until)} did not come."
    return Closed(**when, how=ClosedHow.NO_ANSWER, reason=reason)


# --- what follows -----------------------------------------------------------------------------------


def _fold(complaint: Complaint, event: Closed) -> dict[str, Any]:
    asked = [each.number for each in complaint.requests if each.state is RequestState.OPEN]
    requests = complaint.requests
    if asked:
        requests = with_changes(requests, *asked, state=RequestState.LAPSED)
    closing = Closing(event.at, event.how, event.window_closed, event.into)
    return {"closed": closing, "pause": None, "requests": requests}


def _react(complaint: Complaint, event: Closed) -> Iterator[Notice]:
    """How it ended, unless the final reply has said in the same breath that the procedure is over."""
    reply, how = complaint.reply, event.how
    at_once = reply is not None and (reply.number, reply.at) == (event.number - 1, event.at)
    if not (at_once and how is ClosedHow.PROCEDURE_ENDED):
        yield from tell(complaint, event, CLOSINGS[how], **_facts(complaint, event))


def _facts(complaint: Complaint, event: Closed) -> dict[str, Any]:
    """What a letter about this way of ending says beside what every letter does."""
    how = event.how
    if how is ClosedHow.OUT_OF_SCOPE:
        topics = topic_words(complaint.opened.about)
        return {"topics": topics, "further": scope_signposts(complaint)}
    if how in (ClosedHow.WINDOW_CLOSED, ClosedHow.OUT_OF_TIME):
        return {"window_closed": as_fact(event.window_closed)}
    if how is ClosedHow.MERGED:
        return {"reason": event.reason, "into": event.into}
    if how is ClosedHow.NO_ANSWER:
        return {"reopen_by": as_fact(last_day_to_reopen(complaint))}
    return {"reason": event.reason} if how in (ClosedHow.WITHDRAWN, ClosedHow.BY_STAFF) else {}


FEATURE = Feature(
    commands={
        Accept: CommandSpec(CUSTOMER_SIDE, (State.REPLIED,), (Closed,), _accept),
        Withdraw: CommandSpec(CUSTOMER_SIDE, OPEN, (Closed,), _withdraw),
        Close: CommandSpec(STAFF, OPEN, (Closed,), _close),
        Merge: CommandSpec(STAFF, HELD, (Closed,), _merge),
    },
    events={
        Closed: EventSpec(
            lambda e: f"Closed ({e.how}): {e.reason}", _fold, _react, owed=tuple(CLOSINGS.values()),
            triggers=(Trigger.CLOSED,), public=lambda e: f": {e.how}", verb=lambda e: _VERBS[e.how],
        ),
    },
    policies={"reply": Policy((Closed,), _after_last_reply)},
    timers=_timers,
    timers_need="reply",
    of_time=(Closed,),
    of_opening=(Closed,),
    at_opening=_at_opening,
)  # fmt: skip
