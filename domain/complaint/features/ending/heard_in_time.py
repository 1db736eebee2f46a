"""Heard in time: a complaint that was closed because nothing was heard goes on, if something had come by then.

Owns that event and its letter. What came is entered by `record_contact` or `escalate`.
Source: `003_0c0e7b8081a12964.txt` (the time to go on is the customer's).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from domain import value
from domain.calendar.pinned import in_words
from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, Policy, following
from domain.complaint.notify.compose import ask_reviewer, tell
from domain.complaint.notify.facts import day_of
from domain.complaint.policies.after_end import was_heard_in_time
from domain.complaint.policies.windows import telling
from domain.complaint.state import Complaint
from domain.complaint.values import Reply
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Trigger


@value(frozen=True, slots=True, kw_only=True)
class HeardInTime(Happened):
    """Something had come before the complaint was closed for want of it: it goes on."""

    kind: Literal["heard-in-time"] = "heard-in-time"
    received_at: datetime


def goes_on(complaint: Complaint, said_at: datetime | None, now: datetime) -> tuple[Any, ...]:
    """The event by which it goes on; none where it is open, or ended in another way."""
    if said_at is None or not was_heard_in_time(complaint, said_at):
        return ()
    return following(HeardInTime, complaint, now, received_at=said_at)


def _by_contact(complaint: Complaint, _: Command, now: datetime) -> tuple[Any, ...]:
    if complaint.closed is None:
        return ()
    contact = complaint.contacts[-1]
    return goes_on(complaint, contact.received_at if contact.theirs else None, now)


def time_anew(complaint: Complaint, reply: Reply, event: Any) -> dict[str, Any]:
    """The fold of an end that was none after a reply: the stage has answered, and the time to go on begins anew."""
    return {"closed": None, "reply": telling(complaint, reply, event.number, event.at)}


def _fold(complaint: Complaint, event: HeardInTime) -> dict[str, Any]:
    if complaint.reply:
        return time_anew(complaint, complaint.reply, event)
    return {"closed": None, "acknowledged": False}


TAKEN_UP = (Trigger.REOPENED, Trigger.STAGE_ENTERED)
"""What begins where the stage takes the complaint up again."""


def taken_up(complaint: Complaint, _: Any) -> tuple[Trigger, ...]:
    """Nothing where the stage has answered, and only the time to go on is there again: nobody has to take up work."""
    return () if complaint.reply else TAKEN_UP


def _react(complaint: Complaint, event: HeardInTime) -> Iterator[Notice]:
    received_on = day_of(complaint, event.received_at).isoformat()
    yield from tell(complaint, event, NoticeKind.HEARD_IN_TIME, received_on=received_on)
    yield from ask_reviewer(
        complaint, event, NoticeKind.OPEN_AGAIN, received_on=received_on,
        contact_number=len(complaint.contacts) or None,
    )  # fmt: skip


FEATURE = Feature(
    events={
        HeardInTime: EventSpec(
            lambda e: (
                f"It goes on: something had come on {in_words(e.received_at.date())}, in time."
            ),
            _fold, _react, owed=(NoticeKind.HEARD_IN_TIME, NoticeKind.OPEN_AGAIN),
            triggers=TAKEN_UP, triggered=taken_up,
            since=lambda event: event.received_at,
        ),
    },
    policies=dict.fromkeys(
        ("record_contact", "record_information"), Policy((HeardInTime,), _by_contact)
    ),
)  # fmt: skip
