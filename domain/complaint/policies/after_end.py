"""After the end: what a closed complaint says to whatever comes too late, or came in time and was entered late.

Owns the refusal of a closed complaint, and whether an end by silence was none. Until when it may be reopened
is in `windows`. Source: `003_0c0e7b8081a12964.txt` (the time to go on is the customer's).
"""

from __future__ import annotations

from datetime import datetime

from domain.calendar.pinned import BeyondCalendar, in_words
from domain.complaint.commands import Command
from domain.complaint.policies.windows import (
    end_of,
    has_its_stage,
    last_day,
    last_day_to_reopen,
    reopens_until,
)
from domain.complaint.state import Complaint
from domain.complaint.values import Contact
from domain.errors import ComplaintClosed
from domain.vocabulary import TOO_LATE, ClosedHow

BY_SILENCE = frozenset({ClosedHow.WINDOW_CLOSED, ClosedHow.PROCEDURE_ENDED, ClosedHow.NO_ANSWER})
"""The ways to end because nothing was heard."""


def refusal_after_end(complaint: Complaint) -> ComplaintClosed:
    """What a verb hears that a closed complaint does not take."""
    closed, until = complaint.closed, last_day_to_reopen(complaint)
    when = ""
    if closed:
        closed_on = complaint.rules.calendar.local_day(closed.at)
        when = f" on {in_words(closed_on)} ({closed.how})"
    allowed = "Its charter gives no time to reopen it: it stays closed."
    if closed and until:
        by = " by a manager" if closed.how in TOO_LATE else ""
        allowed = f"It can be reopened{by} until {in_words(until)}."
    into = f" on {closed.into}" if closed and closed.into else ""
    allowed += f" What comes in is put on record all the same{into} (record_contact)."
    return ComplaintClosed(f"Complaint {complaint.reference} was closed{when}.", allowed)


def was_heard_in_time(complaint: Complaint, said_at: datetime | None) -> bool:
    """Whether it was closed because nothing was heard, and something had come before that (UTC)."""
    closed, reply = complaint.closed, complaint.reply
    if closed is None or closed.how not in BY_SILENCE or said_at is None:
        return False
    return said_at < closed.at and (reply is None or said_at >= reply.at)


def refuse_merged(complaint: Complaint, _: Command) -> None:
    """Raise `ComplaintClosed` where another complaint goes on for this one, which takes it in."""
    closed = complaint.closed
    if closed and closed.into:
        raise ComplaintClosed(
            f"Complaint {complaint.reference} goes on as {closed.into}.",
            f"Record it there: on {closed.into}.",
        )


def heard_until(complaint: Complaint) -> datetime | None:
    """Until when (UTC) a closed complaint takes in what comes, or may be reopened; none while open."""
    closed, until = complaint.closed, reopens_until(complaint)
    within, calendar = complaint.rules.heard_within, complaint.rules.calendar
    if closed is None or closed.into or within is None:
        return until
    try:
        ends = end_of(calendar, last_day(calendar, calendar.local_day(closed.at), within))
    except BeyondCalendar:
        ends = end_of(calendar, calendar.last_day)
    return max(ends, until) if until else ends


def waiting_after_end(complaint: Complaint) -> tuple[Contact, ...]:
    """What came in after the end and that nobody has acknowledged or, if it may open it again, answered."""
    closed = complaint.closed
    if not closed:
        return ()
    return tuple(
        each
        for each in complaint.contacts[closed.contacts :]
        if each.asks_next_stage is not False
        and not has_its_stage(complaint, each)
        and (not each.acknowledged or came_to_reopen(complaint, each))
    )


def came_to_reopen(complaint: Complaint, contact: Contact) -> bool:
    """Whether it came after this end, while the complaint could be opened again, and nobody has answered it.

    Letters name the day by which the customer has to say so: it is no matter when somebody acts on it.
    """
    closed, until = complaint.closed, reopens_until(complaint)
    waits = closed and contact.number > closed.contacts and contact.theirs and not contact.answered
    return bool(waits and until and contact.received_at < until)
