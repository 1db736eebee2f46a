"""Folding: one more event makes one more complaint.

Owns `evolve`; what each kind of event changes is with its feature. The state holds nothing that the
events do not say, so the ledger's events rebuild the same complaint.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from domain.charter.rules import Rules
from domain.complaint.decider.access import verb_of
from domain.complaint.decider.clock_events import newly_missed, turn
from domain.complaint.decider.registry import EVENTS
from domain.complaint.state import Complaint, Done
from domain.errors import RecordsDiffer
from domain.vocabulary import REVIEWERS


def evolve(complaint: Complaint, event: Any) -> Complaint:
    """The complaint after one more event. Raises `RecordsDiffer` where the numbers do not follow."""
    if event.number != complaint.events + 1:
        raise RecordsDiffer(
            f"event {event.number} cannot follow event {complaint.events}; "
            f"{complaint.events + 1} was expected"
        )
    spec = EVENTS[type(event)]
    changes = spec.fold(complaint, event)
    if event.command_id and event.actor:
        done = Done(verb_of(event), event.actor.id, event.at)
        changes["commands"] = {**complaint.commands, event.command_id: done}
    if event.actor and spec.touches and event.actor.role in REVIEWERS:
        touched, who = changes.get("touched", complaint.touched), event.actor.identity
        if (complaint.stage, who) not in touched:
            changes["touched"] = touched | {(complaint.stage, who)}
    # Nobody has seen this value yet: one copy per event is what makes a simulation quick.
    after = object.__new__(Complaint)
    fields = vars(after)
    fields.update(vars(complaint))
    fields.update(changes)
    fields["events"], fields["known"] = event.number, {}
    if not complaint.events:  # else all that begin with the same empty one would share it
        fields["shared"] = {}
    fields["at"] = event.at
    fields["clocks"] = turn(after, event)
    # What was done before it was entered may have kept what had run out in between.
    anew = spec.breaks or spec.judges_anew or event.acted_at < event.at
    if anew and "missed" not in changes:
        fields["missed"] = complaint.missed + newly_missed(complaint, after)
    return after


class Step(NamedTuple):
    """One event and the complaint after it."""

    event: Any
    complaint: Complaint


def fold(rules: Rules, events: Iterable[Any]) -> Complaint:
    """The complaint that these events add up to, from the first."""
    complaint = Complaint(rules)
    for event in events:
        complaint = evolve(complaint, event)
    return complaint
