"""While contact is limited, what the customer sends is one thing: answered together, by one clock.

Owns which contacts those are and the clock that replaces those by channel. Who may limit contact, and for
how long, is in `people.restriction`. Source: `004_223f6b270ec16c9f.txt` (contact may be limited).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from domain.calendar.interval import Interval
from domain.charter.rules import PromiseRule
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of
from domain.clocks.transitions import end
from domain.complaint.contact_limits import answer_period
from domain.complaint.policies.applicability import applies
from domain.complaint.policies.suspension import started
from domain.complaint.state import Complaint
from domain.complaint.values import Contact
from domain.vocabulary import FromWhom, Trigger


def period_of(complaint: Complaint) -> Interval | None:
    """In how long what the customer sends is answered once, while contact is limited so."""
    return answer_period(complaint.restriction.limits) if complaint.restriction else None


def waiting_together(complaint: Complaint) -> tuple[Contact, ...]:
    """The contacts that wait to be answered together."""
    return tuple(each for each in complaint.contacts if each.together and not each.answered)


def gathered(complaint: Complaint) -> tuple[int, ...]:
    """The numbers of the contacts that a limit, as it begins, has answered together."""
    return tuple(
        each.number
        for each in complaint.contacts
        if not each.answered and each.from_whom is FromWhom.CUSTOMER and not each.together
    )


def together(
    complaint: Complaint, event: Any, contact: Contact, clocks: Iterable[Clock],
    since: datetime | None = None,
) -> tuple[Clock, ...]:  # fmt: skip
    """The clock for everything that waits: none where one runs, or nothing is promised of contacts."""
    period = period_of(complaint)
    if period is None or any(clock.live and clock.together for clock in clocks):
        return ()
    rule = _rule_for(complaint, contact)
    if rule is None:
        return ()
    clock = started(complaint, rule, event, since=since, arrived=True)
    return (clock.changed(budget=period.budget, together=True, service=None),)


def turned(complaint: Complaint, event: Any) -> tuple[Clock, ...]:
    """What is answered together from now on has one clock in place of those by channel."""
    waiting = waiting_together(complaint)
    if not waiting:
        return complaint.clocks
    numbers = {each.number for each in waiting}
    clocks = tuple(
        end(clock, ClockState.STOPPED, event.at, complaint.rules)
        if clock.live and clock.contact in numbers
        else clock
        for clock in complaint.clocks
    )
    return (*clocks, *together(complaint, event, waiting[0], clocks))


def _rule_for(complaint: Complaint, contact: Contact) -> PromiseRule | None:
    """The promise by channel that it replaces: to answer if there is one, else to acknowledge."""
    starting = complaint.rules.starting.get(Trigger.CONTACT_RECEIVED, ())
    found = [rule for rule in starting if applies(complaint, rule, contact)]
    answers = [rule for rule in found if Trigger.CONTACT_ACKNOWLEDGED not in rule.meets]
    return next(iter((*answers, *found)), None)


def answered_by(complaint: Complaint) -> date | None:
    """The day by which everything that waits is answered, together; none where nothing waits."""
    for clock in complaint.clocks:
        if clock.running and clock.together:
            return due_of(clock, complaint.rules).known
    return None
