"""The complaint: what its events add up to, as a frozen value.

Owns the state. It holds nothing that the events do not say; how events change it is above, in
`decider.evolve`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from domain.charter.rules import Rules
from domain.clocks.clock import Clock
from domain.complaint import events as ev
from domain.complaint.commands import Command
from domain.complaint.features.contact.appointments.events import Appointment
from domain.complaint.features.contact.information.events import Request
from domain.complaint.opening import Complainant, Opening, Representative
from domain.complaint.remembered import Contact, Done, PausedFor, Restriction, done_before
from domain.errors import RecordsDiffer
from domain.vocabulary import Correspondent, NoticesTo, State
from domain.wire import Handler, Person


@dataclass(frozen=True)
class Complaint:
    """One complaint as it stands after its last event.

    Without slots, so that `evolve` can copy it at once and not field by field.
    """

    rules: Rules
    opening: Opening | None = None
    complainant: Complainant | None = None
    """The customer, as they want to hear now; the opening says how they did at first."""
    preferred: bool = False
    """Whether they have said how often they want to hear, or how since it was opened."""
    representative: Representative | None = None
    """Who acts for the customer now, or would; `authorised` says whether they may."""
    notices_to: NoticesTo = NoticesTo.BOTH
    authority_due: date | None = None
    """When the customer is reminded that their authority is waited for."""
    silenced: frozenset[str] = frozenset()
    """Ids of the clocks that stopped because of who acts, or because no updates are wanted."""
    restriction: Restriction | None = None
    stage: str = ""
    handler: Handler | None = None
    acknowledged: bool = False
    pause: PausedFor | None = None
    reply: ev.Replied | None = None
    window_anew: datetime | None = None
    """When the window after the reply was opened again, at a manager's discretion."""
    closed: ev.Closed | None = None
    case_open: bool = False
    case_answered_at: datetime | None = None
    deciding: bool = False
    clocks: tuple[Clock, ...] = ()
    contacts: tuple[Contact, ...] = ()
    touched: frozenset[tuple[str, str]] = frozenset()
    conflicted: frozenset[str] = frozenset()
    set_aside: frozenset[str] = frozenset()
    """Those of them who have no conflict, but reviewed it at an earlier stage."""
    replied_by: tuple[tuple[str, Person], ...] = ()
    """Who replied at which stage."""
    handed_back: bool = False
    """Whether the handler had to give it back, and nobody has taken over yet."""
    heard: bool = False
    """Whether the customer's side was heard since the reply."""
    commands: Mapping[str, Done] = field(default_factory=dict)
    refused: frozenset[tuple[str, str, str]] = frozenset()
    """Id, verb and refusal of each signal that was refused: none of them was done."""
    appointments: tuple[Appointment, ...] = ()
    requests: tuple[Request, ...] = ()
    """What the customer was asked for."""
    former: tuple[tuple[datetime, Rules], ...] = ()
    """The rules that held before, each until when (UTC): what ended under them is told by them."""
    closures: tuple[tuple[tuple[date, ...], str], ...] = ()
    """The days, and why, that were closed in an emergency while it ran: also under rules pinned anew."""
    taken_in: tuple[str, ...] = ()
    """The references of duplicates that this complaint stands for as well."""
    surveyed: bool = False
    remedies: int = 0
    """How many commitments its replies have made; each is followed up past the complaint's end."""
    missed: int = 0
    customers_days: int = 0
    """Whole days in which it was the customer's turn: from a reply until it was taken further."""
    events: int = 0
    known: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was derived from the complaint and need not be derived again (`derived`)."""

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
        helper = self.representative
        return helper.kind if helper and helper.authorised else self.opened.correspondent

    @property
    def reference(self) -> str:
        """The complaint's reference."""
        return self.opened.reference

    @property
    def kept_away(self) -> frozenset[str]:
        """Who has nothing to do with putting it right either; who reviewed it earlier may."""
        return self.conflicted - self.set_aside

    def done(self, command: Command) -> bool:
        """Whether it was done already. Raises `InvalidCommand` if its id was used for another."""
        return done_before(self.commands, command.command_id, command.verb, command.actor.identity)

    def rules_of(self, clock: Clock) -> Rules:
        """The rules that the clock runs under, or that it ended under."""
        for until, rules in self.former:
            if clock.ended_at and clock.ended_at <= until:
                return rules
        return self.rules

    def clock(self, clock_id: str) -> Clock:
        """The clock of that id."""
        return next(clock for clock in self.clocks if clock.id == clock_id)
