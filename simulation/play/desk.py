"""A desk: the people of one role, what waits for them, and who takes what when.

Owns the queue and the time that people spend. Whoever is free and at work takes the next task and
keeps it until it is done, over nights and over days on which they are away. What a task means for
the complaint is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from domain.vocabulary import Role
from simulation.play.actors import StaffMember
from simulation.play.lifecycle import Lifecycle
from simulation.scenario.model import Task
from simulation.world.working_time import NEVER, Hours, Second


@dataclass(slots=True, eq=False)
class Job:
    """One task on one complaint; it lapses when the complaint has moved on before it is begun."""

    task: Task
    life: Lifecycle
    rung: int
    work: Second
    """Working time."""
    asked: Second
    """When it was asked for."""
    number: int
    """That of the contact, of the update or of the first word."""

    @property
    def lapsed(self) -> bool:
        """Whether nobody waits for it any more."""
        life = self.life
        complaint = life.complaint
        return life.rung != self.rung or bool(complaint.reply or complaint.closed)


class Desk:
    """The people of one role and their queue."""

    __slots__ = (
        "_all_alike", "_free", "_serial", "busy", "done", "longest_wait", "office", "opens",
        "people", "queue", "role", "staff", "taken",
    )  # fmt: skip

    def __init__(self, role: Role, people: list[Hours], office: Hours) -> None:
        """`people` are the hours of each; `office` is when the organisation is open."""
        self.role, self.people, self.office = role, people, office
        self.staff = [StaffMember(role, number) for number in range(len(people))]
        self.busy: Second = 0
        """Working time spent."""
        self.taken, self.done = 0, 0
        self.longest_wait: Second = 0
        """In the office's working time; of the tasks that were taken."""
        self.opens: Second = NEVER
        """When somebody comes back to what waits, if that was noted down."""
        self._free = list(range(len(people)))
        self.queue: list[tuple[Second, int, Job]] = []
        """What waits: the first to be taken first."""
        self._serial = 0
        self._all_alike = all(hours is people[0] for hours in people)

    @property
    def capacity(self) -> Second:
        """All the working time of all its people."""
        return sum(hours.total for hours in self.people)

    def enqueue(self, job: Job, key: Second) -> None:
        """Put the job into the queue; the lowest key is taken first, then what came first."""
        self._serial += 1
        heappush(self.queue, (key, self._serial, job))

    def somebody_idle(self, now: Second) -> int | None:
        """Somebody who is at work, has nothing to do and finds nothing waiting; now they are taken."""
        return None if self.queue or not self._free else self._somebody_at_work(now)

    def somebody_for_the_queue(self, now: Second) -> int | None:
        """Somebody who is at work and for whom something waits; now they are taken."""
        queue = self.queue
        while queue and queue[0][2].lapsed:
            heappop(queue)
        return self._somebody_at_work(now) if queue and self._free else None

    def next_job(self) -> Job:
        """What waits and is taken first."""
        return heappop(self.queue)[2]

    def begin(self, job: Job, person: int, now: Second) -> Second:
        """When the person will have done the job that they begin now."""
        self.taken += 1
        if now - job.asked > self.longest_wait:  # working time is never longer
            self.longest_wait = max(self.longest_wait, self.waited(job, now))
        hours = self.people[person]
        done = hours.after(now, job.work)
        self.busy += job.work if done != NEVER else hours.total - hours.worked(now)
        return done

    def free(self, person: int) -> None:
        """Somebody has finished their job."""
        self.done += 1
        heappush(self._free, person)

    def back_at(self, now: Second) -> Second:
        """When the first of those who are free is at work; `NEVER` if nothing waits for them."""
        if not self.queue or not self._free:
            return NEVER
        some = self._free[:1] if self._all_alike else self._free
        return min([self.people[one].opens_at(now) for one in some])

    def waiting(self) -> list[Job]:
        """The jobs that nobody has begun."""
        return [job for _, _, job in self.queue if not job.lapsed]

    def waited(self, job: Job, now: Second) -> Second:
        """For how much of the office's working time a job has waited."""
        return self.office.worked(now) - self.office.worked(job.asked)

    def _somebody_at_work(self, now: Second) -> int | None:
        """The first of those who are free and at work."""
        free, people = self._free, self.people
        if people[free[0]].opens_at(now) == now:
            return heappop(free)
        there = [] if self._all_alike else [one for one in free if people[one].opens_at(now) == now]
        if not there:
            return None
        found = min(there)
        free.remove(found)
        heapify(free)
        return found
