"""Pausing: the clocks that may be paused stand while facts are checked, and the pause is reviewed.

Owns `pause` and `resume`, and how clocks stand and run on; questions to the customer may stop them as well.
Source: `000_2dfa29253c41a6cc.txt` (facts may have to be checked with third parties).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from pydantic import Field

from domain.calendar.counting import working_days_later
from domain.calendar.pinned import in_words
from domain.complaint import values
from domain.complaint.commands import Command, Reason, check_ahead, check_reason
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Moves, Timer, made, makes
from domain.complaint.notify.compose import ask_reviewer, tell, with_fields
from domain.complaint.policies.suspension import paused, resumed
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind
from domain.vocabulary import REVIEWER, WORKING, Role, State
from domain.wire import Day, Line

REMIND_EVERY = 5
"""Working days after which staff are asked again about a pause whose review date has passed."""


class Pause(Command):
    """Stop the clocks that may be paused, while facts are checked."""

    verb = "pause"
    reason: Reason = Field(description="Why; goes on record.")
    review_on: Day = Field(description="When to look at it again.")
    third_party: Line | None = Field(
        default=None, description="Who is asked; the customer is told for as long as it takes."
    )


class Resume(Command):
    """Let the paused clocks run on."""

    verb = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Happened):
    """The pausable clocks were stopped until facts are checked."""

    kind: Literal["paused"] = "paused"
    reason: str
    review_on: date
    third_party: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Happened):
    """The paused clocks run on."""

    kind: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFellDue(Happened):
    """A pause reached its review date; `next_review` is when staff are asked again."""

    kind: Literal["review-fell-due"] = "review-fell-due"
    next_review: date


def _pause(complaint: Complaint, command: Pause, now: datetime) -> tuple[Any, ...]:
    check_reason(command.reason, "Say what has to be checked, and with whom.")
    check_ahead("review_on", command.review_on, complaint.rules.calendar, now)
    return made(Paused, complaint, command, now)


def _timers(complaint: Complaint) -> Iterator[Timer]:
    if complaint.pause:
        at = complaint.rules.calendar.opening_time(complaint.pause.review_on)
        yield Timer(at, "review of the pause", partial(_review, complaint))


def _review(complaint: Complaint, *, number: int, at: datetime) -> Any:
    again = working_days_later(complaint.rules.calendar, at, REMIND_EVERY)
    return ReviewFellDue(number=number, at=at, next_review=again)


def _paused(complaint: Complaint, event: Paused) -> dict[str, Any]:
    pause = values.Pause(event.reason, event.at, event.review_on, event.third_party)
    return {"pause": pause, "clocks": paused(complaint, event.at)}


def _resumed(complaint: Complaint, event: Resumed) -> dict[str, Any]:
    return {"pause": None, "clocks": resumed(complaint, event.at)}


def _reviewed(complaint: Complaint, event: ReviewFellDue) -> dict[str, Any]:
    pause = complaint.pause
    return {"pause": replace(pause, review_on=event.next_review) if pause else None}


def _ask_and_tell(complaint: Complaint, event: ReviewFellDue) -> Iterator[Notice]:
    pause = complaint.pause
    facts = {
        "reason": pause.reason if pause else "",
        "third_party": pause.third_party if pause else None,
        "next_review": event.next_review.isoformat(),
    }
    yield from ask_reviewer(complaint, event, NoticeKind.REVIEW_DUE, **facts)
    if pause and pause.third_party:  # it drags on, and the customer knows whom it waits for
        yield from tell(complaint, event, NoticeKind.STILL_WAITING, **facts)


FEATURE = Feature(
    commands={
        Pause: CommandSpec((REVIEWER, Role.MANAGER), WORKING, (Paused,), _pause),
        Resume: CommandSpec((REVIEWER, Role.MANAGER), (State.PAUSED,), (Resumed,), makes(Resumed)),
    },
    events={
        Paused: EventSpec(
            lambda e: f"Paused, to be reviewed on {in_words(e.review_on)}. {e.reason}", _paused,
            with_fields(NoticeKind.PAUSED, "reason", "review_on", "third_party"),
            owed=(NoticeKind.PAUSED,), moves=Moves.PAUSES,
        ),
        Resumed: EventSpec(
            lambda _: "Resumed.", _resumed, with_fields(NoticeKind.RESUMED),
            owed=(NoticeKind.RESUMED,), moves=Moves.RESUMES,
        ),
        ReviewFellDue: EventSpec(
            lambda e: f"The pause is due for review; asked again on {in_words(e.next_review)}.",
            _reviewed, _ask_and_tell, owed=(NoticeKind.REVIEW_DUE, NoticeKind.STILL_WAITING),
        ),
    },
    timers=_timers,
    timers_need="pause",
    of_time=(ReviewFellDue,),
)  # fmt: skip
