"""Windows: until when the next step may be asked for, and when a complaint ends by itself.

Sources: `003_0c0e7b8081a12964.txt` for the windows between stages, which count from the day on which
a letter reaches the customer. A window ends on the day that a letter named and on no other: it never
shrinks, and one that would end on a closed day ends on the next working day, at midnight.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from domain import value
from domain.calendar.budget import IN_WORKING_DAYS, Budget, Unit
from domain.calendar.counting import Skipped, explain
from domain.calendar.months import months_later
from domain.calendar.pinned import BeyondCalendar, Calendar
from domain.charter.tables import Stage
from domain.clocks.proof import count_facts
from domain.complaint.notify.recipients import reached_on
from domain.complaint.state import Complaint, once
from domain.complaint.values import Contact, Reply
from domain.vocabulary import TOO_LATE, ClosedHow


@value(frozen=True, slots=True)
class Window:
    """From the reply until `closes` (a local day, included) `stage` may be asked for.

    `closes` is none as long as nobody was told a last day: the open subject case keeps the window
    open, or the letter that told it did not arrive.
    """

    stage: Stage
    closes: date | None
    budget: Budget
    while_case_open: bool


@lru_cache(maxsize=4096)
def last_day(calendar: Calendar, opens: date, budget: Budget) -> date:
    """The last local day of a window; unlike a due date it moves later from a closed day."""
    day = _whole(calendar, opens, budget)
    return day if calendar.is_working(day) else calendar.next_working_day(day)


def _whole(calendar: Calendar, opens: date, budget: Budget) -> date:
    """The day on which the budget is used up, be it closed."""
    if budget.unit in IN_WORKING_DAYS:
        return calendar.add_working_days(opens, budget.amount)
    if budget.unit is Unit.MONTHS:
        return calendar.add_months(opens, budget.amount)
    return opens + timedelta(days=budget.amount)


def _last_day_long_past(calendar: Calendar, opens: date, budget: Budget) -> date:
    """The same for a window that opened before the calendar begins."""
    if budget.unit is Unit.MONTHS:
        day = months_later(opens, budget.amount)
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
    stage = complaint.rules.next_stage(complaint.stage)
    if stage is None or stage.entry.within is None:
        return None
    kept_open = complaint.reply.until is None and _kept_open(complaint, stage)
    return Window(stage, complaint.reply.until, stage.entry.within.budget, kept_open)


def telling(complaint: Complaint, reply: Reply, event: int, sent_at: datetime) -> Reply:
    """The reply with the last day that the letter of that event tells, sent then (UTC). Raises `BeyondCalendar`."""
    return replace(reply, **as_told(complaint, event, sent_at), astray="", ask_on=None, asked=0)


def as_told(complaint: Complaint, event: int, sent_at: datetime) -> dict[str, Any]:
    """What a reply keeps of a letter that tells the last day, sent then (UTC) by that event.

    The customer has the charter's full time from the day on which it reaches them. Raises
    `BeyondCalendar`.
    """
    opens, budget = reached_on(complaint, sent_at), time_after_reply(complaint)
    posted = opens != complaint.rules.calendar.local_day(sent_at)
    stage = complaint.rules.next_stage(complaint.stage)
    until = None
    if budget and not (stage and _kept_open(complaint, stage)):
        until = last_day(complaint.rules.calendar, opens, budget)
    return {"told_by": event, "reached_on": opens, "posted": posted, "until": until}


def time_after_reply(complaint: Complaint) -> Budget | None:
    """How long the customer can go on after a reply at this stage, before silence ends it."""
    stage = complaint.rules.next_stage(complaint.stage)
    if stage and stage.entry.within:
        return stage.entry.within.budget
    return complaint.rules.after_last_reply


def _kept_open(complaint: Complaint, stage: Stage) -> bool:
    return stage.entry.while_case_open and complaint.case_open


def proof_of_window(complaint: Complaint) -> dict[str, Any] | None:
    """How the last day after the reply was counted, as facts; none without one, or where rules have changed since.

    Letters share it: nobody may change it.
    """
    reply, budget = complaint.reply, time_after_reply(complaint)
    if reply is None or reply.until is None or reply.reached_on is None or budget is None:
        return None
    return _proof(complaint.rules.calendar, reply.reached_on, reply.until, budget)


@lru_cache(maxsize=4096)
def _proof(calendar: Calendar, opens: date, until: date, budget: Budget) -> dict[str, Any] | None:
    if last_day(calendar, opens, budget) != until:
        return None
    count = explain(calendar, opens, until, budget)
    whole = _whole(calendar, opens, budget)
    why = calendar.why_closed(whole)
    moved = Skipped(whole, why) if why and whole != until else None
    return count_facts(replace(count, moved_from=moved))


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
        if each.theirs
        and not each.answered
        and _asks(each, reply)
        and not has_its_stage(complaint, each)
    )


def has_its_stage(complaint: Complaint, contact: Contact) -> bool:
    """Whether it asked for the next stage, and that has come: whoever sent it may still have an answer to come."""
    requests = complaint.stage_requests
    return bool(contact.asks_next_stage and requests and contact.number <= requests[-1].contacts)


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
    if complaint.reply is None or unanswered(complaint):
        return None
    return silence_ends_at(complaint)


def silence_ends_at(complaint: Complaint) -> datetime | None:
    """When (UTC) the time for the next step is over, whatever was heard; none where it does not end."""
    if complaint.reply is None or complaint.closed or complaint.reply.until is None:
        return None
    return end_of(complaint.rules.calendar, complaint.reply.until)


@lru_cache(maxsize=4096)
def end_of(calendar: Calendar, day: date) -> datetime:
    """The UTC instant of the local midnight that ends the day: complaints of one day share it. BeyondCalendar."""
    return calendar.end_of_day(day)


def reopens_until(complaint: Complaint) -> datetime | None:
    """Until when (UTC) a closed complaint may be reopened; none where the charter allows none."""
    return complaint.closed.reopens_until if complaint.closed else None


def time_to_reopen(complaint: Complaint, how: ClosedHow, at: datetime) -> datetime | None:
    """The same for a complaint that ends then: counted from when the letter that says so arrives.

    It is kept with the end, so that no change of rules takes it away.
    """
    rules = complaint.rules
    if how is ClosedHow.FEEDBACK:
        return None
    within = rules.discretion_within if how in TOO_LATE else rules.reopen_within
    if within is None:
        return None
    calendar = rules.calendar
    try:
        return end_of(calendar, last_day(calendar, reached_on(complaint, at), within))
    except BeyondCalendar:  # as long as can be counted: an end must not depend on later data
        last = calendar.end_of_day(calendar.last_day)
        return last if last > at else None


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
        try:
            closes = last_day(calendar, calendar.local_day(answered), entry.within.budget)
        except BeyondCalendar:  # its end lies past every known day: nobody is too late yet
            return None
    return closes if calendar.local_day(complaint.opened.received_at) > closes else None


def customers_days(complaint: Complaint, at: datetime) -> int:
    """How many whole days it was the customer's turn by then: since the reply, or the closing."""
    since = complaint.reply or complaint.closed
    return complaint.customers_days + (max(0, (at - since.at).days) if since else 0)
