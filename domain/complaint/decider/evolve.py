"""Folding: one more event makes one more complaint.

Owns `evolve`; what each kind of event changes is in `folds`. The state holds nothing that the events
do not say, so the ledger's events rebuild the same complaint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from domain.charter.rules import Rules
from domain.complaint import events as ev
from domain.complaint.decider.access import verb_of
from domain.complaint.decider.clock_events import newly_missed, turn
from domain.complaint.decider.folds import FOLDS
from domain.complaint.decider.triggers import BREAKS
from domain.complaint.remembered import Done
from domain.complaint.state import Complaint
from domain.errors import RecordsDiffer
from domain.vocabulary import REVIEWERS


def evolve(complaint: Complaint, event: Any) -> Complaint:
    """The complaint after one more event. Raises `RecordsDiffer` where the numbers do not follow."""
    if event.number != complaint.events + 1:
        raise RecordsDiffer(
            f"event {event.number} cannot follow event {complaint.events}; "
            f"{complaint.events + 1} was expected"
        )
    changes = FOLDS[type(event)](complaint, event)
    if event.command_id and event.actor:
        done = Done(verb_of(event), event.actor.id)
        changes["commands"] = {**complaint.commands, event.command_id: done}
    if event.actor and event.actor.role in REVIEWERS and not isinstance(event, ev.ContactReceived):
        touched, who = changes.get("touched", complaint.touched), event.actor.identity
        if (complaint.stage, who) not in touched:
            changes["touched"] = touched | {(complaint.stage, who)}
    changes["events"] = event.number
    after = object.__new__(Complaint)
    vars(after).update(vars(complaint), **changes, known={})
    # Nobody has seen this value yet: one copy per event is what makes a simulation quick.
    vars(after)["clocks"] = turn(after, event)
    if type(event) in BREAKS:
        vars(after)["missed"] = complaint.missed + newly_missed(complaint, after)
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
