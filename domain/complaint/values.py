"""The values that a complaint keeps: contacts, questions, appointments, remedies, what was said and done.

Owns their shapes, as plain frozen data. What makes and changes them is with each feature.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from domain import value
from domain.vocabulary import (
    Channel,
    ClosedHow,
    ContactKind,
    FromWhom,
    Missing,
    Outcome,
    RemedyKind,
    RemedyState,
    Role,
)
from domain.wire import Person


@value(frozen=True, slots=True)
class Reply:
    """The answer that was given at the present stage: by event `number`, at an instant (UTC)."""

    number: int
    at: datetime
    outcome: Outcome
    contacts: int = 0
    """How many contacts were on record by then: later ones may be about it."""
    said: Any = None
    """The event itself, for when its letter has to be sent again."""
    letter: int = 0
    """The event whose letter was the reply itself: the latest, where it was sent again."""
    told_by: int = 0
    """The event whose letter told until when the customer can go on: the reply or a later one."""
    reached_on: date | None = None
    """The local day on which that letter reaches the customer; the time counts from it."""
    posted: bool = False
    """Whether it went otherwise than by e-mail."""
    until: date | None = None
    """The last local day that it named; none while an open subject case keeps the time open."""
    unread: bool = False
    """Whether the reply itself has not reached the customer."""
    astray: str = ""
    """The notice that did not reach the customer, if none has since: no time runs from it."""
    ask_on: date | None = None
    """When staff are asked again to put right how they are reached."""
    asked: int = 0  # how often they were
    readers: tuple[str, ...] = ()  # whom it was sent to


@value(frozen=True, slots=True)
class Closing:
    """How and when (UTC) the complaint ended."""

    at: datetime
    how: ClosedHow
    window_closed: date | None = None
    """The last day of the window that nobody used."""
    into: str | None = None
    """The complaint that goes on for this one, where they were merged."""
    reopens_until: datetime | None = None
    """Until when (UTC) it may be reopened; none where the charter allowed none."""
    contacts: int = 0
    """How many contacts were on record at the end: what has a later number came after it."""


@value(frozen=True, slots=True)
class Contact:
    """One inbound contact on the complaint."""

    number: int
    channel: Channel
    from_whom: FromWhom
    received_at: datetime
    acknowledged: bool = False
    answered: bool = False
    kind: ContactKind | None = None
    together: bool = False  # answered with what else comes while contact is limited
    limited: bool = False
    """Whether it came by a channel that was closed to the customer; it counts all the same."""
    after_end: bool = False
    """Whether it came in when the complaint was closed."""
    theirs: bool = False
    """Whether it is the word of the customer's side."""
    asks_next_stage: bool | None = None
    """Whether it asks for the next stage; none where nobody has said."""
    ask_on: date | None = None
    """When staff are asked (again) to deal with it, if it keeps the complaint open."""
    asked: int = 0  # how often they were
    who: str | None = None
    """The name of the representative who wrote, where that was said."""
    called: bool = False  # whether whoever left it was reached by telephone


@value(frozen=True, slots=True)
class StageRequest:
    """How a later stage was asked for: by event `number`, and from when (UTC) its clocks count."""

    stage: str
    number: int
    received_at: datetime
    noted_at: datetime
    earliest: datetime
    """When what it answers was: it cannot have come before."""
    contact: int | None = None
    """The contact in which it came."""
    contacts: int = 0  # on record by then: those that asked for the next stage have it


@value(frozen=True, slots=True)
class Pause:
    """Why the complaint is paused, and when the pause is looked at again."""

    reason: str
    review_on: date
    third_party: str | None = None
    request: int | None = None
    """The request for information whose answer is awaited."""
    asked: bool = False
    """Whether staff were asked to look at it again; it ends with that day."""


@value(frozen=True, slots=True)
class Reason:
    """Why dates were missed, as last told at an instant (UTC); `ahead` are clocks that it spoke of in time."""

    at: datetime
    text: str
    ahead: frozenset[str] = frozenset()
    text_cy: str = ""
    """The same in Welsh, where it was given."""
    number: int = 0  # of its event: what is entered after that it does not explain


class RequestState(StrEnum):
    """Where a request for information stands; the last two are final."""

    OPEN = "open"
    ANSWERED = "answered"
    LAPSED = "lapsed"


@value(frozen=True, slots=True)
class Request:
    """One request for information, by its number. Days are local."""

    number: int
    questions: tuple[str, ...]
    missing: tuple[Missing, ...]
    answer_by: date
    remind_on: date | None
    essential: bool
    stops_clock: bool
    asked_at: datetime
    state: RequestState = RequestState.OPEN
    reminded: bool = False
    closes_on: date | None = None
    """The last day before the complaint is closed for want of an answer, once that was told."""
    heard: bool = False
    """Whether the customer was heard since they were told that, and a reviewer has to go on."""
    questions_cy: tuple[str, ...] = ()
    """The questions in Welsh, where they were given so."""
    unread: bool = False
    """Whether it waits only until somebody has answered what came since; then it goes on by itself."""
    told_by: tuple[int, ...] = ()
    """The events whose letters told by when the answer is awaited, or when the complaint closes."""
    astray: bool = False
    """Whether one of them did not reach its reader: nothing closes for want of this answer."""
    contacts: int = 0
    """How many contacts were on record when it was asked, or asked anew: what came later may be the answer."""
    readers: tuple[str, ...] = ()  # whom it was sent to


class AppointmentState(StrEnum):
    """Where an appointment stands; the last three are final."""

    REQUESTED = "requested"
    ARRANGED = "arranged"
    HELD = "held"
    NOT_ATTENDED = "not-attended"
    CANCELLED = "cancelled"


@value(frozen=True, slots=True)
class Appointment:
    """One appointment, by its number. Instants are UTC, days local."""

    number: int
    about: str
    requested_at: datetime
    with_whom: str | None = None
    state: AppointmentState = AppointmentState.REQUESTED
    at: datetime | None = None
    officer: Person | None = None
    place: str | None = None
    arranged_at: datetime | None = None
    reminded: bool = False
    ask_on: date | None = None
    """When staff are asked what became of it, if that is not on record by then."""
    asked: int = 0  # how often they were
    named_by: tuple[int, ...] = ()
    """The events whose letters named its time and have not come back."""


@value(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What a reply undertook, by its number over all replies. Instants are UTC, days local."""

    number: int
    text: str
    kind: RemedyKind
    owner: Person | None
    owner_role: Role
    """Whose it is where nobody is named, and whose mailbox hears of it."""
    stage: str
    """The stage whose reply undertook it."""
    promised_at: datetime
    due: date
    """The day that was promised; a postponement moves it, and so does a closure."""
    counted_from: date | None
    """Day 0 of the count; none where somebody named the date."""
    dated_at: datetime
    """When the day now waited for was set."""
    state: RemedyState = RemedyState.OWED
    new_due: date | None = None
    """The day that the last apology named instead; none beyond the calendar."""
    warned: bool = False
    missed: int = 0
    """How many of its dates have passed."""
    missed_on: date | None = None  # the last of them
    missed_at: datetime | None = None  # when somebody noticed that
    remind_on: date | None = None
    """When whoever has to see to it is asked again, once it is overdue."""
    reminders: int = 0
    settled_at: datetime | None = None
    reason: str | None = None
    """How it was done, or why it was refused."""
    text_cy: str = ""
    """What was undertaken, in Welsh, where it was given so."""

    @property
    def open(self) -> bool:
        """Whether it is neither done nor refused."""
        return self.settled_at is None

    @property
    def overdue(self) -> bool:
        """Whether it is still owed after the day that was promised."""
        return self.missed > 0 and self.open

    @property
    def waits_for(self) -> date | None:
        """The day that the customer now waits for, if one is named and it is still owed."""
        if not self.open:
            return None
        return self.new_due if self.missed else self.due

    @property
    def recommended(self) -> bool:
        """Whether it has to be accepted before it is done."""
        return self.kind is RemedyKind.RECOMMENDATION

    @property
    def awaits_answer(self) -> bool:
        """Whether it is a recommendation that nobody has accepted or refused yet."""
        return self.recommended and self.state is RemedyState.OWED


Kept = TypeVar("Kept", Contact, Request, Appointment, Remedy)


def with_changes(kept: tuple[Kept, ...], *numbers: int, **changes: Any) -> tuple[Kept, ...]:
    """All of these, those of the numbers with changes."""
    return tuple(replace(each, **changes) if each.number in numbers else each for each in kept)
