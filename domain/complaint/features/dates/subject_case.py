"""The case that the complaint is about: it is passed to its decision maker, and answered.

Owns `pass_to_decision` and `conclude_case`, and the question to staff whether it is still open, as long as
that alone keeps a complaint waiting. Sources: `001_52f8d27437deebc1.txt` (other updates while an
ombudsman decides), `003_0c0e7b8081a12964.txt` (windows that an open case keeps open).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.calendar.counting import working_days_later
from domain.calendar.pinned import in_words
from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Timer, makes, sets
from domain.complaint.notify.compose import ask_reviewer
from domain.complaint.policies.windows import window_after_reply
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind
from domain.vocabulary import CASEWORK, OPEN, Role, Trigger
from domain.wire import Instant

ASK_EVERY = 20
"""Working days after which staff are asked whether a case that keeps a complaint waiting is still open."""
_WHO = (*CASEWORK, Role.UPSTREAM_APP)


class PassToDecision(Command):
    """The subject case has gone to its decision maker: other update intervals apply."""

    verb = "pass_to_decision"


class ConcludeCase(Command):
    """The subject case was answered: windows that it kept open begin to close."""

    verb = "conclude_case"
    answered_at: Instant = Field(description="When it was answered.")


@value(frozen=True, slots=True, kw_only=True)
class PassedToDecision(Happened):
    """The subject case went to its decision maker."""

    kind: Literal["passed-to-decision"] = "passed-to-decision"


@value(frozen=True, slots=True, kw_only=True)
class CaseConcluded(Happened):
    """The subject case was answered."""

    kind: Literal["case-concluded"] = "case-concluded"
    answered_at: datetime


@value(frozen=True, slots=True, kw_only=True)
class CaseAskedAbout(Happened):
    """An answered complaint waits for as long as its case is open: staff were asked whether it is."""

    kind: Literal["case-asked-about"] = "case-asked-about"
    next_ask: date


def _timers(complaint: Complaint) -> Iterator[Timer]:
    reply, window = complaint.reply, window_after_reply(complaint)
    if reply and window and window.closes is None:
        calendar, asked = complaint.rules.calendar, complaint.case_ask_on
        replied_on = calendar.local_day(reply.at)
        day = (
            asked
            if asked and asked > replied_on
            else working_days_later(calendar, reply.at, ASK_EVERY)
        )
        yield Timer(
            calendar.opening_time(day), "whether the case is open", partial(_ask, complaint)
        )


def _ask(complaint: Complaint, *, number: int, at: datetime) -> CaseAskedAbout:
    again = working_days_later(complaint.rules.calendar, at, ASK_EVERY)
    return CaseAskedAbout(number=number, at=at, next_ask=again)


def _ask_reviewer(complaint: Complaint, event: CaseAskedAbout) -> Iterator[Notice]:
    yield from ask_reviewer(
        complaint, event, NoticeKind.CASE_OPEN, next_ask=event.next_ask.isoformat()
    )


def _still_asked(complaint: Complaint, event: CaseAskedAbout) -> bool:
    window = None if complaint.closed else window_after_reply(complaint)
    return complaint.case_ask_on == event.next_ask and bool(window and window.closes is None)


def _concluded(_: Complaint, event: CaseConcluded) -> dict[str, Any]:
    return {"case_open": False, "case_answered_at": event.answered_at, "deciding": False}


FEATURE = Feature(
    commands={
        PassToDecision: CommandSpec(
            _WHO, OPEN, (PassedToDecision,), makes(PassedToDecision), passes_on=True, of_feedback=False,
        ),
        ConcludeCase: CommandSpec(_WHO, OPEN, (CaseConcluded,), makes(CaseConcluded), passes_on=True),
    },
    events={
        PassedToDecision: EventSpec(
            lambda _: "The case went to its decision maker.", sets(deciding=True),
            triggers=(Trigger.PASSED_TO_DECISION,),
        ),
        CaseConcluded: EventSpec(
            lambda e: f"The case was answered on {in_words(e.answered_at.date())}.", _concluded,
            triggers=(Trigger.CASE_CONCLUDED,),
        ),
        CaseAskedAbout: EventSpec(
            lambda e: f"Asked whether the case is still open; asked again on {in_words(e.next_ask)}.",
            lambda _, e: {"case_ask_on": e.next_ask}, _ask_reviewer, owed=(NoticeKind.CASE_OPEN,),
            stands=_still_asked,
        ),
    },
    timers=_timers,
    timers_need="reply",
    of_time=(CaseAskedAbout,),
)  # fmt: skip
