"""A charter: one organisation's published standards, as it is written in a charter file.

Owns the shape of the file and what a single value may be. What the values must add up to
(a ladder that can be climbed, promises that can be met) is checked in `charter_check`.
Source of the shape: the five published pages in `PROMISES.md`.
"""

from __future__ import annotations

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from domain.keeping import KeptBy
from domain.vocabulary import Channel, Correspondent, Role, Topic, Trigger
from domain.working_days import Budget, Unit

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
PromiseId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-[0-9]+$")]
Anchor = Annotated[str, StringConstraints(pattern=r"^[a-z-]+$|^met:[A-Z]{2,4}-[0-9]+(/[a-z-]+)?$")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class Term(BaseModel):
    """One table of a charter file: frozen, kebab-case keys, no unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )


class Within(Term):
    """How long a promise or a window lasts: exactly one unit."""

    working_days: Annotated[int, Field(ge=1, le=500)] | None = None
    calendar_days: Annotated[int, Field(ge=1, le=1500)] | None = None
    weeks: Annotated[int, Field(ge=1, le=200)] | None = None
    months: Annotated[int, Field(ge=1, le=48)] | None = None
    end_of_next_working_day: Literal[True] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            msg = "give exactly one of working-days, calendar-days, weeks, months, end-of-next-working-day"
            raise ValueError(msg)
        return self

    @property
    def budget(self) -> Budget:
        """The same as a budget that can be counted."""
        if self.working_days is not None:
            return Budget(Unit.WORKING_DAYS, self.working_days)
        if self.calendar_days is not None:
            return Budget(Unit.CALENDAR_DAYS, self.calendar_days)
        if self.weeks is not None:
            return Budget(Unit.CALENDAR_DAYS, 7 * self.weeks)
        if self.months is not None:
            return Budget(Unit.MONTHS, self.months)
        return Budget(Unit.END_OF_NEXT_WORKING_DAY, 1)


class WarnBefore(Within):
    """How long before the due date staff are warned; `working-days = 0` is that day's opening."""

    working_days: Annotated[int, Field(ge=0, le=500)] | None = None


def _hours(value: object) -> object:
    if isinstance(value, str) and (found := re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", value)):
        return {"open": found[1], "close": found[2]}
    if isinstance(value, str):
        msg = f"{value!r} is not a span of opening hours such as '09:00-17:00'"
        raise ValueError(msg)
    return value


class Hours(Term):
    """Opening hours of one weekday, local time."""

    open: time
    close: time

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.open >= self.close:
            msg = f"opens at {self.open:%H:%M} but closes at {self.close:%H:%M}"
            raise ValueError(msg)
        return self


class ClosureTerm(Term):
    """A day on which this organisation is closed though its region is not."""

    day: date
    reason: Text


class CalendarTerms(Term):
    """Region, time zone, opening hours and the rules by which days are counted."""

    region: str
    time_zone: str = "Europe/London"
    receipt: Literal["same-day", "next-working-day"] = "same-day"
    closed_day: Literal["earlier", "later"] = "earlier"
    hours: Annotated[dict[Weekday, Annotated[Hours, BeforeValidator(_hours)]], Field(min_length=1)]
    closures: tuple[ClosureTerm, ...] = ()


class Signpost(Term):
    """Somewhere else to turn, and the gate one has to pass to get in."""

    name: Text
    text: Text
    gate: Text | None = None
    contact: Text | None = None


class Entry(Term):
    """When a stage may be entered, and until when."""

    within: Within | None = None
    while_case_open: bool = False
    before_reply: bool = False


class ReplyPart(StrEnum):
    """What a charter can demand of a reply."""

    FINDINGS = "findings"
    OUTCOME = "outcome"
    REMEDIES = "remedies"
    NEXT_STEP = "next-step"


class Stage(Term):
    """One rung of the ladder."""

    id: Name
    title: Text
    role: Role | None = None
    entry: Entry = Entry()
    opens: bool = False
    independent: bool = False
    reply: tuple[ReplyPart, ...] = (ReplyPart.FINDINGS, ReplyPart.OUTCOME)
    external: bool = False
    signpost: Signpost | None = None


class ExtensionTerm(Term):
    """How often and how far a due date may be moved; always with a reason, and before it passes."""

    times: Annotated[int, Field(ge=1, le=12)] = 1
    at_most: Within


class LimitTerm(Term):
    """An outer limit that neither pauses nor extensions can move."""

    starts: Literal["received"] = "received"
    within: Within


class Promise(Term):
    """One published commitment that a clock keeps."""

    id: PromiseId
    part: Name | None = None
    text: Text
    source: Text
    starts: Annotated[tuple[Anchor, ...], Field(min_length=1)]
    meets: Annotated[tuple[Trigger, ...], Field(min_length=1)]
    until: tuple[Trigger, ...] = ()
    within: Within
    stages: tuple[Name, ...] = ()
    channels: tuple[Channel, ...] = ()
    correspondents: tuple[Correspondent, ...] = ()
    exempt: tuple[Correspondent, ...] = ()
    warn_before: WarnBefore | None = None
    tell_customer: bool = False
    repeats: bool = False
    restarts: bool = False
    pauses: bool = False
    extension: ExtensionTerm | None = None
    limit: LimitTerm | None = None
    while_deciding: bool | None = None
    after_missed: Within | None = None
    target: Annotated[float, Field(gt=0, le=100)] | None = None

    @property
    def key(self) -> str:
        """`FO-8/reply`: the promise's id, and its part where it has several."""
        return f"{self.id}/{self.part}" if self.part else self.id


class Commitment(Term):
    """One published commitment that a rule of the engine keeps, not a clock."""

    id: PromiseId
    text: Text
    source: Text
    kept_by: KeptBy
    target: Annotated[float, Field(gt=0, le=100)] | None = None


class ScopeTerm(Term):
    """A topic that is not investigated here, and where it is dealt with."""

    topic: Topic
    signpost: Signpost


class ClosingTerms(Term):
    """What happens once the last stage has replied, and after the end.

    `discretion_within` is for a manager who lets somebody in that came too late; left out, it is
    as long as `reopen_within`.
    """

    after_last_reply: Within | None = None
    reopen_within: Within | None = None
    discretion_within: Within | None = None


class ContactTerms(Term):
    """How the customer reaches the organisation; stands on every notice."""

    email: Text
    phone: Text
    address: Text
    hours: Text


class Identity(Term):
    """What the charter is and where it was published."""

    id: Name
    version: Text
    title: Text
    organisation: Text
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]


class Charter(Term):
    """One published standard, complete."""

    charter: Identity
    calendar: CalendarTerms
    contact: ContactTerms
    mailboxes: dict[Role | Literal["post-room"], Text]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, alias="stage")]
    promises: Annotated[tuple[Promise, ...], Field(alias="promise")] = ()
    commitments: Annotated[tuple[Commitment, ...], Field(alias="commitment")] = ()
    scope: tuple[ScopeTerm, ...] = ()
    signposts: Annotated[tuple[Signpost, ...], Field(alias="signpost")] = ()
    closing: ClosingTerms = ClosingTerms()

    @property
    def id(self) -> str:
        """The charter's id."""
        return self.charter.id

    @property
    def version(self) -> str:
        """The charter's version, as published."""
        return self.charter.version
