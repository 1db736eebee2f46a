"""Queues: how many tasks wait for whom at each month's end, and at the end of all.

Owns the readings; nothing is changed by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from domain.vocabulary import Role
from simulation.play.behaviour import Play
from simulation.play.desk import Desk
from simulation.world.working_time import Second


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
        self._read: dict[str, dict[Role, int]] = {}
        self._play = play
        timeline = play.timeline
        for day in timeline.every_day():
            following = day + timedelta(days=1)
            if following.month != day.month:
                at = timeline.second(timeline.calendar.instant(following, 0)) - 1
                play.at(at, self._read_queues, day, None)

    def _read_queues(self, _: Second, day: date, __: None) -> None:
        counts = {role: len(desk.waiting()) for role, desk in self._play.desks.items()}
        self._read[f"{day.year}-{day.month:02}"] = counts

    def queues(self, suggested: frozenset[Role]) -> tuple[Queue, ...]:
        """How every role fared, once the play has ended."""
        *_, last_day = self._play.timeline.every_day()
        self._read_queues(0, last_day, None)
        return tuple(
            self._queue(desk, desk.role in suggested) for desk in self._play.desks.values()
        )

    def _queue(self, desk: Desk, suggested: bool) -> Queue:
        timeline, waiting = self._play.timeline, desk.waiting()
        longest = max([desk.longest_wait, *(desk.waited(job, timeline.end) for job in waiting)])
        return Queue(
            role=desk.role,
            people=len(desk.people),
            suggested=suggested,
            taken=desk.taken,
            waiting=len(waiting),
            in_hand=desk.taken - desk.done,
            longest_wait_days=round(longest * len(timeline.working_days) / desk.office.total, 2),
            utilisation=round(100 * desk.busy / desk.capacity, 1) if desk.capacity else None,
            by_month={month: counts[desk.role] for month, counts in self._read.items()},
        )
