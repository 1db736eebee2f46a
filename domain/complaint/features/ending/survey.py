"""The survey: some days after the end, the customer is asked how it was.

Owns when it is owed and its event. The answers come back as a file and are measured, not part of the
complaint. Source: `000_2dfa29253c41a6cc.txt` (satisfaction is published each year).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from domain import value
from domain.calendar.budget import Budget
from domain.calendar.counting import due_day
from domain.calendar.pinned import BeyondCalendar, Calendar
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, Timer, sets
from domain.complaint.notify.compose import write_to
from domain.complaint.notify.offers import for_a_member
from domain.complaint.notify.recipients import customer_side
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import ClosedHow

NOT_ASKED = frozenset(
    {ClosedHow.OUT_OF_SCOPE, ClosedHow.OUT_OF_TIME, ClosedHow.MERGED, ClosedHow.FEEDBACK}
)
"""After these ends nobody is asked: nothing was looked into, or it goes on elsewhere."""


@value(frozen=True, slots=True, kw_only=True)
class SurveyAsked(Happened):
    """The customer was asked how the complaint was dealt with."""

    kind: Literal["survey-asked"] = "survey-asked"


def _timers(complaint: Complaint) -> Iterator[Timer]:
    terms, closed = complaint.rules.charter.survey, complaint.closed
    if terms is None or closed is None or complaint.surveyed or closed.how in NOT_ASKED:
        return
    calendar = complaint.rules.calendar
    try:
        at = _asked_at(calendar, calendar.local_day(closed.at), terms.after.budget)
    except BeyondCalendar:  # nobody is promised a survey: then there is none
        return
    yield Timer(at, "the survey", SurveyAsked)


@lru_cache(maxsize=4096)
def _asked_at(calendar: Calendar, closed_on: date, after: Budget) -> datetime:
    """When (UTC) those whose complaint ended on that day are asked. BeyondCalendar."""
    return calendar.opening_time(due_day(calendar, closed_on, after))


def _react(complaint: Complaint, event: SurveyAsked) -> Iterator[Notice]:
    """The customer's side is asked; a member of a parliament has written for somebody, and is not."""
    terms, asked = complaint.rules.charter.survey, customer_side(complaint)
    if for_a_member(complaint):
        asked = tuple(each for each in asked if each.kind is RecipientKind.CUSTOMER)
    if terms:
        yield from write_to(
            asked, complaint, event, NoticeKind.SURVEY, question=terms.question, where=terms.where
        )


FEATURE = Feature(
    events={
        SurveyAsked: EventSpec(
            lambda _: "The customer was asked how it was.", sets(surveyed=True), _react,
            owed=(NoticeKind.SURVEY,),
        ),
    },
    timers_after_end=_timers,
    of_time=(SurveyAsked,),
)  # fmt: skip
