"""A feature: one side of a complaint's life, with its verbs, events, rules and words in one room.

Owns the shape in which a feature offers itself to the core (`Feature`). The features themselves are in
`features`, their registry in `decider.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from domain import value
from domain.clocks.clock import Clock
from domain.complaint.commands import Command, Entered
from domain.complaint.events import Happened
from domain.complaint.state import Complaint
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Role, State, Trigger

Decide = Callable[[Complaint, Any, datetime], tuple[Any, ...]]
"""The events that follow from a command at an instant (UTC); raises the `Refused` that applies."""
Fold = Callable[[Complaint, Any], dict[str, Any]]
"""The fields of the complaint that an event changes."""
React = Callable[[Complaint, Any], Iterable[Notice]]
"""The notices that an event owes, once it has been folded in."""
Turn = Callable[[Complaint, Any], tuple[Clock, ...]]
"""The clocks after an event that turns them in a way of its own."""


class Barred(StrEnum):
    """Who is kept from a verb by a conflict of interest."""

    CONFLICTED = "conflicted"
    """Anybody with a conflict, and anybody who reviewed it before an independent stage."""
    KEPT_AWAY = "kept-away"
    """Anybody with a conflict; an earlier reviewer may do it."""
    NOBODY = "nobody"


@value(frozen=True, slots=True)
class CommandSpec:
    """What becomes of one verb: who may send it, in which states, and what follows."""

    who: tuple[Role | str, ...]
    states: tuple[State, ...]
    events: tuple[type[Happened], ...]
    decide: Decide
    answers: Callable[[Complaint, Any], tuple[datetime, str]] | None = None
    """When (UTC) what it answers was, and that in words: its own `received_at` cannot lie before."""
    guard: Callable[[Complaint, Any], None] | None = None
    """Raises what is refused before role and state are checked."""
    passes_on: bool = False
    """Whether somebody only passes something on, without judging, closing or appointing."""
    barred: Barred = Barred.CONFLICTED
    of_feedback: bool = True
    """Whether it can be done to feedback that is no complaint."""
    without_authority: bool = False
    """Whether a representative without the customer's authority may send it."""


class Timer(NamedTuple):
    """An instant (UTC) at which something has to happen, why, and the event that says so."""

    at: datetime
    why: str
    event: Callable[..., Any]
    """Makes it from `number` and `at`."""
    lapses: datetime | None = None
    """When it no longer matters: nobody is warned of a date that has passed."""


class Moves(StrEnum):
    """How an event moves clocks beside starting, meeting and stopping them."""

    EXTENDS = "extends"
    PAUSES = "pauses"
    RESUMES = "resumes"
    SILENCES_EXEMPT = "silences-exempt"
    """Promises that are not made to a certain kind of representative stop."""
    RENEWS_EXEMPT = "renews-exempt"
    """Those promises begin anew."""
    RENEWS_AGREED = "renews-agreed"
    """Clocks on an agreed interval stop and begin anew."""
    RENEWS_MISSED = "renews-missed"


def unchanged(_: Complaint, __: Any) -> dict[str, Any]:
    """The fold of an event that only stands on record."""
    return {}


@value(frozen=True, slots=True)
class EventSpec:
    """What becomes of one kind of event: its line in the timeline, the fold, notices and clocks."""

    line: Callable[[Any], str]
    fold: Fold = unchanged
    react: React | None = None
    owed: tuple[NoticeKind, ...] = ()
    """Every kind of notice that it can owe."""
    triggers: tuple[Trigger, ...] = ()
    """What it can trigger."""
    triggered: Callable[[Complaint, Any], tuple[Trigger, ...]] | None = None
    """Which of these it does trigger, where that depends."""
    since: Callable[[Any], datetime] | None = None
    """From when (UTC) the clocks that it starts are counted, where not from its own instant."""
    breaks: tuple[Trigger, ...] = ()
    """Triggers that can no longer come in time: a clock that waits for one is missed at once."""
    turn: Turn | None = None
    moves: Moves | None = None
    recounts: str = ""
    """Which clocks it counts anew, in a sentence, if it does."""
    judges_anew: bool = False
    """Whether clocks that were met or missed are judged anew as well, beside those that an act before its entry met."""
    after_end: bool = False
    """Whether it starts clocks of a closed complaint too, beside what comes in."""
    changes_stage: bool = False
    """Whether it stops the clocks of other stages and lets paused ones run on."""
    brings_contact: bool = False
    """Whether it is an inbound contact, for which clocks of its own start."""
    touches: bool = True
    """Whether a reviewer who does it has had a part in the complaint."""
    stands: Callable[[Complaint, Any], bool] = lambda _, __: True
    """Whether what staff were asked because of it is still to be done: else no digest tells it."""
    public: Callable[[Any], str] | None = None
    """What may stand in the clear beside its kind."""
    verb: Callable[[Any], str] | None = None
    """The verb whose command id it carries, where several make it."""


@value(frozen=True, slots=True)
class Policy:
    """What a feature adds to another's verb: events without an actor, after the verb's own."""

    events: tuple[type[Happened], ...]
    decide: Decide
    """The events that follow, numbered from the next; the verb's own are folded in already."""


def sets(**values: Any) -> Fold:
    """A fold: these fields of the complaint have these values."""
    return lambda _, __: dict(values)


def no_timers(_: Complaint) -> Iterator[Timer]:
    """Nothing falls due."""
    return iter(())


@value(frozen=True, slots=True)
class Feature:
    """What one feature adds to the core's registry."""

    commands: Mapping[type[Command], CommandSpec] = field(default_factory=dict)
    events: Mapping[type[Happened], EventSpec] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """What it adds to verbs that are not its own, by their names."""
    timers: Callable[[Complaint], Iterator[Timer]] = no_timers
    """What falls due by time alone while the complaint is open."""
    timers_need: str = "events"
    """The field of the complaint that is empty as long as nothing of that can fall due."""
    wakes: Callable[[Complaint], Iterable[datetime]] | None = None
    """The instants of these timers (UTC), where they can be told without making them."""
    timers_after_end: Callable[[Complaint], Iterator[Timer]] = no_timers
    """What falls due by time alone once the complaint is closed."""
    of_ending: tuple[type[Happened], ...] = ()
    """The events that follow from any closing, at once."""
    of_time: tuple[type[Happened], ...] = ()
    """The events that time alone makes."""
    of_opening: tuple[type[Happened], ...] = ()
    """The events that the opening makes."""
    at_opening: Callable[[Complaint, datetime], tuple[Any, ...]] | None = None
    """What follows from the opening itself: events numbered from the complaint's next."""
    reports: Mapping[type[Any], tuple[tuple[type[Happened], ...], Decide]] = field(
        default_factory=dict
    )
    """What the shell reports by itself, the event that says so, and how it is made."""


def made(
    kind: Callable[..., Any], complaint: Complaint, command: Command, now: datetime, **more: Any
) -> tuple[Any]:
    """The next event, which the command makes: with its fields of the same names, and with these."""
    said = vars(command)
    given = {name: said[name] for name in _in_both(type(command), kind)} | more
    if given.get("received_at") and isinstance(command, Entered):
        given["received_at"] = min(given["received_at"], now)
    if "in_welsh" not in given:
        given["in_welsh"] = command.in_welsh()
    return (
        kind(
            number=complaint.events + 1, at=now, actor=command.actor, command_id=command.command_id,
            proof=command.proof, **given,
        ),
    )  # fmt: skip


@cache
def _in_both(command: type[Command], kind: Any) -> tuple[str, ...]:
    own = {each.name for each in fields(kind)} - {each.name for each in fields(Happened)}
    return tuple(name for name in command.model_fields if name in own)


def makes(kind: type[Happened]) -> Decide:
    """Whatever was asked for happens, with nothing else to look at."""
    return lambda complaint, command, now: made(kind, complaint, command, now)


def one_each(
    kind: type[Any], complaint: Complaint, now: datetime, fields_of: Iterable[Mapping[str, Any]]
) -> tuple[Any, ...]:
    """The next events, one with each of these fields; nobody makes them."""
    numbered = enumerate(fields_of, complaint.events + 1)
    return tuple(kind(number=number, at=now, **each) for number, each in numbered)


def following(kind: type[Any], complaint: Complaint, now: datetime, **more: Any) -> tuple[Any]:
    """The next event, which nobody makes: it follows from another, or from time."""
    return (kind(number=complaint.events + 1, at=now, **more),)
