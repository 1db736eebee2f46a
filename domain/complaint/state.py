"""The complaint: what its events add up to, as a frozen value.

Owns the state. It holds nothing that the events do not say; how events change it is above, in
`decider.evolve` and the features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from domain.charter.rules import Rules
from domain.charter.tables import Stage
from domain.clocks.clock import Clock
from domain.complaint.commands import Command
from domain.complaint.contact_limits import Restriction
from domain.complaint.opening import Complainant, Helper, Opening
from domain.complaint.values import (
    Appointment,
    Closing,
    Contact,
    Pause,
    Reason,
    Remedy,
    Reply,
    Request,
    StageRequest,
)
from domain.errors import InvalidCommand, RecordsDiffer, UnknownContact
from domain.vocabulary import Correspondent, Role, State
from domain.wire import Handler, Person

FULL_FOR_CUSTOMERS, FULL = 1000, 2000
"""After so many events no more is taken in from outside, and from staff only what answers and ends it."""
HOURLY = 120
"""Messages of one sender from outside that one complaint takes in within an hour."""


class Done(NamedTuple):
    """What a command id was used for, by whom and when (UTC)."""

    verb: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Complaint:
    """One complaint as it stands after its last event.

    Without slots, so that `evolve` can copy it at once and not field by field.
    """

    rules: Rules
    opening: Opening | None = None
    feedback: bool = False
    """Whether it is feedback alone, and no complaint."""
    complainant: Complainant | None = None
    """The customer, as they want to hear now; the opening says how they did at first."""
    preferred: bool = False
    """Whether they have said how often they want to hear, or how since it was opened."""
    preferred_at: datetime | None = None
    """When they said the last of that (UTC), if they have since it was opened."""
    helpers: tuple[Helper, ...] = ()
    """Who acts for the customer now, or would, in the order in which they were named."""
    informed_by: str | None = None
    """The professional who was last noted to keep the customer up to date."""
    heard_directly: bool = False
    """Whether the customer has asked to hear from us beside whoever acts for them."""
    silenced: frozenset[str] = frozenset()
    """Ids of the clocks that stopped because of who acts, or because no updates are wanted."""
    restriction: Restriction | None = None
    stage: str = ""
    handler: Handler | None = None
    acknowledged: bool = False
    pause: Pause | None = None
    pauses: int = 0
    """How often it was paused, or a pause of it renewed."""
    reply: Reply | None = None
    closed: Closing | None = None
    case_open: bool = False
    case_answered_at: datetime | None = None
    deciding: bool = False
    case_ask_on: date | None = None
    """When staff are asked again whether the case is still open, if that alone keeps it waiting."""
    clocks: tuple[Clock, ...] = ()
    reason: Reason | None = None
    """Why dates were missed, as the customer was last told."""
    contacts: tuple[Contact, ...] = ()
    stage_requests: tuple[StageRequest, ...] = ()
    """By what each later stage was asked for, in order."""
    touched: frozenset[tuple[str, str]] = frozenset()
    """Who had a part in it, by the stage at which they had."""
    conflicted: frozenset[str] = frozenset()
    set_aside: frozenset[str] = frozenset()
    """Those of them who have no conflict, but reviewed it at an earlier stage."""
    replied_by: tuple[tuple[str, Person], ...] = ()
    """Who replied at which stage."""
    handed_back: bool = False
    """Whether the handler had to give it back, and nobody has taken over yet."""
    commands: Mapping[str, Done] = field(default_factory=dict)
    refused: frozenset[tuple[str, str, str]] = frozenset()
    """Id, verb and refusal of each signal that was refused: none of them was done."""
    unreached: frozenset[str] = frozenset()
    """Addresses and numbers that lead to nobody: no letter goes there until the customer gives them anew."""
    astray: tuple[str, ...] = ()
    """The letters that never reached the customer and have not been sent again, the reply aside."""
    sent_again: tuple[str, ...] = ()
    """The events by which letters were sent again."""
    appointments: tuple[Appointment, ...] = ()
    requests: tuple[Request, ...] = ()
    """What the customer was asked for."""
    remedies: tuple[Remedy, ...] = ()
    """What its replies undertook; each is followed up past the complaint's end."""
    former: tuple[tuple[datetime, Rules], ...] = ()
    """The rules that held before, each until when (UTC): what ended under them is told by them."""
    closures: tuple[tuple[tuple[date, ...], str], ...] = ()
    """The days, and why, that were closed in an emergency while it ran: also under rules pinned anew."""
    closures_cy: tuple[tuple[str, str], ...] = ()
    """As what such days stand in proofs, and the same in Welsh; empty where nobody gave that."""
    taken_in: tuple[str, ...] = ()
    """The references of duplicates that this complaint stands for as well."""
    linked: tuple[str, ...] = ()
    """The references of complaints about the same matter, each with an answer of its own."""
    surveyed: bool = False
    missed: int = 0
    customers_days: int = 0
    """Whole days in which it was the customer's turn: from a reply until it was taken further."""
    events: int = 0
    at: datetime | None = None
    """When the last of its events happened (UTC)."""
    known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was derived from the complaint and need not be derived again (`once`)."""
    shared: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was derived from some of its fields, and of which of their values (`while_same`): it goes on to the next."""

    @property
    def state(self) -> State:
        """Where the complaint stands within its stage."""
        if self.closed:
            return State.CLOSED
        if self.reply:
            return State.REPLIED
        if self.pause:
            return State.PAUSED
        return State.ACKNOWLEDGED if self.acknowledged else State.RECEIVED

    @property
    def opened(self) -> Opening:
        """What the complaint started with. Raises `RecordsDiffer` before its first event."""
        if self.opening is None:
            msg = "the complaint has no events yet"
            raise RecordsDiffer(msg)
        return self.opening

    @property
    def customer(self) -> Complainant:
        """The customer as they want to hear now. Raises `RecordsDiffer` before the first event."""
        return self.complainant or self.opened.complainant

    @property
    def correspondent(self) -> Correspondent:
        """The kind of whoever brings the complaint: whoever opened it, or acts with authority."""
        acting = self.acting
        return acting[0].who.kind if acting else self.opened.correspondent

    @property
    def acting(self) -> tuple[Helper, ...]:
        """Whoever acts for the customer with their authority."""
        return tuple(each for each in self.helpers if each.who.authorised)

    @property
    def reference(self) -> str:
        """The complaint's reference."""
        return self.opened.reference

    @property
    def at_stage(self) -> Stage:
        """The stage at which it stands."""
        return self.rules.stages[self.stage]

    @property
    def reviewer(self) -> Role | None:
        """The role that reviews it at its present stage."""
        return self.rules.stages[self.stage].role

    @property
    def kept_away(self) -> frozenset[str]:
        """Who has nothing to do with putting it right either; who reviewed it earlier may."""
        return self.conflicted - self.set_aside

    @property
    def remedies_owed(self) -> tuple[Remedy, ...]:
        """The remedies that are neither done nor refused."""
        return tuple(each for each in self.remedies if each.open)

    def done(self, command: Command) -> bool:
        """Whether it was done already. Raises `InvalidCommand` if its id was used for another."""
        used = self.commands.get(command.command_id)
        if used is None:
            return False
        if used.verb != command.verb or used.by.casefold() != command.actor.identity:
            raise InvalidCommand(
                f"command_id: {command.command_id} was used for {used.verb} by {used.by}.",
                "Give every command an id of its own; only a repeat has the same.",
            )
        return True

    def rules_of(self, clock: Clock) -> Rules:
        """The rules that the clock runs under, or that it ended under."""
        for until, rules in self.former:
            if clock.ended_at and clock.ended_at <= until:
                return rules
        return self.rules

    def contact(self, number: int, allowed: str = "") -> Contact:
        """The contact of that number. Raises `UnknownContact`, with what is allowed."""
        if not 0 < number <= len(self.contacts):
            raise UnknownContact(f"There is no contact {number}.", allowed)
        return self.contacts[number - 1]

    def clock(self, clock_id: str) -> Clock:
        """The clock of that id."""
        return next(clock for clock in self.clocks if clock.id == clock_id)


Derived = TypeVar("Derived")


def once(derive: Callable[[Complaint], Derived]) -> Callable[[Complaint], Derived]:
    """The same function, which looks only once at the same complaint. What it raises is not kept."""

    @wraps(derive)
    def derived(complaint: Complaint) -> Derived:
        known = complaint.known
        found: Derived = known.get(derive, known)
        if found is known:
            known[derive] = found = derive(complaint)
        return found

    return derived


def while_same(
    *names: str,
) -> Callable[[Callable[[Complaint], Derived]], Callable[[Complaint], Derived]]:
    """A decorator: the same function, which looks again only once one of these fields is another.

    They have to be all that it looks at; so an event that changes none of them costs it nothing.
    """
    looked_at = attrgetter(*names)

    def shared(derive: Callable[[Complaint], Derived]) -> Callable[[Complaint], Derived]:
        @wraps(derive)
        def derived(complaint: Complaint) -> Derived:
            seen, found = looked_at(complaint), complaint.shared.get(derive)
            if found is None or found[0] != seen:
                complaint.shared[derive] = found = seen, derive(complaint)
            result: Derived = found[1]
            return result

        vars(derived)["looks_at"] = names
        return derived

    return shared
