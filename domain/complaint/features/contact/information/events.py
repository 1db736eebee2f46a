"""Questions to the customer: what can be asked, what happened, and how a request stands.

Owns the shapes: verbs, events and the value that a complaint keeps. What follows is in `information`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from domain.complaint.commands import Command, Reason
from domain.complaint.events import Happened
from domain.vocabulary import Missing
from domain.wire import Body, Day, Line

Number = Annotated[int, Field(ge=1)]


class RequestState(StrEnum):
    """Where a request for information stands; the last two are final."""

    OPEN = "open"
    ANSWERED = "answered"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Request:
    """One request for information, by its number. Days are local."""

    number: int
    questions: tuple[str, ...]
    missing: tuple[Missing, ...]
    answer_by: date
    remind_on: date | None
    essential: bool
    stops_clock: bool
    state: RequestState = RequestState.OPEN
    reminded: bool = False
    closes_on: date | None = None
    """The last day before the complaint is closed for want of an answer, once that was told."""
    heard: bool = False
    """Whether the customer was heard since they were told that, and a reviewer has to go on."""


class AskInformation(Command):
    """Ask the customer for what is missing; unless it is essential, the work goes on without it."""

    verb = "ask_information"
    questions: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    answer_by: Day | None = Field(default=None, description="left out: as the charter says")
    essential: bool = Field(
        default=True, description="without an answer the complaint is closed, after due notice"
    )
    stops_clock: bool = False


class RecordInformation(Command):
    """The customer has answered what was asked."""

    verb = "record_information"
    summary: Body
    request: Number | None = Field(default=None, description="which; left out: all that are open")


class ReviseInformation(Command):
    """Give the customer until another day to answer or, without a day, take the question back."""

    verb = "revise_information"
    reason: Reason
    answer_by: Day | None = Field(default=None, description="left out: no answer is needed")
    request: Number | None = Field(default=None, description="which, where several are open")


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationAsked(Happened):
    """The customer was asked; `missing` is what the opening lacked, asked for at once."""

    kind: Literal["information-asked"] = "information-asked"
    request: int
    questions: tuple[str, ...]
    missing: tuple[Missing, ...]
    answer_by: date
    remind_on: date | None
    essential: bool
    stops_clock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationReminded(Happened):
    """The customer was reminded that an answer is awaited."""

    kind: Literal["information-reminded"] = "information-reminded"
    request: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationOverdue(Happened):
    """No answer came in time; the customer was told that the complaint closes after `closes_on`."""

    kind: Literal["information-overdue"] = "information-overdue"
    request: int
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationReceived(Happened):
    """The customer answered these requests; with `contact` by an inbound contact."""

    kind: Literal["information-received"] = "information-received"
    requests: tuple[int, ...]
    summary: str
    by_contact: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationLapsed(Happened):
    """No answer came to this request in time, and the work goes on without one."""

    kind: Literal["information-lapsed"] = "information-lapsed"
    request: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationDropped(Happened):
    """These requests need no answer any more: a reply was given, another stage took over or, once, the complaint reopened."""

    kind: Literal["information-dropped"] = "information-dropped"
    requests: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationHeard(Happened):
    """The customer was heard, with no answer to these yet: nothing closes by itself any more."""

    kind: Literal["information-heard"] = "information-heard"
    requests: tuple[int, ...]
    by_contact: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationPostponed(Happened):
    """The customer was given until another day to answer this request."""

    kind: Literal["information-postponed"] = "information-postponed"
    request: int
    answer_by: date
    remind_on: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationWithdrawn(Happened):
    """The question was taken back."""

    kind: Literal["information-withdrawn"] = "information-withdrawn"
    request: int
    reason: str
