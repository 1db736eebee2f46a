"""The scenario: how complaints come, who is there to answer them, and what people do.

Owns the values and their defaults. How a scenario file is read and checked is in `file`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from domain.errors import UpholdError
from domain.vocabulary import Channel, Correspondent, Role
from simulation.scenario.distributions import (
    Distribution,
    Exponential,
    LogNormal,
    Triangular,
    Uniform,
)

MOST_COMPLAINTS = 5_000_000
MOST_DAYS = 1_096


class BadScenario(UpholdError, ValueError):
    """Something in a scenario that cannot be simulated: where, what, and what is allowed."""

    def __init__(self, where: str, what: str, allowed: str = "") -> None:
        """`where` is the table and key, or the option."""
        self.where, self.what, self.allowed = where, what, allowed
        super().__init__(f"{where}: {what}.{f' Allowed: {allowed}.' if allowed else ''}")


class Pattern(StrEnum):
    """How arrivals are spread over the days."""

    POISSON = "poisson"
    UNIFORM = "uniform"
    WEEKLY = "weekly"


class Order(StrEnum):
    """Which task somebody who is free takes first."""

    DUE_FIRST = "due-first"
    FIRST_COME = "first-come"


class Task(StrEnum):
    """What staff spend time on."""

    ACKNOWLEDGE = "acknowledge"
    INTRODUCE = "introduce"
    UPDATE = "update"
    CONTACT = "contact"
    REPLY = "reply"


MINUTES: Mapping[Task, Distribution] = MappingProxyType(
    {
        Task.ACKNOWLEDGE: Uniform(5, 15),
        Task.INTRODUCE: Uniform(10, 20),
        Task.UPDATE: Triangular(5, 10, 30),
        Task.CONTACT: Triangular(5, 15, 60),
        Task.REPLY: LogNormal(median=120, p90=300),
    }
)
"""Minutes of work that each task takes, unless the scenario says otherwise."""

_CHANNELS = {
    Channel.EMAIL: 45.0,
    Channel.PHONE: 20.0,
    Channel.LETTER: 10.0,
    Channel.WEB_FORM: 20.0,
    Channel.VISIT: 5.0,
}
_CORRESPONDENTS = {
    Correspondent.CUSTOMER: 88.0,
    Correspondent.RELATIVE: 4.0,
    Correspondent.FRIEND: 1.0,
    Correspondent.PROFESSIONAL: 4.0,
    Correspondent.ORGANISATION: 1.0,
    Correspondent.MP: 2.0,
}
_DAYS = (24.0, 20.0, 18.0, 17.0, 14.0, 4.0, 3.0)
_HOURS = (*[0.2] * 6, 0.5, 1.5, 4, 8, 9, 9, 8, 8, 8, 8, 7, 5, 4, 4, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How complaints come; weights are relative to each other."""

    pattern: Pattern = Pattern.POISSON
    channels: Mapping[Channel, float] = field(default_factory=lambda: dict(_CHANNELS))
    correspondents: Mapping[Correspondent, float] = field(
        default_factory=lambda: dict(_CORRESPONDENTS)
    )
    stages: Mapping[str, float] = field(default_factory=dict)
    """The stages at which complaints open; none for the first of the ladder."""
    days: tuple[float, ...] = _DAYS
    """Monday to Sunday, for the weekly pattern."""
    hours: tuple[float, ...] = _HOURS
    """The 24 hours of a day, local time, for the weekly pattern."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How often what happens, as shares of 1."""

    write_again: float = 0.15
    """Of the complaints at a stage: the customer writes once more before the reply."""
    pause: float = 0.08
    """Of the replies: facts have to be checked half way through, and the complaint is paused."""
    extend: float = 0.3
    """Of the replies of which staff are warned: the date is moved, where the charter allows it."""
    accept: float = 0.45
    """Of the replies: the customer says that they are content."""
    escalate: float = 0.12
    """Of the replies: the customer asks for the next stage. The others say nothing more."""


@dataclass(frozen=True, slots=True)
class Delays:
    """How long people outside take, in calendar days."""

    write_again: Distribution = field(default=Uniform(1, 12))
    """From the stage's beginning."""
    pause: Distribution = field(default=Exponential(8))
    """From the pause to the facts."""
    accept: Distribution = field(default=Exponential(5))
    """From the reply."""
    escalate: Distribution = field(default=Triangular(0, 7, 28))
    """From the reply."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything about the world that a simulation needs beside a charter."""

    arrivals: Arrivals = Arrivals()
    staff: Mapping[Role, int] = field(default_factory=dict)
    """People per role; a role that is not in it gets as many as the work asks for (`staffing`)."""
    minutes: Mapping[tuple[Role | None, Task], Distribution] = field(default_factory=dict)
    """Minutes of a task for one role, or for all; `MINUTES` for what is not in it."""
    choices: Choices = Choices()
    delays: Delays = Delays()
    absence: float = 0.1
    """The share of working days on which somebody is away."""
    order: Order = Order.DUE_FIRST

    def time_for(self, role: Role, task: Task) -> Distribution:
        """Minutes of work that the task takes somebody of that role."""
        own = self.minutes.get((role, task)) or self.minutes.get((None, task))
        return own or MINUTES[task]


@dataclass(frozen=True, slots=True)
class Span:
    """How many complaints come, in how many days from when on, and the seed of what they draw."""

    complaints: int
    days: int
    first_day: date
    seed: int = 1

    def __post_init__(self) -> None:
        """Raise `BadScenario` for counts that nobody can mean."""
        for option, value, most in (
            ("--complaints", self.complaints, MOST_COMPLAINTS),
            ("--days", self.days, MOST_DAYS),
        ):
            if not 1 <= value <= most:
                raise BadScenario(option, f"{value} is out of bounds", f"1 to {most:,}")
