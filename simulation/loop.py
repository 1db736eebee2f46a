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
from domain.complaint.commands import AnyCommand, Tick
from domain.complaint.decider.decide import take
from domain.complaint.decider.timers import next_wake
from domain.errors import Refused
from simulation.hours import NEVER, Second, Timeline
from simulation.life import Life, Where
from simulation.tally import Tally

Watch = Callable[[Life, AnyCommand, Second, tuple[Any, ...]], None]
"""Is told of every command that the core took: the life after it, and the steps."""
Follow = Callable[[Life, Any, Second], None]
"""What people do because of an event."""

_TICK = Tick()
_TOLD_EVERY = 256


class Loop:
    """Time, and the complaints that it passes for."""

    def __init__(self, rules: Rules, timeline: Timeline, watch: Watch | None) -> None:
        """`watch` sees everything that the core is asked, and what it said."""
        self.rules, self.timeline = rules, timeline
        self.tally = Tally()
        self.tally.add_rows(rules)
        self.places: Counter[Where] = Counter()
        """Where the complaints are: those that have ended, and at the end all."""
        self.refusals: Counter[str] = Counter()
        """What the core refused to take, by the refusal's name."""
        self.happened: Counter[str] = Counter()
        """How often each kind of event happened."""
        self.follow: dict[type, Follow] = {}
        self.open: dict[int, Life] = {}
        """The complaints that have not ended, by number."""
        self._watch, self._end = watch, timeline.end
        self._heap: list[tuple[Second, int, Callable[..., None], Any, Any]] = []
        self._serial = 0

    def run(
        self,
        arrivals: list[tuple[Second, int]],
        arrive: Callable[[Second, int], None],
        moved: Callable[[int], None],
    ) -> None:
        """Play until the last day ends; `moved` is told how many have come."""
        heap, end = self._heap, self._end
        for count, (at, number) in enumerate(arrivals):
            while heap and heap[0][0] < at:
                now, _, happens, one, other = heappop(heap)
                happens(now, one, other)
            arrive(at, number)
            if not count % _TOLD_EVERY:
                moved(count)
        while heap and heap[0][0] < end:
            now, _, happens, one, other = heappop(heap)
            happens(now, one, other)
        moved(len(arrivals))
        for life in self.open.values():
            self.tally.count(life.complaint)
            self.places[life.where] += 1

    def at(self, when: Second, happens: Callable[..., None], one: Any, other: Any) -> None:
        """Note down what happens then; what lies past the end is left out."""
        if when < self._end:
            self._serial += 1
            heappush(self._heap, (when, self._serial, happens, one, other))

    def act(self, life: Life, command: AnyCommand, now: Second) -> bool:
        """Whether the core took the command; what follows from its events has been done."""
        try:
            steps = take(life.complaint, command, self.timeline.instant(now))
        except Refused as refusal:
            self.refusals[refusal.kind] += 1
            return False
        if steps:
            life.complaint = steps[-1].complaint
            if self._watch:
                self._watch(life, command, now, steps)
            happened, follow = self.happened, self.follow
            for step in steps:
                event = step.event
                happened[event.kind] += 1
                if type(event) in follow:
                    follow[type(event)](life, event, now)
            if life.complaint.closed:
                self._end_life(life)
            else:
                self._note_wake(life)
        return True

    def _end_life(self, life: Life) -> None:
        life.next_wake = NEVER
        if self.open.pop(life.number, None):
            self.tally.count(life.complaint)
            self.places[Where.FINISHED] += 1

    def _note_wake(self, life: Life) -> None:
        wake = next_wake(life.complaint)
        life.next_wake = self.timeline.second(wake) if wake else NEVER
        if life.next_wake < life.waking_at:
            life.waking_at = life.next_wake
            self.at(life.next_wake, self._wake, life, None)

    def _wake(self, now: Second, life: Life, _: None) -> None:
        if now != life.waking_at:
            return  # an earlier one was noted down since, and has seen to it
        life.waking_at = NEVER
        if life.next_wake <= now:
            self.act(life, _TICK, now)
        elif life.next_wake < NEVER:
            life.waking_at = life.next_wake
            self.at(life.next_wake, self._wake, life, None)
