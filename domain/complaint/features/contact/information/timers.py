"""Questions to the customer in time: reminders, notice of a close, and the close itself.

Owns when each falls due. A complaint closes for want of an answer only once the customer has had notice of
it for everything that is open: no question closes it while there is time left for another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from domain.calendar.pinned import BeyondCalendar
from domain.complaint.feature import Timer
from domain.complaint.features.contact.information import events as info
from domain.complaint.features.contact.information.questions import still_open, unread
from domain.complaint.features.ending.closing import end_without_answer
from domain.complaint.notify.recipients import reached_on
from domain.complaint.policies.windows import last_day
from domain.complaint.state import Complaint
from domain.complaint.values import Request


def timers(complaint: Complaint) -> Iterator[Timer]:
    """What falls due of the open requests; nothing of those that wait for the reviewer."""
    waiting = () if complaint.reply else still_open(complaint)
    for request in waiting:
        if request.closes_on is None and not request.heard:
            with suppress(BeyondCalendar):
                yield from _until_the_day(complaint, request)
    days = [each.closes_on for each in waiting if each.closes_on]
    if days and len(days) == len(waiting):
        last = max(waiting, key=lambda each: each.closes_on or each.answer_by)
        with suppress(BeyondCalendar):
            closes = complaint.rules.calendar.end_of_day(max(days))
            yield Timer(
                closes,
                f"no answer to request {last.number}",
                partial(end_without_answer, last.answer_by),
            )


def _until_the_day(complaint: Complaint, request: Request) -> Iterator[Timer]:
    calendar, name = complaint.rules.calendar, f"request {request.number}"
    last = calendar.end_of_day(request.answer_by)
    came = unread(complaint, request)
    if request.remind_on and not request.reminded and not came:
        at = calendar.opening_time(request.remind_on)
        remind = partial(info.InformationReminded, request=request.number)
        yield Timer(at, f"reminder of {name}", remind, lapses=last)
    if request.astray and request.essential:
        return  # it is asked again once the customer can be reached
    if came:
        heard = partial(
            info.InformationHeard, requests=(request.number,), by_contact=came.number, unread=True
        )
        yield Timer(last, f"what came since {name} is unread", heard)
    else:
        yield Timer(last, f"answer to {name}", partial(_run_out, complaint, request))


def _run_out(complaint: Complaint, request: Request, *, number: int, at: datetime) -> Any:
    """Notice of the closing; the customer has the charter's full time, also where we are late."""
    if not request.essential:
        return info.InformationLapsed(number=number, at=at, request=request.number)
    calendar, terms = complaint.rules.calendar, complaint.rules.charter.information
    closes_on = at.date() + timedelta(days=14)
    with suppress(BeyondCalendar):
        # The day that ended the request is over when this falls due at its midnight.
        told_on = max(request.answer_by, reached_on(complaint, at - timedelta(seconds=1)))
        closes_on = last_day(calendar, told_on, terms.close_after.budget)
    return info.InformationOverdue(
        number=number, at=at, request=request.number, closes_on=closes_on
    )
