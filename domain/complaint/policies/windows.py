"""Windows: until when the next step may be asked for, and when a complaint ends by itself.

Sources: `003_0c0e7b8081a12964.txt` for the windows between stages; a window never shrinks for the
customer, so one that would end on a closed day ends on the next working day, at midnight.
"""

from __future__ import annotations

from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from domain.calendar.budget import Budget, Unit
from domain.calendar.pinned import BeyondCalendar, Calendar
from domain.charter.tables import Stage
from domain.complaint.state import Complaint, once
from domain.complaint.values import Contact, Reply
from domain.vocabulary import TOO_LATE


@dataclass(frozen=True, slots=True)
class Window:
    """Between `opens` and `closes` (local days, both included) `stage` may be asked for.

    `closes` is none as long as the open subject case keeps the window open.
    """

    stage: Stage
    opens: date
    closes: date | None


@lru_cache(maxsize=4096)
def last_day(calendar: Calendar, opens: date, budget: Budget) -> date:
    """The last local day of a window; unlike a due date it moves later from a closed day."""
    if budget.unit is Unit.MONTHS:
        day = calendar.add_months(opens, budget.amount)
    elif budget.unit is Unit.CALENDAR_DAYS:
        day = opens + timedelta(days=budget.amount)
    else:
        return calendar.add_working_days(opens, budget.amount)
    return day if calendar.is_working(day) else calendar.next_working_day(day)


def _last_day_long_past(calendar: Calendar, opens: date, budget: Budget) -> date:
    """The same for a window that opened before the calendar begins."""
    if budget.unit is Unit.MONTHS:
        year, month = divmod(opens.year * 12 + opens.month - 1 + budget.amount, 12)
        day = date(year, month + 1, min(opens.day, monthrange(year, month + 1)[1]))
    else:
        # Working days are counted as seven days to five: too few of them are known.
        weeks, days = divmod(budget.amount, 5)
        plain = 7 * weeks + days if budget.unit is Unit.WORKING_DAYS else budget.amount
        day = opens + timedelta(days=plain)
    if day < calendar.first_day or calendar.is_working(day):
        return day
    return calendar.next_working_day(day)


@once
def window_after_reply(complaint: Complaint) -> Window | None:
    """The window to the next stage, or none without a reply or after the last stage."""
    if complaint.reply is None:
        return None
    rules = complaint.rules
    stage = rules.next_stage(complaint.stage)
    if stage is None or stage.entry.within is None:
        return None
    opens = _window_opens(complaint, complaint.reply)
    closes = last_day(rules.calendar, opens, stage.entry.within.budget)
    if stage.entry.while_case_open and complaint.case_open:
        return Window(stage, opens, None)
    if stage.entry.while_case_open and complaint.case_answered_at:
        with suppress(BeyondCalendar):  # answered before the calendar begins: long before the reply
            closes = max(closes, rules.calendar.local_day(complaint.case_answered_at))
    return Window(stage, opens, closes)


def _window_opens(complaint: Complaint, reply: Reply) -> date:
    """The day of the reply, or of the reopening by which a manager gave the window again."""
    return complaint.rules.calendar.local_day(complaint.window_anew or reply.at)


def unanswered(complaint: Complaint) -> tuple[Contact, ...]:
    """What the customer's side asked for and nobody has answered: nothing ends by silence over it.

    That is what asks for the next stage, and after a reply whatever nobody has said does not.
    """
    if not complaint.contacts or complaint.closed:
        return ()
    reply = complaint.reply
    return tuple(
        each
        for each in complaint.contacts
        if each.theirs and not each.answered and _asks(each, reply)
    )


def _asks(contact: Contact, reply: Reply | None) -> bool:
    if contact.asks_next_stage is None:
        return is_since(reply, contact)
    return contact.asks_next_stage


def is_since(reply: Reply | None, contact: Contact) -> bool:
    """Whether the contact came after the reply."""
    if reply is None:
        return False
    return contact.number > reply.contacts and contact.received_at >= reply.at


@once
def ends_at(complaint: Complaint) -> datetime | None:
    """When (UTC) the complaint closes by itself if nothing more is heard, or none.

    None as well while something that was heard waits for its answer.
    """
    return None if unanswered(complaint) else silence_ends_at(complaint)


def silence_ends_at(complaint: Complaint) -> datetime | None:
    """When (UTC) the time for the next step is over, whatever was heard; none where it does not end."""
    if complaint.reply is None or complaint.closed:
        return None
    rules = complaint.rules
    window = window_after_reply(complaint)
    if window:
        return _end_of(rules.calendar, window.closes) if window.closes else None
    if rules.after_last_reply is None:
        return None
    opens = _window_opens(complaint, complaint.reply)
    return _end_of(rules.calendar, last_day(rules.calendar, opens, rules.after_last_reply))


@lru_cache(maxsize=4096)
def _end_of(calendar: Calendar, day: date) -> datetime:
    return calendar.end_of_day(day)


def reopens_until(complaint: Complaint) -> datetime | None:
    """Until when (UTC) a closed complaint may be reopened; none where the charter allows none."""
    rules, closed = complaint.rules, complaint.closed
    if closed is None:
        return None
    within = rules.discretion_within if closed.how in TOO_LATE else rules.reopen_within
    if within is None:
        return None
    calendar = rules.calendar
    try:
        opens = calendar.local_day(closed.at)
        return calendar.end_of_day(last_day(calendar, opens, within))
    except BeyondCalendar:  # as long as can be counted: an end must not depend on later data
        return calendar.end_of_day(calendar.last_day)


def last_day_to_reopen(complaint: Complaint) -> date | None:
    """The last local day on which a closed complaint may be reopened; none as `reopens_until`."""
    until = reopens_until(complaint)
    # It is the midnight that ends the day.
    return complaint.rules.calendar.local_day(until - timedelta(hours=1)) if until else None


def late_since(complaint: Complaint) -> date | None:
    """The last day on which this complaint could have been opened at its stage, if it has passed.

    Source: `003_0c0e7b8081a12964.txt`: at any time while the case is open, or within three months
    of its answer.
    """
    entry = complaint.rules.stage(complaint.stage).entry
    answered = complaint.case_answered_at
    if entry.within is None or answered is None or (entry.while_case_open and complaint.case_open):
        return None
    calendar = complaint.rules.calendar
    if answered.date() < calendar.first_day:
        closes = _last_day_long_past(calendar, answered.date(), entry.within.budget)
    else:
        closes = last_day(calendar, calendar.local_day(answered), entry.within.budget)
    return closes if calendar.local_day(complaint.opened.received_at) > closes else None


def customers_days(complaint: Complaint, at: datetime) -> int:
    """How many whole days it was the customer's turn by then: since the reply, or the closing."""
    since = complaint.reply or complaint.closed
    return complaint.customers_days + (max(0, (at - since.at).days) if since else 0)
