"""The complaint: what its events add up to.

Owns the frozen state and `evolve`, which folds one event into it. The state holds nothing that
the events do not say, so the ledger's events rebuild the same complaint.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from domain import events as ev
from domain.clocks import Clock
from domain.clockwork import turn
from domain.commands import Command
from domain.errors import InvalidCommand, RecordsDiffer
from domain.opening import Opening, Person
from domain.permissions import verb_of
from domain.remembered import Contact, Done, PausedFor
from domain.rules import Rules, unpack
from domain.vocabulary import (
    REVIEWERS,
    ClosedHow,
    FromWhom,
    ReassignReason,
    State,
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint as it stands after its last event."""

    rules: Rules
    opening: Opening | None = None
    stage: str = ""
    handler: Person | None = None
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
    heard: bool = False
    """Whether the customer's side was heard since the reply."""
    commands: Mapping[str, Done] = field(default_factory=dict)
    refused: frozenset[tuple[str, str, str]] = frozenset()
    """Id, verb and refusal of each signal that was refused: none of them was done."""
    missed: int = 0
    events: int = 0

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
    def reference(self) -> str:
        """The complaint's reference."""
        return self.opened.reference

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

    def clock(self, clock_id: str) -> Clock:
        """The clock of that id."""
        return next(clock for clock in self.clocks if clock.id == clock_id)


_FIELDS = tuple(field.name for field in fields(Complaint))
# `dataclasses.replace` goes through the fields one by one, which took a tenth of a decision.
_values: Callable[[Complaint], tuple[Any, ...]] = attrgetter(*_FIELDS)


def evolve(complaint: Complaint, event: Any) -> Complaint:
    """The complaint after one more event. Raises `RecordsDiffer` where the numbers do not follow."""
    if event.number != complaint.events + 1:
        raise RecordsDiffer(
            f"event {event.number} cannot follow event {complaint.events}; "
            f"{complaint.events + 1} was expected"
        )
    changes = _FOLDS[type(event)](complaint, event)
    if event.command_id and event.actor:
        done = Done(verb_of(event), event.actor.id)
        changes["commands"] = {**complaint.commands, event.command_id: done}
    if event.actor and event.actor.role in REVIEWERS and not isinstance(event, ev.ContactReceived):
        touched = changes.get("touched", complaint.touched)
        changes["touched"] = touched | {(complaint.stage, event.actor.identity)}
    changes["events"] = event.number
    after = Complaint(**dict(zip(_FIELDS, _values(complaint), strict=True)) | changes)
    # Nobody has seen this value yet: one copy per event is what makes a simulation quick.
    object.__setattr__(after, "clocks", turn(after, event))
    return after


@dataclass(frozen=True, slots=True)
class Step:
    """One event and the complaint after it."""

    event: Any
    complaint: Complaint


def fold(rules: Rules, events: Iterable[Any]) -> Complaint:
    """The complaint that these events add up to, from the first."""
    complaint = Complaint(rules)
    for event in events:
        complaint = evolve(complaint, event)
    return complaint


def _opened(_: Complaint, event: ev.Opened) -> dict[str, Any]:
    case = event.opening.subject_case
    return {
        "opening": event.opening,
        "stage": event.stage,
        "case_open": bool(case and case.open),
        "case_answered_at": case.answered_at if case else None,
    }


def _nothing(_: Complaint, __: ev.Happened) -> dict[str, Any]:
    return {}


def _allocated(complaint: Complaint, event: ev.Allocated | ev.Reassigned) -> dict[str, Any]:
    # Whoever was given it has had it in hand, whoever notes down what they did.
    touched = complaint.touched | {(complaint.stage, event.handler.identity)}
    return {"handler": event.handler, "touched": touched}


def _acknowledged(_: Complaint, __: ev.Acknowledged) -> dict[str, Any]:
    return {"acknowledged": True}


def _paused(_: Complaint, event: ev.Paused) -> dict[str, Any]:
    return {"pause": PausedFor(event.reason, event.at, event.review_on)}


def _resumed(_: Complaint, __: ev.Resumed) -> dict[str, Any]:
    return {"pause": None}


def _review_fell_due(complaint: Complaint, event: ev.ReviewFellDue) -> dict[str, Any]:
    pause = complaint.pause
    return {"pause": replace(pause, review_on=event.next_review) if pause else None}


def _contact_received(complaint: Complaint, event: ev.ContactReceived) -> dict[str, Any]:
    contact = Contact(event.contact, event.channel, event.from_whom, event.received_at)
    helper = complaint.opened.representative
    theirs = event.from_whom is FromWhom.CUSTOMER or bool(helper and helper.authorised)
    heard = complaint.heard or (theirs and complaint.reply is not None)
    return {"contacts": (*complaint.contacts, contact), "heard": heard}


def _contact_acknowledged(complaint: Complaint, event: ev.ContactAcknowledged) -> dict[str, Any]:
    return _with_contact(complaint, event.contact, answered=False)


def _contact_answered(complaint: Complaint, event: ev.ContactAnswered) -> dict[str, Any]:
    return _with_contact(complaint, event.contact, answered=True)


def _with_contact(complaint: Complaint, number: int, *, answered: bool) -> dict[str, Any]:
    contacts = (
        replace(contact, acknowledged=True, answered=answered)
        if contact.number == number
        else contact
        for contact in complaint.contacts
    )
    return {"contacts": tuple(contacts)}


def _escalated(_: Complaint, event: ev.Escalated) -> dict[str, Any]:
    return {"stage": event.to, "handler": None, "acknowledged": False, "pause": None, "reply": None}


def _reassigned(complaint: Complaint, event: ev.Reassigned) -> dict[str, Any]:
    changes = _allocated(complaint, event)
    if event.reason is ReassignReason.CONFLICT and event.from_handler:
        changes["conflicted"] = complaint.conflicted | {event.from_handler.identity}
    return changes


def _replied(_: Complaint, event: ev.Replied) -> dict[str, Any]:
    return {"reply": event, "window_anew": None, "acknowledged": True, "heard": False}


def _reopened(complaint: Complaint, event: ev.Reopened) -> dict[str, Any]:
    closed = complaint.closed
    if closed and closed.how is ClosedHow.WINDOW_CLOSED:
        # The stage has answered; what the customer lacked was the time to go on.
        return {"closed": None, "window_anew": event.at}
    return {"closed": None, "reply": None, "window_anew": None, "acknowledged": False}


def _closed(_: Complaint, event: ev.Closed) -> dict[str, Any]:
    return {"closed": event, "pause": None}


def _passed_to_decision(_: Complaint, __: ev.PassedToDecision) -> dict[str, Any]:
    return {"deciding": True}


def _case_concluded(_: Complaint, event: ev.CaseConcluded) -> dict[str, Any]:
    return {"case_open": False, "case_answered_at": event.answered_at, "deciding": False}


def _promise_missed(complaint: Complaint, event: ev.PromiseMissed) -> dict[str, Any]:
    # The new date that an apology gave is no promise of its own: the miss is counted once.
    counts = not complaint.clock(event.clock).renewal
    return {"missed": complaint.missed + counts}


def _command_refused(complaint: Complaint, event: ev.CommandRefused) -> dict[str, Any]:
    refused = (event.command_id, event.verb, event.refusal)
    return {"refused": complaint.refused | {refused}} if event.command_id else {}


def _charter_refreshed(_: Complaint, event: ev.CharterRefreshed) -> dict[str, Any]:
    return {"rules": unpack(base64.b64decode(event.pinned))}


_FOLDS: dict[type, Callable[[Any, Any], dict[str, Any]]] = {
    ev.Opened: _opened,
    ev.Signposted: _nothing,
    ev.Allocated: _allocated,
    ev.Introduced: _nothing,
    ev.Acknowledged: _acknowledged,
    ev.Updated: _nothing,
    ev.Extended: _nothing,
    ev.Paused: _paused,
    ev.Resumed: _resumed,
    ev.ReviewFellDue: _review_fell_due,
    ev.ContactReceived: _contact_received,
    ev.ContactAcknowledged: _contact_acknowledged,
    ev.ContactAnswered: _contact_answered,
    ev.Escalated: _escalated,
    ev.Reassigned: _reassigned,
    ev.Replied: _replied,
    ev.Reopened: _reopened,
    ev.Closed: _closed,
    ev.PassedToDecision: _passed_to_decision,
    ev.CaseConcluded: _case_concluded,
    ev.PromiseWarned: _nothing,
    ev.PromiseMissed: _promise_missed,
    ev.CommandRefused: _command_refused,
    ev.NoticeUndeliverable: _nothing,
    ev.CharterRefreshed: _charter_refreshed,
}
