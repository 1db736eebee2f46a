"""Deciding: a command, at an instant, makes events or is refused.

Owns `decide` and the order of what follows. What each verb makes is with its feature.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from domain.calendar.pinned import BeyondCalendar
from domain.complaint.commands import Command, Entered, RestsOn, Tick, check_not_before, check_past
from domain.complaint.decider.access import check, check_pace
from domain.complaint.decider.evolve import Step, evolve
from domain.complaint.decider.registry import AT_OPENING, COMMANDS, POLICIES, REPORTS
from domain.complaint.decider.timers import fallen_due
from domain.complaint.features.contact.reports import ReportRefusal
from domain.complaint.features.handling.receiving import TOLERANCE, Open, receive
from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.complaint.policies.eligibility import rests_on
from domain.complaint.policies.windows import ends_at
from domain.complaint.state import Complaint
from domain.errors import CalendarTooShort

AnyCommand = Command | Open | Tick | ReportUndeliverable | ReportRefusal


def decide(complaint: Complaint, command: AnyCommand, now: datetime) -> tuple[Any, ...]:
    """The events that follow from the command at that instant (UTC), numbered from the next.

    What had fallen due by then comes first, so that nothing is met after its time. A command
    that was done before gives no events; its id for another verb or by somebody else is refused.
    Raises the `Refused` that applies; then nothing changes.
    """
    return tuple(step.event for step in take(complaint, command, now))


def take(complaint: Complaint, command: AnyCommand, now: datetime) -> tuple[Step, ...]:
    """The same as `decide`, each event with the complaint after it."""
    try:
        if isinstance(command, Command):
            return () if complaint.done(command) else _do(complaint, command, now)
        if isinstance(command, Open):
            return _open(complaint, command, now)
        if isinstance(command, Tick):
            return fallen_due(complaint, now)
        course = _Course(complaint, now)
        course.follow(REPORTS[type(command)][1](course.complaint, command, now))
        return course.ended()
    except BeyondCalendar as error:
        raise CalendarTooShort(str(error), error.reach) from None


class _Course:
    """The steps that one command makes, after what had fallen due by then."""

    def __init__(self, complaint: Complaint, now: datetime) -> None:
        self._now = now
        self.steps = list(fallen_due(complaint, now)) if complaint.events else []
        self.complaint = self.steps[-1].complaint if self.steps else complaint

    def follow(self, events: Any) -> None:
        """These events happen, one after the other."""
        for event in events:
            self.complaint = after = evolve(self.complaint, event)
            self.steps.append(Step(event, after))

    def ended(self) -> tuple[Step, ...]:
        """All steps; what an end brings comes with it. Raises `BeyondCalendar` for an end that lies there."""
        if self.complaint.closed:
            self.steps += fallen_due(self.complaint, self._now)
        if self.complaint.reply:
            ends_at(self.complaint)
        return tuple(self.steps)


def _do(complaint: Complaint, command: Command, now: datetime) -> tuple[Step, ...]:
    course = _Course(complaint, now)
    check(course.complaint, command)
    check_pace(course.complaint, command, now)
    _check_instants(course.complaint, command, now + TOLERANCE)
    course.follow(COMMANDS[type(command)].decide(course.complaint, command, now))
    for policy in POLICIES[type(command).verb]:
        course.follow(policy.decide(course.complaint, command, now))
    return course.ended()


def _open(complaint: Complaint, command: Open, now: datetime) -> tuple[Step, ...]:
    """The first events: received, and what each feature adds to that."""
    course = _Course(complaint, now)
    course.follow(receive(complaint, command, now))
    for at_opening in AT_OPENING:
        if more := at_opening(course.complaint, now):
            course.follow(more)
    return (*course.steps, *fallen_due(course.complaint, now))


def _check_instants(complaint: Complaint, command: Command, latest: datetime) -> None:
    """Raise if something that is told is said to come later, or before what it answers.

    `InvalidCommand` for both, `BeyondCalendar` for a day on which nothing can be counted.
    """
    for field in _instants_of(type(command)):
        at: datetime | None = getattr(command, field)
        if at is not None:
            check_past(field, at, latest)
            complaint.rules.calendar.local_day(at)
    answers = COMMANDS[type(command)].answers
    if answers and isinstance(command, Entered):
        contact = rests_on(complaint, command) if isinstance(command, RestsOn) else None
        said = contact.received_at if contact else command.received_at
        if said:
            check_not_before("received_at", said, *answers(complaint, command))


@cache
def _instants_of(kind: type[Command]) -> tuple[str, ...]:
    told = ("received_at", "answered_at", "requested_at")
    return tuple(name for name in told if name in kind.model_fields)
