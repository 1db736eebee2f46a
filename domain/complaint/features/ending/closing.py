"""Closing: what ends by itself, what an end brings with it, and what the customer is told of each.

Owns the end by time alone and at the opening, the folds and the letters; who ends it is in `by_people`.
Sources: `003_0c0e7b8081a12964.txt` (the time to go on is the customer's), `001_52f8d27437deebc1.txt`
(what is dealt with elsewhere).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from domain.calendar.pinned import in_words
from domain.complaint.commands import Command
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Policy, Timer, following
from domain.complaint.features.ending import by_people
from domain.complaint.features.ending.by_people import Closed
from domain.complaint.features.ending.feedback import thanks
from domain.complaint.notify.compose import as_fact, tell
from domain.complaint.notify.offers import reopen_by, scope_signposts, topic_words
from domain.complaint.policies.windows import (
    ends_at,
    late_since,
    time_to_reopen,
    window_after_reply,
)
from domain.complaint.state import Complaint
from domain.complaint.values import Closing, RequestState, with_changes
from domain.notices import Notice, NoticeKind
from domain.vocabulary import CUSTOMER_SIDE, HELD, OPEN, STAFF, ClosedHow, State, Trigger

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
    ClosedHow.FEEDBACK: NoticeKind.FEEDBACK_THANKS,
}
"""The notice that each way of ending owes the customer."""

_VERBS = {
    ClosedHow.ACCEPTED: "accept",
    ClosedHow.WITHDRAWN: "withdraw",
    ClosedHow.BY_STAFF: "close",
    ClosedHow.MERGED: "merge",
}


# --- what ends by itself ----------------------------------------------------------------------------


def _at_opening(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    """What does not belong here, or comes too late, ends at once."""
    late = late_since(complaint)
    elsewhere = {term.topic for term in complaint.rules.charter.scope}
    if elsewhere.issuperset(complaint.opened.about):
        how, reason = ClosedHow.OUT_OF_SCOPE, "It is dealt with elsewhere."
        return following(Closed, complaint, now, how=how, reason=reason)
    if complaint.feedback:
        wanted = complaint.opened.answer_wanted
        how, reason = ClosedHow.FEEDBACK, "It is feedback, and asks for no answer."
        return () if wanted else following(Closed, complaint, now, how=how, reason=reason)
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


def _after_feedback(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    """What was answered is done with."""
    reason = "The feedback was answered."
    return following(Closed, complaint, now, how=ClosedHow.FEEDBACK, reason=reason)


def _timers(complaint: Complaint) -> Iterator[Timer]:
    ends = ends_at(complaint)
    if ends:
        yield Timer(ends, "the window closes", partial(_ended, complaint))


def _wakes(complaint: Complaint) -> tuple[datetime, ...]:
    ends = ends_at(complaint)
    return (ends,) if ends else ()


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
    contacts = complaint.contacts
    if event.contact:
        contacts = with_changes(contacts, event.contact, acknowledged=True, answered=True)
    until = time_to_reopen(complaint, event.how, event.at)
    closing = Closing(event.at, event.how, event.window_closed, event.into, until, len(contacts))
    return {"closed": closing, "pause": None, "requests": requests, "contacts": contacts}


def _react(complaint: Complaint, event: Closed) -> Iterator[Notice]:
    """How it ended, unless the final reply has said in the same breath that the procedure is over."""
    reply, how = complaint.reply, event.how
    at_once = reply is not None and (reply.number, reply.at) == (event.number - 1, event.at)
    told = (at_once and how is ClosedHow.PROCEDURE_ENDED) or (
        how is ClosedHow.FEEDBACK and complaint.opened.answer_wanted  # the answer was the last word
    )
    if not told:
        yield from tell(complaint, event, CLOSINGS[how], **_facts(complaint, event))


def _facts(complaint: Complaint, event: Closed) -> dict[str, Any]:
    """What a letter about this way of ending says beside what every letter does."""
    how = event.how
    again = {"reopen_by": reopen_by(complaint)}
    if how is ClosedHow.OUT_OF_SCOPE:
        topics = topic_words(complaint.opened.about)
        return {"topics": topics, "further": scope_signposts(complaint)}
    if how in (ClosedHow.WINDOW_CLOSED, ClosedHow.OUT_OF_TIME):
        return again | {"window_closed": as_fact(event.window_closed)}
    if how is ClosedHow.MERGED:
        return again | {"reason": event.reason, "into": event.into}
    if how is ClosedHow.BY_STAFF:
        # A ground is what stands in place of a reply.
        ground = "" if complaint.reply else event.ground or ""
        text = by_people.grounds_of(complaint).get(ground)
        return again | {"reason": event.reason, "ground": text, "findings": event.findings}
    if how is ClosedHow.WITHDRAWN:
        return again | {"reason": event.reason}
    return again | thanks(complaint) if how is ClosedHow.FEEDBACK else again


def _triggered(_: Complaint, event: Closed) -> tuple[Trigger, ...]:
    accepted = event.how is ClosedHow.ACCEPTED
    return (Trigger.CLOSED, Trigger.RESOLVED) if accepted else (Trigger.CLOSED,)


FEATURE = Feature(
    commands={
        by_people.Accept: CommandSpec(
            CUSTOMER_SIDE, (State.REPLIED,), (Closed,), by_people.accept, answers=by_people.answers,
        ),
        by_people.Withdraw: CommandSpec(
            CUSTOMER_SIDE, OPEN, (Closed,), by_people.withdraw, answers=by_people.answers,
        ),
        by_people.Close: CommandSpec(STAFF, OPEN, (Closed,), by_people.close),
        by_people.Merge: CommandSpec(STAFF, HELD, (Closed,), by_people.merge),
    },
    events={
        Closed: EventSpec(
            by_people.line, _fold, _react, owed=tuple(CLOSINGS.values()),
            triggers=(Trigger.CLOSED, Trigger.RESOLVED), triggered=_triggered, public=lambda e: f": {e.how}", verb=lambda e: _VERBS[e.how],
        ),
    },
    policies={
        "reply": Policy((Closed,), _after_last_reply),
        "answer_feedback": Policy((Closed,), _after_feedback),
    },
    timers=_timers,
    timers_need="reply",
    wakes=_wakes,
    of_time=(Closed,),
    of_opening=(Closed,),
    at_opening=_at_opening,
)  # fmt: skip
