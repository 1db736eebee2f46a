"""The loop: simulated time passes, and the core says what follows from what is done.

Owns the heap of what comes next, and every call of the core. It does what the durable workflow does
(wake, decide, evolve) by the very same functions, and leaves out what a simulation does not need:
it sends no notices. A complaint that only waits costs nothing until its next wake-up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from domain.charter.rules import Rules
from domain.complaint.commands import Tick
from domain.complaint.decider.decide import AnyCommand, take
from domain.complaint.decider.timers import next_wake
from domain.complaint.state import Complaint
from domain.errors import Refused
from simulation.play.lifecycle import Lifecycle, Place
from simulation.world.working_time import NEVER, Second, Timeline

Observer = Callable[[Lifecycle, AnyCommand, Second, tuple[Any, ...]], None]
"""Is told of every command that the core took: the complaint after it, and the steps."""
Reaction = Callable[[Lifecycle, Any, Second], None]
"""What people do because of an event."""

_TICK = Tick()
_TOLD_EVERY = 256


class Loop:
    """Time, and the complaints that it passes for."""

    def __init__(
        self, rules: Rules, timeline: Timeline, count: Callable[[Complaint], None],
        observer: Observer | None,
    ) -> None:  # fmt: skip
        """`count` is told each complaint once, as it ends or stands with the last day.

        `observer` sees everything that the core is asked, and what it said.
        """
        self.rules, self.timeline = rules, timeline
        self.places: Counter[Place] = Counter()
        """Where the complaints are: those that have ended, and at the end all."""
        self.refusals: Counter[str] = Counter()
        """What the core refused to take, by the refusal's name."""
        self.happened: Counter[str] = Counter()
        """How often each kind of event happened."""
        self.reactions: dict[str, Reaction] = {}
        """What people do, by the kind of event."""
        self.open: dict[int, Lifecycle] = {}
        """The complaints that have not ended, by number."""
        self._count, self._observer, self._end = count, observer, timeline.end
        self._heap: list[tuple[Second, int, Callable[..., None], Any, Any]] = []
        self._serial = 0

    def run(
        self,
        arrivals: list[tuple[Second, int]],
        arrive: Callable[[Second, int], None],
        progress: Callable[[int], None],
    ) -> None:
        """Play until the last day ends; `progress` is told how many have come."""
        for count, (at, number) in enumerate(arrivals):
            self._pass_until(at)
            arrive(at, number)
            if not count % _TOLD_EVERY:
                progress(count)
        self._pass_until(self._end)
        progress(len(arrivals))
        for life in self.open.values():
            self._count(life.complaint)
            self.places[life.place] += 1

    def _pass_until(self, then: Second) -> None:
        heap = self._heap
        while heap and heap[0][0] < then:
            now, _, happens, one, other = heappop(heap)
            happens(now, one, other)

    def at(self, when: Second, happens: Callable[..., None], one: Any, other: Any) -> None:
        """Note down what happens then; what lies past the end is left out."""
        if when < self._end:
            self._serial += 1
            heappush(self._heap, (when, self._serial, happens, one, other))

    def act(self, life: Lifecycle, command: AnyCommand, now: Second) -> bool:
        """Whether the core took the command; what follows from its events has been done."""
        try:
            steps = take(life.complaint, command, self.timeline.instant(now))
        except Refused as refusal:
            self.refusals[refusal.kind] += 1
            return False
        if not steps:
            return True
        life.complaint = steps[-1].complaint
        if self._observer:
            self._observer(life, command, now, steps)
        for step in steps:
            kind = step.event.kind
            self.happened[kind] += 1
            if kind in self.reactions:
                self.reactions[kind](life, step.event, now)
        if life.complaint.closed:
            self._finish(life)
        else:
            self._note_wake(life)
        return True

    def _finish(self, life: Lifecycle) -> None:
        life.next_wake = NEVER
        if self.open.pop(life.number, None):
            self._count(life.complaint)
            self.places[Place.FINISHED] += 1

    def _note_wake(self, life: Lifecycle) -> None:
        wake = next_wake(life.complaint)
        life.next_wake = when = self.timeline.second(wake) if wake else NEVER
        if when < life.waking_at:
            life.waking_at = when
            self.at(when, self._wake, life, None)

    def _wake(self, now: Second, life: Lifecycle, _: None) -> None:
        if now != life.waking_at:
            return  # an earlier one was noted down since, and has seen to it
        life.waking_at = NEVER
        if life.next_wake <= now:
            self.act(life, _TICK, now)
        elif life.next_wake < NEVER:
            life.waking_at = life.next_wake
            self.at(life.next_wake, self._wake, life, None)
