"""After the end: what a closed complaint says to whatever comes too late, or came in time and was entered late.

Owns the refusal of a closed complaint, and whether an end by silence was none. Until when it may be reopened
is in `windows`. Source: `003_0c0e7b8081a12964.txt` (the time to go on is the customer's).
"""

from __future__ import annotations

from datetime import datetime

from domain.complaint.policies.windows import reopens_until
from domain.complaint.state import Complaint
from domain.errors import ComplaintClosed
from domain.vocabulary import ClosedHow

BY_SILENCE = frozenset({ClosedHow.WINDOW_CLOSED, ClosedHow.PROCEDURE_ENDED, ClosedHow.NO_ANSWER})
"""The ways to end because nothing was heard."""


def refusal_after_end(complaint: Complaint) -> ComplaintClosed:
    """What a verb hears that a closed complaint does not take."""
    closed = complaint.closed
    when = f" on {closed.at:%d %B %Y} ({closed.how})" if closed else ""
    allowed = (
        "Reopen is possible, for as long as the charter gives."
        if reopens_until(complaint)
        else "Its charter gives no time to reopen it: it stays closed."
    )
    return ComplaintClosed(f"Complaint {complaint.reference} was closed{when}.", allowed)


def was_heard_in_time(complaint: Complaint, said_at: datetime | None) -> bool:
    """Whether it was closed because nothing was heard, and something had come before that (UTC)."""
    closed, reply = complaint.closed, complaint.reply
    if closed is None or closed.how not in BY_SILENCE or said_at is None:
        return False
    return said_at < closed.at and (reply is None or said_at >= reply.at)
