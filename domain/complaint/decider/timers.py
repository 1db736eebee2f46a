"""Timers: the instants at which a complaint has to wake, and what happens then.

Owns `next_wake` and `fallen_due`; what falls due is with each feature. A timer is due at its instant
exactly: a clock whose time has come is missed even if whoever would have met it comes in the same second.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.calendar.pinned import BeyondCalendar
from domain.complaint.decider.evolve import Step, evolve
from domain.complaint.decider.registry import TIMERS, TIMERS_AFTER_END, WAKES, WAKES_AFTER_END
from domain.complaint.feature import Timer
from domain.complaint.features.dates.promises import with_one_apology_each
from domain.complaint.policies.after_end import heard_until
from domain.complaint.state import Complaint, once


def timers(complaint: Complaint) -> Iterator[Timer]:
    """Everything that the complaint waits for: of one instant, the first is taken first."""
    # What lies beyond the calendar waits until that is refreshed; nothing else waits for it.
    for waits in TIMERS_AFTER_END if complaint.closed else TIMERS:
        try:
            yield from waits(complaint)
        except BeyondCalendar:
            continue


@once
def next_wake(complaint: Complaint) -> datetime | None:
    """The earliest instant (UTC) at which time alone changes something, or none."""
    first = min(_instants(complaint), default=None)
    return first or (heard_until(complaint) if complaint.closed else None)


def _instants(complaint: Complaint) -> list[datetime]:
    """Those of `timers`, without making any."""
    held, found = vars(complaint), list[datetime]()
    try:
        for need, wakes in WAKES_AFTER_END if complaint.closed else WAKES:
            if held[need]:
                found += wakes(complaint)
    except BeyondCalendar:  # those that can be counted, then
        return [timer.at for timer in timers(complaint)]
    return found


def wakes_for(complaint: Complaint) -> str:
    """What the next wake-up is for, in a few words without personal data."""
    first = min(timers(complaint), key=lambda timer: timer.at, default=None)
    return first.why if first else "the time to be heard after the end is over"


def finished(complaint: Complaint, now: datetime) -> bool:
    """Whether nothing can happen to the complaint any more at `now`."""
    if complaint.closed is None or complaint.remedies_owed:
        return False
    until = heard_until(complaint)
    return (until is None or now >= until) and not any(timers(complaint))


def fallen_due(complaint: Complaint, now: datetime) -> tuple[Step, ...]:
    """Everything that was due by `now`, in the order in which it fell due."""
    steps: list[Step] = []
    while True:
        # Mostly nothing has, and when it will was found when the complaint last changed.
        wake = next_wake(complaint)
        due = []
        if wake is not None and wake <= now:
            due = [
                timer
                for timer in timers(complaint)
                if timer.at <= now and (timer.lapses is None or now < timer.lapses)
            ]
        if not due:
            return with_one_apology_each(steps) if steps else ()
        event = min(due, key=lambda timer: timer.at).event(number=complaint.events + 1, at=now)
        complaint = evolve(complaint, event)
        steps.append(Step(event, complaint))
