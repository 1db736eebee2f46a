"""A plan played through the core alone: what the script says must hold in every season.

Owns the rehearsal. It does what the workflow does (wake, decide, evolve, react) and nothing else, and
watches what is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from charters.files import CharterBook
from charters.pinning import pinned_rules
from demo.plan import Plan, Planned
from demo.sample import STILL_OPEN
from domain.complaint.commands import Tick
from domain.complaint.decider.decide import AnyCommand, decide
from domain.complaint.decider.evolve import evolve
from domain.complaint.decider.parsing import parse_command
from domain.complaint.decider.react import react
from domain.complaint.decider.timers import finished, next_wake
from domain.complaint.features.contact.reports import ReportRefusal
from domain.complaint.features.handling.receiving import Open
from domain.complaint.state import Complaint
from domain.errors import ComplaintClosed, Refused
from tests.domain.playing.watching import Watch


@dataclass
class Rehearsal:
    """What became of one plan."""

    complaint: Complaint
    events: list[Any] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    watch: Watch = field(default_factory=Watch)

    @property
    def ended(self) -> str:
        """How it ended, in the script's words."""
        return str(self.complaint.closed.how) if self.complaint.closed else STILL_OPEN

    @property
    def missed(self) -> tuple[str, ...]:
        """The promises missed, in order."""
        return tuple(event.promise for event in self.events if event.kind == "promise-missed")

    def play(self, command: AnyCommand, now: datetime) -> None:
        """What follows from the command; raises its refusal."""
        for event in decide(self.complaint, command, now):
            before, self.complaint = self.complaint, evolve(self.complaint, event)
            self.watch.see(before, event, self.complaint, react(self.complaint, event))
            self.events.append(event)
        self.watch.rest(self.complaint, now)

    def until(self, then: datetime) -> None:
        """Time passes for the complaint."""
        while (wake := next_wake(self.complaint)) is not None and wake <= then:
            if finished(self.complaint, wake):
                return
            self.play(Tick(), max(wake, self.complaint.opened.received_at))


def rehearse(plan: Plan, book: CharterBook) -> Rehearsal:
    """The plan played through the core."""
    opening = plan.opening
    rules = pinned_rules(book, opening.charter, opening.received_at)
    played = Rehearsal(Complaint(rules))
    played.play(Open(opening=opening, digest=rules.digest), opening.received_at)
    for step in plan.steps:
        played.until(step.at)
        if finished(played.complaint, step.at):  # nobody is there to refuse but the client
            if step.refused != ComplaintClosed.__name__:
                played.faults.append(f"{step.command_id} {step.verb}: it has ended")
            continue
        got = _take(played, step)
        if got != step.refused:
            played.faults.append(f"{step.command_id} {step.verb}: {got}, expected {step.refused}")
    played.until(plan.stops_at)
    return played


def _take(played: Rehearsal, step: Planned) -> str | None:
    """The refusal that the step meets, if any."""
    fields = {"command_id": step.command_id, "actor": step.actor, **step.fields}
    try:
        played.play(parse_command(step.verb, fields), step.at)
    except Refused as refused:
        if not step.waits and not played.complaint.closed:
            told = ReportRefusal(
                command_id=step.command_id, refused_verb=step.verb,
                refusal=refused.kind, message=str(refused),
            )  # fmt: skip
            played.play(told, step.at)
        return refused.kind
    return None
