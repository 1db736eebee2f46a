"""Staffing: who is at work when, and how many people the work asks for.

Owns the absences, which have draws of their own, and the suggestion for a scenario without staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from domain.charter.rules import Rules
from domain.vocabulary import Role
from simulation.scenario.model import BadScenario, Scenario, Span, Task
from simulation.world.arrivals import Openings
from simulation.world.random_streams import RandomStreams
from simulation.world.working_time import Hours, Second, Timeline

BUSY = 0.85
"""The share of their working time that people are busy for, where the staff is suggested."""
MOST_SUGGESTED = 20_000
"""More people are asked for by a slip of the pen in the minutes."""
_DAYS_A_WEEK = 7


def roles_of(rules: Rules) -> tuple[Role, ...]:
    """The roles that review at the stages of a charter, in the order of its ladder."""
    return tuple(dict.fromkeys(stage.role for stage in rules.ladder if stage.role))


def check_roles(staff: Mapping[Role, int], charters: tuple[Rules, ...]) -> None:
    """Raise `BadScenario` for people of a role that reviews nothing under any of the charters."""
    known = dict.fromkeys(role for rules in charters for role in roles_of(rules))
    for role in staff:
        if role not in known:
            names = " or ".join(rules.charter.id for rules in charters)
            what = f"{role} reviews at no stage of {names}"
            raise BadScenario("--staff", what, ", ".join(known))


def suggested(rules: Rules, scenario: Scenario, span: Span, timeline: Timeline) -> dict[Role, int]:
    """People who would be busy for most of their time with what comes, per role that the scenario does not staff.

    Raises `BadScenario` for work that no office could take in.
    """
    there = timeline.office.total * (1 - scenario.absence) * BUSY
    work: dict[Role, float] = {}
    entering = Openings(scenario.arrivals, rules).shares
    coming = 0.0
    for stage in rules.ladder:
        coming += entering.get(stage.id, 0.0)
        if stage.role and stage.role not in scenario.staff:
            work[stage.role] = work.get(stage.role, 0.0) + coming * _seconds(scenario, stage.role)
        coming *= scenario.choices.escalate
    if not there:
        return dict.fromkeys(work, 1)
    people = {role: span.complaints * each / there for role, each in work.items()}
    for role, asked in people.items():
        if not asked <= MOST_SUGGESTED:
            what = f"the work of {role} asks for {asked:.3g} people"
            raise BadScenario("minutes", what, f"work for {MOST_SUGGESTED:,} people at most")
    return {role: max(1, ceil(asked)) for role, asked in people.items()}


def _seconds(scenario: Scenario, role: Role) -> float:
    """Working time of one complaint at one stage, on the mean."""
    contact = scenario.choices.write_again * scenario.time_for(role, Task.CONTACT).mean
    words = max(scenario.time_for(role, task).mean for task in (Task.ACKNOWLEDGE, Task.INTRODUCE))
    return 60 * (scenario.time_for(role, Task.REPLY).mean + contact + words)


def working_hours(
    role: Role, people: int, absence: float, timeline: Timeline, streams: RandomStreams
) -> list[Hours]:
    """When each of so many people of a role is at work; the office's own hours if nobody is away."""
    if not absence:
        return [timeline.office] * people
    days = timeline.working_days
    return [Hours(_attended(role, one, absence, days, streams)) for one in range(people)]


def _attended(
    role: Role, one: int, absence: float, days: list[tuple[int, Second, Second]],
    streams: RandomStreams,
) -> list[tuple[Second, Second]]:  # fmt: skip
    """The working days on which somebody is at work."""
    draws: dict[int, list[float]] = {}
    attended = []
    for day, opens, closes in days:
        week, weekday = divmod(day, _DAYS_A_WEEK)
        if week not in draws:
            draws[week] = streams.of_absence(role, one, week)
        if draws[week][weekday] >= absence:
            attended.append((opens, closes))
    return attended
