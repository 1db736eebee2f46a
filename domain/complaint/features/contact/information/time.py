"""Questions to the customer in time: reminders, notice of a close, and the close itself.

Owns when each falls due. A complaint closes for want of an answer only once the customer has had notice of
it for everything that is open: no question closes it while there is time left for another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from domain.calendar.counting import BeyondCalendar, in_words
from domain.complaint import events as ev
from domain.complaint.feature import Moment
from domain.complaint.features.contact.information import events as info
from domain.complaint.features.contact.information.events import Request, RequestState
from domain.complaint.policies.windows import last_day
from domain.vocabulary import ClosedHow

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def still_open(complaint: Complaint) -> tuple[Request, ...]:
    """The requests whose answer is waited for."""
    return tuple(each for each in complaint.requests if each.state is RequestState.OPEN)


def moments(complaint: Complaint) -> Iterator[Moment]:
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
            yield Moment(closes, f"no answer to request {last.number}", partial(_close, last))


def _until_the_day(complaint: Complaint, request: Request) -> Iterator[Moment]:
    calendar, name = complaint.rules.calendar, f"request {request.number}"
    last = calendar.end_of_day(request.answer_by)
    if request.remind_on and not request.reminded:
        at = calendar.opening_time(request.remind_on)
        yield Moment(at, f"reminder of {name}", partial(_remind, request.number), lapses=last)
    yield Moment(last, f"answer to {name}", partial(_run_out, complaint, request))


def _remind(request: int, number: int, now: datetime) -> Any:
    return info.InformationReminded(number=number, at=now, request=request)


def _run_out(complaint: Complaint, request: Request, number: int, now: datetime) -> Any:
    """Notice of the closing, as long as the charter gives, also where it is noted late."""
    if not request.essential:
        return info.InformationLapsed(number=number, at=now, request=request.number)
    calendar, terms = complaint.rules.calendar, complaint.rules.charter.information
    closes_on = now.date() + timedelta(days=14)
    with suppress(BeyondCalendar):
        # The day that ended the request is over when this falls due at its midnight.
        told_on = max(request.answer_by, calendar.local_day(now) - timedelta(days=1))
        closes_on = last_day(calendar, told_on, terms.close_after.budget)
    return info.InformationOverdue(
        number=number, at=now, request=request.number, closes_on=closes_on
    )


def _close(request: Request, number: int, now: datetime) -> Any:
    return ev.Closed(
        number=number, at=now, how=ClosedHow.NO_ANSWER,
        reason=f"What we asked for by {in_words(request.answer_by)} did not come.",
    )  # fmt: skip
