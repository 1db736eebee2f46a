"""Waiting: what the customer asked for and nobody has answered keeps the complaint open, and staff are asked.

Owns when staff are asked again: on the next working day, then at growing distance, until it is answered.
What waits so is in `policies.windows`. Source: `003_0c0e7b8081a12964.txt` (who is not content says so, and goes on).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from domain import value
from domain.calendar.counting import reminder_day
from domain.calendar.pinned import BeyondCalendar, in_words
from domain.complaint.events import Happened
from domain.complaint.feature import EventSpec, Feature, Timer
from domain.complaint.notify.compose import ask, in_charge
from domain.complaint.notify.facts import day_of
from domain.complaint.notify.offers import reopening
from domain.complaint.policies.after_end import waiting_after_end
from domain.complaint.policies.windows import unanswered
from domain.complaint.state import Complaint
from domain.complaint.values import with_changes
from domain.notices import Notice, NoticeKind


@value(frozen=True, slots=True, kw_only=True)
class AnswerAwaited(Happened):
    """A contact that may ask for the next stage is not answered: staff were asked again."""

    kind: Literal["answer-awaited"] = "answer-awaited"
    contact: int
    ask_on: date | None = None


def next_ask(complaint: Complaint, now: datetime, asked: int) -> date:
    """The working day on which staff are asked next, after so many times."""
    return reminder_day(complaint.rules.calendar, now, asked, first=1)


def _timers(complaint: Complaint) -> Iterator[Timer]:
    for contact in (*unanswered(complaint), *waiting_after_end(complaint)):
        if contact.ask_on:
            with suppress(BeyondCalendar):  # it waits until the calendar is refreshed, and it alone
                yield Timer(
                    complaint.rules.calendar.opening_time(contact.ask_on),
                    f"contact {contact.number} waits for an answer",
                    partial(_asked_again, complaint, contact.number),
                )


def _asked_again(complaint: Complaint, contact: int, *, number: int, at: datetime) -> AnswerAwaited:
    asked = complaint.contact(contact).asked + 1
    ask_on = next_ask(complaint, at, asked)
    return AnswerAwaited(number=number, at=at, contact=contact, ask_on=ask_on)


def _fold(complaint: Complaint, event: AnswerAwaited) -> dict[str, Any]:
    asked = complaint.contact(event.contact).asked + 1
    changes = {"ask_on": event.ask_on, "asked": asked}
    return {"contacts": with_changes(complaint.contacts, event.contact, **changes)}


def _react(complaint: Complaint, event: AnswerAwaited) -> Iterator[Notice]:
    contact = complaint.contact(event.contact)
    following = None if complaint.closed else complaint.rules.next_stage(complaint.stage)
    yield from ask(
        complaint, event, NoticeKind.ANSWER_AWAITED, in_charge(complaint),
        contact_number=event.contact, asks=bool(contact.asks_next_stage),
        received_on=day_of(complaint, contact.received_at).isoformat(),
        to_stage=following.title if following else None, ended=complaint.closed is not None,
        **reopening(complaint, event.at, contact),
    )  # fmt: skip


def _still_waits(complaint: Complaint, event: AnswerAwaited) -> bool:
    waiting = (*unanswered(complaint), *waiting_after_end(complaint))
    return any(each.number == event.contact and each.ask_on == event.ask_on for each in waiting)


def _line(event: AnswerAwaited) -> str:
    again = f"; asked again on {in_words(event.ask_on)}" if event.ask_on else ""
    return f"Contact {event.contact} is not answered: staff were asked{again}."


FEATURE = Feature(
    events={
        AnswerAwaited: EventSpec(
            _line, _fold, _react, owed=(NoticeKind.ANSWER_AWAITED,), stands=_still_waits
        ),
    },
    timers=_timers,
    timers_need="contacts",
    timers_after_end=_timers,
    of_time=(AnswerAwaited,),
)
