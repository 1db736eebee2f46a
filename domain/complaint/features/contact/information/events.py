"""Questions to the customer: what can be asked, what happened, and what that changes.

Owns the shapes of verbs and events, the folds, and how clocks stand and run on by them. What follows from a
verb is in `rules`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from domain import value
from domain.clocks.clock import Clock
from domain.complaint.commands import IN_WELSH, Command, Entered, Number, Reason
from domain.complaint.events import Happened
from domain.complaint.feature import Fold
from domain.complaint.notify.recipients import readers
from domain.complaint.policies.suspension import paused, resumed
from domain.complaint.state import Complaint
from domain.complaint.values import Pause, Request, RequestState, with_changes
from domain.vocabulary import Channel, Missing
from domain.wire import Body, Day, Line


class AskInformation(Command):
    """Ask the customer for what is missing; unless it is essential, the work goes on without it."""

    verb = "ask_information"
    questions: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)] = Field(
        description="What the customer is asked."
    )
    questions_cy: Annotated[tuple[Line, ...], Field(max_length=20)] = Field(
        default=(), description=IN_WELSH
    )
    answer_by: Day | None = Field(default=None, description="Left out: as the charter says.")
    essential: bool = Field(
        default=True, description="Without an answer the complaint is closed, after due notice."
    )
    stops_clock: bool = Field(
        default=False,
        description="The clocks that may be paused wait for the answer, where the charter lets them.",
    )


class RecordInformation(Entered):
    """The customer has answered what was asked."""

    verb = "record_information"
    summary: Body = Field(description="The answer.")
    request: Number | None = Field(default=None, description="Which. Left out: all that are open.")
    channel: Channel | None = Field(
        default=None, description="How it came, where the complaint has been answered or closed."
    )


class ReviseInformation(Command):
    """Give the customer until another day to answer or, without a day, take the question back."""

    verb = "revise_information"
    reason: Reason = Field(description="Why; the customer is told.")
    reason_cy: Reason = Field(default="", description=IN_WELSH)
    answer_by: Day | None = Field(
        default=None, description="A later day. Left out: the question is taken back."
    )
    request: Number | None = Field(default=None, description="Which, where several are open.")


@value(frozen=True, slots=True, kw_only=True)
class OfRequest(Happened):
    """What happened to the request of that number within the complaint."""

    request: int


@value(frozen=True, slots=True, kw_only=True)
class InformationAsked(OfRequest):
    """The customer was asked; `missing` is what the opening lacked, asked for at once."""

    kind: Literal["information-asked"] = "information-asked"
    questions: tuple[str, ...]
    missing: tuple[Missing, ...]
    answer_by: date
    remind_on: date | None
    essential: bool
    stops_clock: bool


@value(frozen=True, slots=True, kw_only=True)
class InformationReminded(OfRequest):
    """The customer was reminded that an answer is awaited."""

    kind: Literal["information-reminded"] = "information-reminded"


@value(frozen=True, slots=True, kw_only=True)
class InformationOverdue(OfRequest):
    """No answer came in time; the customer was told that the complaint closes after `closes_on`."""

    kind: Literal["information-overdue"] = "information-overdue"
    closes_on: date


@value(frozen=True, slots=True, kw_only=True)
class InformationReceived(Happened):
    """The customer answered these requests, with `by_contact` in an inbound contact."""

    kind: Literal["information-received"] = "information-received"
    requests: tuple[int, ...]
    summary: str
    by_contact: int | None = None
    received_at: datetime | None = None
    """When the answer came, if it was entered later: what waited for it runs on from then."""


@value(frozen=True, slots=True, kw_only=True)
class InformationLapsed(OfRequest):
    """No answer came to this request in time, and the work goes on without one."""

    kind: Literal["information-lapsed"] = "information-lapsed"


@value(frozen=True, slots=True, kw_only=True)
class InformationDropped(Happened):
    """These need no answer any more: a reply was given, another stage took over, or it was reopened once."""

    kind: Literal["information-dropped"] = "information-dropped"
    requests: tuple[int, ...]


@value(frozen=True, slots=True, kw_only=True)
class InformationHeard(Happened):
    """The customer wrote without answering these: they no longer close the complaint."""

    kind: Literal["information-heard"] = "information-heard"
    requests: tuple[int, ...]
    by_contact: int | None = None
    unread: bool = False
    """Whether nobody had read what came when the time to answer ran out: it may be the answer."""


class Why(StrEnum):
    """Why a question goes on with a letter of its own, where nobody gives a reason."""

    LOST = "lost"
    """What was asked had not arrived."""
    READERS = "readers"
    """Others read it by now."""
    ANSWERED = "answered"
    """What came since, and might have been the answer, has been answered."""


@value(frozen=True, slots=True, kw_only=True)
class InformationPostponed(OfRequest):
    """The customer was given until another day to answer this request, or others came to read it.

    Somebody gave a `reason`, or `why` says it; what was recorded before that was said has neither.
    """

    kind: Literal["information-postponed"] = "information-postponed"
    answer_by: date
    remind_on: date | None
    reason: str
    readers: tuple[str, ...] = ()
    """Those who alone were told, as `readers` names them, where no day changed; else everybody is."""
    why: Why | None = None


@value(frozen=True, slots=True, kw_only=True)
class InformationWithdrawn(OfRequest):
    """The question was taken back."""

    kind: Literal["information-withdrawn"] = "information-withdrawn"
    reason: str


# --- what that changes ------------------------------------------------------------------------------

_REASON = "We wait for the customer's answer to our questions."


def asked(complaint: Complaint, event: InformationAsked) -> dict[str, Any]:
    """One more request; with it the complaint may be paused."""
    request = Request(
        event.request, event.questions, event.missing, event.answer_by, event.remind_on,
        event.essential, event.stops_clock, asked_at=event.at, told_by=(event.number,),
        contacts=len(complaint.contacts), readers=readers(complaint),
        questions_cy=event.said_in_welsh("questions") or (),
    )  # fmt: skip
    changes: dict[str, Any] = {"requests": (*complaint.requests, request)}
    if event.stops_clock:
        changes["pause"] = Pause(_REASON, event.answer_by, request=event.request)
        changes["pauses"] = complaint.pauses + 1
    return changes


def reminded(complaint: Complaint, event: InformationReminded) -> dict[str, Any]:
    """It is reminded of no more."""
    return {"requests": with_changes(complaint.requests, event.request, reminded=True)}


def still_awaited(complaint: Complaint, event: InformationOverdue) -> bool:
    """Whether the complaint still closes on that day unless an answer comes."""
    request = complaint.requests[event.request - 1]
    waits = complaint.closed is None and request.state is RequestState.OPEN
    return waits and request.closes_on == event.closes_on


def overdue(complaint: Complaint, event: InformationOverdue) -> dict[str, Any]:
    """The complaint closes after that day."""
    return {
        "requests": with_changes(
            complaint.requests,
            event.request,
            closes_on=event.closes_on,
            told_by=(event.number,),
            astray=False,
        )
    }


def gone_astray(complaint: Complaint, number: str) -> dict[str, Any]:
    """The letter of that event did not arrive: the questions that it was about close nothing."""
    lost = [each.number for each in complaint.requests if number in map(str, each.told_by)]
    if not lost:
        return {}
    return {"requests": with_changes(complaint.requests, *lost, astray=True, closes_on=None)}


def heard(complaint: Complaint, event: InformationHeard) -> dict[str, Any]:
    """They no longer close the complaint, and wait for the reviewer."""
    requests = with_changes(
        complaint.requests, *event.requests, heard=True, unread=event.unread, closes_on=None
    )
    return {"requests": requests}


def postponed(complaint: Complaint, event: InformationPostponed) -> dict[str, Any]:
    """It has another day and another reminder; a pause that waits for it ends when it would have."""
    request = complaint.requests[event.request - 1]
    changes: dict[str, Any] = {"readers": readers(complaint)}
    if event.readers:
        changes["told_by"] = (*request.told_by, event.number)
    else:
        changes |= {
            "answer_by": event.answer_by, "remind_on": event.remind_on, "reminded": False,
            "closes_on": None, "heard": False, "unread": False,
            "told_by": (event.number,), "astray": False,
            # Who gives more time has read what came; a letter that goes another way reads nothing.
            "contacts": len(complaint.contacts) if event.reason else request.contacts,
        }  # fmt: skip
    return {"requests": with_changes(complaint.requests, event.request, **changes)}


def over(state: RequestState) -> Fold:
    """The requests of the event are over, and so is the pause that waited for one of them."""

    def fold(complaint: Complaint, event: Any) -> dict[str, Any]:
        numbers = _numbers(event)
        requests, pause = with_changes(complaint.requests, *numbers, state=state), complaint.pause
        awaited = pause and pause.request in numbers
        return {"requests": requests, "pause": None if awaited else pause}

    return fold


def _numbers(event: Any) -> tuple[int, ...]:
    one = (InformationLapsed, InformationWithdrawn)
    return (event.request,) if isinstance(event, one) else event.requests


def turned(after: Complaint, event: Any) -> tuple[Clock, ...]:
    """The clocks are paused while an answer is awaited, where the request says so."""
    if isinstance(event, InformationAsked):
        return paused(after, event.at) if event.stops_clock else after.clocks
    stopping = {each.number for each in after.requests if each.stops_clock}
    over_now = not after.pause and stopping & set(_numbers(event))
    return resumed(after, event.acted_at) if over_now else after.clocks
