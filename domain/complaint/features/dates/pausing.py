"""Pausing: the clocks that may be paused stand while others check facts, and never beyond a review.

Owns `pause` and `resume`, and how a pause is looked at again and ends by itself; questions to the customer
may pause as well. How far a pause may go is in `pause_limits`.
Source: `000_2dfa29253c41a6cc.txt` (facts may have to be checked with third parties).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.calendar.pinned import in_words
from domain.complaint import values
from domain.complaint.commands import (
    IN_WELSH,
    Command,
    Reason,
    check_ahead,
    check_reason,
    check_said,
)
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Moves, Timer, made, makes
from domain.complaint.features.dates.pause_limits import check_pause
from domain.complaint.notify.compose import ask_reviewer, tell, with_fields
from domain.complaint.policies.suspension import paused, resumed
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind
from domain.vocabulary import HELD, REVIEWER, Role, State
from domain.wire import Day, Line


class Pause(Command):
    """Stop the clocks that may be paused, while others check facts; or renew the pause until another day."""

    verb = "pause"
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)
    review_on: Day = Field(description="When to look at it again: it ends then unless renewed.")
    third_party: Line | None = Field(
        default=None, description="Whom it waits for; the customer is told."
    )
    third_party_cy: Line | None = Field(default=None, description=IN_WELSH)


class Resume(Command):
    """Let the paused clocks run on."""

    verb = "resume"


@value(frozen=True, slots=True, kw_only=True)
class Paused(Happened):
    """The pausable clocks were stopped until facts are checked; `renewed` where they stood already."""

    kind: Literal["paused"] = "paused"
    reason: str
    review_on: date
    third_party: str | None = None
    renewed: bool = False


@value(frozen=True, slots=True, kw_only=True)
class Resumed(Happened):
    """The paused clocks run on."""

    kind: Literal["resumed"] = "resumed"


@value(frozen=True, slots=True, kw_only=True)
class ReviewFellDue(Happened):
    """A pause reached its review date."""

    kind: Literal["review-fell-due"] = "review-fell-due"


@value(frozen=True, slots=True, kw_only=True)
class PauseRanOut(Happened):
    """Nobody renewed a pause by its review: the clocks run on, counted from `since` (UTC)."""

    kind: Literal["pause-ran-out"] = "pause-ran-out"
    since: datetime


def _pause(complaint: Complaint, command: Pause, now: datetime) -> tuple[Any, ...]:
    check_pause(complaint, "review_on", command.review_on, now)
    check_reason(command.reason, "Say what has to be checked; the customer is told.")
    check_said("third_party", command.third_party or "", "Say whom it waits for.")
    check_ahead("review_on", command.review_on, complaint.rules.calendar, now)
    return made(Paused, complaint, command, now, renewed=complaint.pause is not None)


def _timers(complaint: Complaint) -> Iterator[Timer]:
    pause, calendar = complaint.pause, complaint.rules.calendar
    if pause is None:
        return
    if not (pause.asked or pause.request):
        yield Timer(calendar.opening_time(pause.review_on), "review of the pause", ReviewFellDue)
    # Whoever looks at it has that whole day; a customer has it to answer.
    ends = calendar.opening_time(calendar.next_working_day(pause.review_on))
    yield Timer(ends, "the pause ends", partial(PauseRanOut, since=ends))


def _paused(complaint: Complaint, event: Paused) -> dict[str, Any]:
    pause = values.Pause(event.reason, event.review_on, event.third_party)
    clocks = paused(complaint, event.at)
    return {"pause": pause, "pauses": complaint.pauses + 1, "clocks": clocks}


def _resumed(complaint: Complaint, event: Resumed) -> dict[str, Any]:
    return {"pause": None, "clocks": resumed(complaint, event.at)}


def _ran_out(complaint: Complaint, event: PauseRanOut) -> dict[str, Any]:
    return {"pause": None, "clocks": resumed(complaint, event.since)}


def _reviewed(complaint: Complaint, _: ReviewFellDue) -> dict[str, Any]:
    pause = complaint.pause
    return {"pause": replace(pause, asked=True) if pause else None}


def _ask(complaint: Complaint, event: ReviewFellDue) -> Iterator[Notice]:
    pause, terms = complaint.pause, complaint.rules.charter.pausing
    if pause:
        yield from ask_reviewer(
            complaint, event, NoticeKind.REVIEW_DUE, reason=pause.reason,
            third_party=pause.third_party, ends=pause.review_on.isoformat(),
            renewable=bool(terms and complaint.pauses < terms.times),
        )  # fmt: skip


def _tell(complaint: Complaint, event: Paused) -> Iterator[Notice]:
    kind = NoticeKind.STILL_WAITING if event.renewed else NoticeKind.PAUSED
    yield from tell(
        complaint, event, kind, reason=event.reason, third_party=event.third_party,
        review_on=event.review_on.isoformat(),
    )  # fmt: skip


def _line(event: Paused) -> str:
    what, whom = "Still paused" if event.renewed else "Paused", event.third_party
    waits = f", waiting for {whom}" if whom else ""
    return f"{what}{waits}, to be reviewed on {in_words(event.review_on)}. {event.reason}"


FEATURE = Feature(
    commands={
        Pause: CommandSpec((REVIEWER, Role.MANAGER), HELD, (Paused,), _pause, of_feedback=False),
        Resume: CommandSpec((REVIEWER, Role.MANAGER), (State.PAUSED,), (Resumed,), makes(Resumed)),
    },
    events={
        Paused: EventSpec(
            _line, _paused, _tell, owed=(NoticeKind.PAUSED, NoticeKind.STILL_WAITING),
            moves=Moves.PAUSES,
        ),
        Resumed: EventSpec(
            lambda _: "Resumed.", _resumed, with_fields(NoticeKind.RESUMED),
            owed=(NoticeKind.RESUMED,), moves=Moves.RESUMES,
        ),
        ReviewFellDue: EventSpec(
            lambda _: "The pause is due for review; it ends with the day unless it is renewed.",
            _reviewed, _ask, owed=(NoticeKind.REVIEW_DUE,),
            stands=lambda complaint, _: bool(complaint.pause and complaint.pause.asked),
        ),
        PauseRanOut: EventSpec(
            lambda _: "The pause ended at its review: nobody renewed it.", _ran_out,
            with_fields(NoticeKind.RESUMED), owed=(NoticeKind.RESUMED,), moves=Moves.RESUMES,
        ),
    },
    timers=_timers,
    timers_need="pause",
    of_time=(ReviewFellDue, PauseRanOut),
)  # fmt: skip
