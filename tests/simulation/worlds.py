"""Simulations for tests: small, hard on the people in them, and seen step by step.

Owns the scenarios, and the retelling of a simulated complaint as a story that the laws can judge.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from domain.charter.rules import Rules
from domain.complaint.decider.decide import AnyCommand
from domain.complaint.decider.react import react
from domain.complaint.state import Complaint
from domain.vocabulary import Channel, Correspondent, Role
from simulation.play.lifecycle import Lifecycle
from simulation.results.result import Result
from simulation.run import World
from simulation.scenario.distributions import Uniform
from simulation.scenario.model import Arrivals, Choices, Order, Pattern, Scenario, Span, Task
from simulation.world.working_time import Second, Timeline
from tests.domain.playing.stories import Story, rules_of
from tests.domain.playing.watching import Watch

FIRST_DAY = date(2026, 9, 1)
EVENTFUL = Scenario(
    choices=Choices(write_again=0.6, pause=0.4, extend=0.7, accept=0.3, escalate=0.5),
    minutes={(None, Task.REPLY): Uniform(120, 4000)},
    absence=0.2,
)
"""Long replies, and customers who are not content."""
PLAIN = Scenario(
    choices=Choices(write_again=0, pause=0, extend=0, accept=0, escalate=0),
    minutes={(None, task): Uniform(60, 60) for task in Task},
    absence=0,
    order=Order.FIRST_COME,
)
"""Nothing happens but the reply, which takes an hour."""


def span(complaints: int = 40, days: int = 120, seed: int = 1) -> Span:
    """So many complaints from the first of September 2026 on."""
    return Span(complaints, days, FIRST_DAY, seed)


def timeline(days: int = 60) -> Timeline:
    """So many days from the first of September 2026 on, in an English office."""
    return Timeline.of(rules_of("financial-ombudsman").calendar, FIRST_DAY, days)


def play(charter: str | Rules, scenario: Scenario = EVENTFUL, given: Span | None = None) -> Result:
    """What becomes of the complaints under the charter."""
    rules = rules_of(charter) if isinstance(charter, str) else charter
    return World(scenario, given or span(), (rules,)).play(rules)


def staffed(scenario: Scenario, count: int) -> Scenario:
    """The same with so many case handlers."""
    return replace(scenario, staff={Role.CASE_HANDLER: count})


def only(channel: Channel, scenario: Scenario = PLAIN) -> Scenario:
    """The same, and every complaint comes from a customer by that channel."""
    mix = Arrivals(channels={channel: 1.0}, correspondents={Correspondent.CUSTOMER: 1.0})
    return replace(scenario, arrivals=mix)


def evenly(scenario: Scenario) -> Scenario:
    """The same, and complaints come one after the other, the last well before the end."""
    return replace(scenario, arrivals=replace(scenario.arrivals, pattern=Pattern.UNIFORM))


@dataclass(slots=True)
class Seen:
    """Every step of every complaint, in order."""

    lives: dict[int, list[tuple[AnyCommand, Second, Complaint, tuple[Any, ...]]]] = field(
        default_factory=dict
    )
    standing: dict[int, Complaint] = field(default_factory=dict)

    def watch(
        self, life: Lifecycle, command: AnyCommand, now: Second, steps: tuple[Any, ...]
    ) -> None:
        """Note what the core was asked, of which complaint, and what it said."""
        before = self.standing.get(life.number) or Complaint(steps[0].complaint.rules)
        self.lives.setdefault(life.number, []).append((command, now, before, steps))
        self.standing[life.number] = life.complaint


class Retold(Story):
    """A simulated complaint as a story; nothing is decided anew."""

    def __init__(self, rules: Rules) -> None:
        """Nothing has happened yet."""
        self.rules, self.complaint = rules, Complaint(rules)
        self.events, self.notices, self.steps = [], [], []
        self._watch = Watch()

    def add(self, steps: tuple[Any, ...]) -> list[Any]:
        """The notices that these steps owe, once they are told."""
        owed: list[Any] = []
        for step in steps:
            self.events.append(step.event)
            letters = react(step.complaint, step.event)
            self._watch.see(self.complaint, step.event, step.complaint, letters)
            owed += letters
            self.complaint = step.complaint
        self._watch.rest(self.complaint, steps[-1].event.at)
        self.notices += owed
        return owed


def seen(
    charter: str, scenario: Scenario = EVENTFUL, given: Span | None = None
) -> tuple[Result, Seen, World]:  # fmt: skip
    """A simulation with everything that the core was asked in it."""
    rules, notes = rules_of(charter), Seen()
    world = World(scenario, given or span(), (rules,))
    return world.play(rules, observer=notes.watch), notes, world
