"""Queues: how many tasks wait for whom at each month's end, and at the end of all.

Owns the readings; nothing is changed by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.vocabulary import Role
from simulation.desk import Desk
from simulation.hours import Second
from simulation.play import Play


@dataclass(frozen=True, slots=True)
class Queue:
    """How one role fared. Days are the office's working days, with decimals."""

    role: Role
    people: int
    suggested: bool
    """Whether the scenario named no number, and the work asked for so many."""
    taken: int
    """Tasks that were begun."""
    waiting: int
    """Tasks that nobody had begun at the end."""
    in_hand: int
    """Tasks that somebody was at."""
    longest_wait_days: float
    """Of the tasks that were begun and of those that still wait."""
    utilisation: float | None
    """Percent of the people's working time; none where nobody sits."""
    by_month: dict[str, int]
    """Tasks that waited when each month ended."""


class MonthEnds:
    """Reads the queues when each month ends, and at the end."""

    def __init__(self, play: Play) -> None:
        """Notes the readings down in the play that is about to run."""
        self.read: dict[str, dict[Role, int]] = {}
        self._play = play
        timeline = play.timeline
        for day in timeline.every_day():
            following = day + timedelta(days=1)
            if following.month != day.month:
                at = timeline.second(timeline.calendar.instant(following, 0)) - 1
                play.at(at, self._reading, _month(day), None)
        self._last = _month(timeline.first_day + timedelta(days=timeline.days - 1))

    def _reading(self, _: Second, month: str, __: None) -> None:
        self.read[month] = {role: len(desk.waiting()) for role, desk in self._play.desks.items()}

    def queues(self, suggested: frozenset[Role]) -> tuple[Queue, ...]:
        """How every role fared, once the play has ended."""
        self._reading(0, self._last, None)
        return tuple(
            self._queue(desk, desk.role in suggested) for desk in self._play.desks.values()
        )

    def _queue(self, desk: Desk, suggested: bool) -> Queue:
        timeline, waiting = self._play.timeline, desk.waiting()
        office = desk.office
        days = sum(1 for day in timeline.every_day() if timeline.calendar.is_working(day))
        longest = max([desk.longest_wait, *(desk.waited(job, timeline.end) for job in waiting)])
        return Queue(
            role=desk.role,
            people=len(desk.people),
            suggested=suggested,
            taken=desk.taken,
            waiting=len(waiting),
            in_hand=desk.taken - desk.done,
            longest_wait_days=round(longest * days / office.total, 2),
            utilisation=round(100 * desk.busy / desk.capacity, 1) if desk.capacity else None,
            by_month={month: read[desk.role] for month, read in self.read.items()},
        )


def _month(day: date) -> str:
    return f"{day.year}-{day.month:02}"
