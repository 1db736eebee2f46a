"""A plan played through the core alone: what the script says must hold in every season.

Owns the rehearsal. It does what the workflow does (wake, decide, evolve) and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activities.charter_files import CharterBook
from activities.charters import resolve
from demo.plan import Plan
from demo.sample import STILL_OPEN
from domain.commands import AnyCommand, Open, ReportRefusal, Tick
from domain.complaint import Complaint, evolve
from domain.decisions import decide
from domain.errors import ComplaintClosed, Refused
from domain.events import PromiseMissed
from domain.rules import pack, unpack
from domain.timekeeping import finished, next_wake
from domain.verbs import parse_command


@dataclass
class Rehearsal:
    """What became of one plan."""

    complaint: Complaint
    events: list[Any] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def ended(self) -> str:
        """How it ended, in the script's words."""
        return str(self.complaint.closed.how) if self.complaint.closed else STILL_OPEN

    @property
    def missed(self) -> tuple[str, ...]:
        """The promises missed, in order."""
        return tuple(event.promise for event in self.events if isinstance(event, PromiseMissed))

    def play(self, command: AnyCommand, now: datetime) -> None:
        """What follows from the command; raises its refusal."""
        for event in decide(self.complaint, command, now):
            self.complaint = evolve(self.complaint, event)
            self.events.append(event)

    def until(self, then: datetime) -> None:
        """Time passes."""
        while not self.complaint.closed:
            wake = next_wake(self.complaint)
            if wake is None or wake > then:
                return
            self.play(Tick(), max(wake, self.complaint.opened.received_at))


def rehearse(plan: Plan, book: CharterBook) -> Rehearsal:
    """The plan played through the core."""
    opening = plan.opening
    rules = unpack(pack(*resolve(book, opening.charter, opening.received_at)))
    played = Rehearsal(Complaint(rules))
    played.play(Open(opening=opening, digest=rules.digest), opening.received_at)
    for step in plan.steps:
        played.until(step.at)
        if finished(played.complaint, step.at):  # then nobody is there to refuse but the client
            if step.refused != ComplaintClosed.__name__:
                played.faults.append(f"{step.command_id} {step.verb}: it has ended")
            continue
        fields = {"command_id": step.command_id, "actor": step.actor, **step.fields}
        got = None
        try:
            played.play(parse_command(step.verb, fields), step.at)
        except Refused as refused:
            got = refused.kind
            if got != step.refused:
                played.faults.append(f"{step.command_id} {step.verb}: {got}: {refused}")
            if not step.waits and not played.complaint.closed:
                told = ReportRefusal(
                    command_id=step.command_id, refused_verb=step.verb,
                    refusal=got, message=str(refused),
                )  # fmt: skip
                played.play(told, step.at)
        if got is None and step.refused:
            played.faults.append(f"{step.command_id} {step.verb}: expected {step.refused}")
    played.until(plan.stops_at)
    return played
