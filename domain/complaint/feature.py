"""A matter: one side of a complaint's life with its verbs, events, rules and words in one room.

Owns the shape in which a matter offers itself to the core (`Matter`) and what matters share: the row
of the permission table, the stamp of an event, a moment that falls due. The matters themselves are in
`matters`. Imports neither the complaint nor any matter, so that both may import this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Role, State, Trigger

if TYPE_CHECKING:
    from domain.clocks.clock import Clock
    from domain.complaint.state import Complaint

REVIEWER = "reviewer"
"""Stands for the role that reviews the present stage."""

CUSTOMERS_OWN = (Role.CUSTOMER, Role.REPRESENTATIVE, Role.UPSTREAM_APP)
CUSTOMER_SIDE: tuple[Role | str, ...] = (*CUSTOMERS_OWN, REVIEWER)
STAFF: tuple[Role | str, ...] = (REVIEWER, Role.MANAGER, Role.ADMINISTRATOR)
WORKING = (State.RECEIVED, State.ACKNOWLEDGED)
HELD = (*WORKING, State.PAUSED)
OPEN = (*HELD, State.REPLIED)
ANY = (*OPEN, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of the table: who may, in which states, and which events follow."""

    who: tuple[Role | str, ...]
    states: tuple[State, ...]
    events: tuple[type[Happened], ...]
    passes_on: bool = False
    """Whether somebody only passes something on, without judging, closing or appointing."""


class Moment(NamedTuple):
    """An instant (UTC) at which something has to happen, why, and the event that says so."""

    at: datetime
    why: str
    event: Callable[[int, datetime], Any]
    lapses: datetime | None = None
    """From when on it no longer matters: nobody is warned of what is already missed."""


Decide = Callable[["Complaint", Any, datetime], tuple[Any, ...]]
"""The events that follow from a command at an instant (UTC); raises the `Refused` that applies."""
Fold = Callable[["Complaint", Any], dict[str, Any]]
"""The fields of the complaint that an event changes."""
React = Callable[["Complaint", Any], Iterator[Notice]]
"""The notices that an event owes, once it has been folded in."""
Turn = Callable[["Complaint", Any], "tuple[Clock, ...]"]
"""The clocks after an event that turns them in a way of its own."""


@dataclass(frozen=True, slots=True)
class Told:
    """What becomes of one kind of event: the fold, its line in the timeline, notices and clocks."""

    fold: Fold
    line: Callable[[Any], str]
    react: React | None = None
    owed: tuple[NoticeKind, ...] = ()
    """Every kind of notice that it can owe."""
    triggers: tuple[Trigger, ...] = ()
    turn: Turn | None = None
    since: Callable[[Any], datetime] | None = None
    """From when (UTC) the clocks that it starts are counted, where not from its own instant."""
    breaks: tuple[Trigger, ...] = ()
    """What can no longer come in time: a clock that only this would meet is missed at once."""


def no_moments(_: Complaint) -> Iterator[Moment]:
    """Nothing falls due."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Asked:
    """What becomes of one verb: who may send it, and what follows."""

    permission: Permission
    decide: Decide


@dataclass(frozen=True, slots=True)
class Follows:
    """What a matter adds to somebody else's verb: events without an actor, after the verb's own."""

    events: tuple[type[Happened], ...]
    decide: Decide
    """The events that follow, numbered from the next; the verb's own are folded in already."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What one matter adds to the core's registries."""

    verbs: Mapping[type[Command], Asked] = field(default_factory=dict)
    events: Mapping[type[Happened], Told] = field(default_factory=dict)
    follows: Mapping[type[Command], Follows] = field(default_factory=dict)
    """What it adds to verbs that are not its own."""
    moments: Callable[[Complaint], Iterator[Moment]] = no_moments
    """What of it falls due by time alone while the complaint is open."""
    afterwards: Callable[[Complaint], Iterator[Moment]] = no_moments
    """What of it falls due once the complaint is closed."""
    ended: tuple[type[Happened], ...] = ()
    """Which of that falls due with the closing itself, whoever or whatever closes it."""
    of_time: tuple[type[Happened], ...] = ()
    """The events that time alone makes."""
    of_opening: tuple[type[Happened], ...] = ()
    """The events that the opening makes."""
    at_opening: Callable[[Complaint, datetime], Iterator[Any]] | None = None
    """What follows from the opening itself: events numbered from the complaint's next."""


def stamp(complaint: Complaint, command: Command, now: datetime) -> dict[str, Any]:
    """Number, instant, actor and command id of the next event."""
    return {
        "number": complaint.events + 1,
        "at": now,
        "actor": command.actor,
        "command_id": command.command_id,
    }


def unchanged(_: Complaint, __: Any) -> dict[str, Any]:
    """The fold of an event that only stands on record."""
    return {}
