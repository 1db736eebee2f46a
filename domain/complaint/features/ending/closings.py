"""What the customer is told when a complaint ends: a notice for each way of ending.

Owns the table and the reaction to the closing. All other reactions are in `reactions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from domain.complaint import events as ev
from domain.complaint.notify.facts import scope_signposts
from domain.complaint.notify.recipients import tell
from domain.complaint.policies.windows import last_day_to_reopen
from domain.notices import Notice, NoticeKind
from domain.vocabulary import ClosedHow, Topic

if TYPE_CHECKING:
    from domain.complaint.state import Complaint

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


def topic_words(topics: tuple[Topic, ...]) -> list[str]:
    """The topics as facts."""
    return [str(topic).replace("-", " ") for topic in topics]


def closed(complaint: Complaint, event: ev.Closed) -> Iterator[Notice]:
    """How it ended, unless the final reply has said so."""
    kind = CLOSINGS[event.how]
    if _told_by_the_reply(complaint, event):
        return
    facts: dict[str, Any] = {}
    if kind is NoticeKind.OUT_OF_SCOPE:
        facts |= {
            "topics": topic_words(complaint.opened.about),
            "further": scope_signposts(complaint),
        }
    elif kind in (NoticeKind.WINDOW_CLOSED, NoticeKind.OUT_OF_TIME):
        facts["window_closed"] = event.window_closed.isoformat() if event.window_closed else None
    elif kind is NoticeKind.MERGED:
        facts |= {"reason": event.reason, "into": event.into}
    elif kind is NoticeKind.NO_ANSWER:
        day = last_day_to_reopen(complaint)
        facts["reopen_by"] = day.isoformat() if day else None
    elif kind in (NoticeKind.WITHDRAWN, NoticeKind.CLOSED):
        facts["reason"] = event.reason
    yield from tell(complaint, event, kind, **facts)


def _told_by_the_reply(complaint: Complaint, event: ev.Closed) -> bool:
    """The final reply has said that the procedure is over, in the same breath."""
    reply = complaint.reply
    at_once = reply is not None and (reply.number, reply.at) == (event.number - 1, event.at)
    return event.how is ClosedHow.PROCEDURE_ENDED and at_once
