"""Feedback: somebody tells us how it was and complains of nothing; it is recorded, thanked for, and answered if it asks.

Owns `answer_feedback`, and what becomes of an opening that is about feedback alone. That it ends at once
where no answer is wanted is `ending.closing`'s. Sources: `000_2dfa29253c41a6cc.txt` (we act on feedback and
comments), `004_223f6b270ec16c9f.txt` (how we handle feedback about our service).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.complaint.commands import IN_WELSH, Command, check_said
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, following, made, sets
from domain.complaint.features.handling.receiving import tell_of_feedback
from domain.complaint.notify.compose import tell, with_fields
from domain.complaint.policies.applicability import unkept_interval
from domain.complaint.state import Complaint
from domain.errors import WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import REVIEWER, WORKING, Trigger
from domain.wire import Body


class AnswerFeedback(Command):
    """Answer feedback that asks for an answer; that ends it."""

    verb = "answer_feedback"
    answer: Body = Field(description="The answer; it is sent.")
    answer_cy: Body = Field(default="", description=IN_WELSH)


@value(frozen=True, slots=True, kw_only=True)
class FeedbackThanked(Happened):
    """Somebody who wants an answer to their feedback was thanked for it, and told by when it comes."""

    kind: Literal["feedback-thanked"] = "feedback-thanked"


@value(frozen=True, slots=True, kw_only=True)
class FeedbackAnswered(Happened):
    """Feedback was answered."""

    kind: Literal["feedback-answered"] = "feedback-answered"
    answer: str


def _at_opening(complaint: Complaint, now: datetime) -> tuple[Any, ...]:
    waits = complaint.feedback and complaint.closed is None
    return following(FeedbackThanked, complaint, now) if waits else ()


def _answer(complaint: Complaint, command: AnswerFeedback, now: datetime) -> tuple[Any, ...]:
    if not complaint.feedback:
        raise WrongState(
            f"{complaint.reference} is a complaint, and no feedback.", "Answer it with reply."
        )
    check_said("answer", command.answer, "Say what the customer is to read.")
    return made(FeedbackAnswered, complaint, command, now)


def _thank(complaint: Complaint, event: FeedbackThanked) -> Iterator[Notice]:
    yield from tell(complaint, event, NoticeKind.FEEDBACK_THANKS, **thanks(complaint))
    yield from tell_of_feedback(complaint, event)


def thanks(complaint: Complaint) -> dict[str, Any]:
    """What the letter of thanks says of what comes next: an answer or none, and no news at an interval."""
    wish, waits = unkept_interval(complaint), complaint.closed is None
    return {"answer_wanted": waits, "unkept_interval": wish.as_fact() if wish else None}


def _nothing_next(_: Complaint, __: FeedbackAnswered) -> dict[str, Any]:
    """The answer is the last word: what it was waited for has come."""
    return {"next_step": {"kind": "remedy-settled"}, "due": None, "proof": None}


FEATURE = Feature(
    commands={
        AnswerFeedback: CommandSpec((REVIEWER,), WORKING, (FeedbackAnswered,), _answer),
    },
    events={
        FeedbackThanked: EventSpec(
            lambda _: "Thanked for the feedback, which asks for an answer.",
            sets(acknowledged=True), _thank, owed=(NoticeKind.FEEDBACK_THANKS, NoticeKind.NEW_FEEDBACK),
            triggers=(Trigger.ACKNOWLEDGED,),
        ),
        FeedbackAnswered: EventSpec(
            lambda e: f"Feedback answered: {e.answer}",
            react=with_fields(NoticeKind.FEEDBACK_ANSWER, "answer", facts=_nothing_next),
            owed=(NoticeKind.FEEDBACK_ANSWER,), triggers=(Trigger.REPLIED,),
        ),
    },
    of_opening=(FeedbackThanked,),
    at_opening=_at_opening,
)  # fmt: skip
