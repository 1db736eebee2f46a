"""Scenario files: how a scenario is written as TOML, and every fault named with its place.

Owns the readers of the tables; the values and their defaults are in `model`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from domain.charter.terms import WEEKDAYS
from domain.vocabulary import REVIEWERS, Channel, Correspondent, Role
from simulation.scenario.distributions import ALLOWED, Distribution, distribution_from
from simulation.scenario.model import (
    Arrivals,
    BadScenario,
    Choices,
    Delays,
    Order,
    Pattern,
    Scenario,
    Task,
)

MOST_PEOPLE = 2000
"""More people in one role are a slip of the pen."""
THE_FILE = "the file"
_ROLES = tuple(role for role in Role if role in REVIEWERS)
_HOURS_A_DAY = 24

Word = TypeVar("Word", bound=StrEnum)


Reader = Callable[[Any, str], Any]
"""Takes what a file has, and at which place; returns what is meant. Raises `BadScenario`."""


def scenario_from(text: str) -> Scenario:
    """The scenario that TOML text describes. Raises `BadScenario` naming table, key and value."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadScenario(THE_FILE, f"is not TOML: {error}") from None
    readers: dict[str, Reader] = {
        "arrivals": _arrivals, "staff": staff_from, "minutes": _minutes, "choices": _choices,
        "delays": _delays, "absence": share, "order": partial(word, Order),
    }  # fmt: skip
    return Scenario(**_read(content, THE_FILE, readers))


def staff_from(content: Any, where: str) -> dict[Role, int]:
    """People per role. Raises `BadScenario` for a role that reviews nothing, or a bad number."""
    found: dict[Role, int] = {}
    for name, count in _table(content, where).items():
        if name not in _ROLES:
            raise BadScenario(f"{where}.{name}", "is no role that reviews", ", ".join(_ROLES))
        if not isinstance(count, int) or not _is_number(count, MOST_PEOPLE):
            what = f"{count!r} is no number of people"
            raise BadScenario(f"{where}.{name}", what, f"0 to {MOST_PEOPLE}")
        found[Role(name)] = count
    return found


def share(value: Any, where: str) -> float:
    """A share of 1. Raises `BadScenario`."""
    if not _is_number(value, 1):
        raise BadScenario(where, f"{value!r} is no share", "a number from 0 to 1")
    return float(value)


def word(words: type[Word], value: Any, where: str) -> Word:
    """One of a list of words. Raises `BadScenario` with the list."""
    if value not in tuple(words):
        raise BadScenario(where, f"{value!r} is not known", ", ".join(words))
    return words(value)


def _arrivals(content: Any, where: str) -> Arrivals:
    def days(table: Any, at: str) -> tuple[float, ...]:
        weights = _mix(WEEKDAYS, table, at)
        return tuple(weights.get(day, 0.0) for day in WEEKDAYS)

    readers: dict[str, Reader] = {
        "pattern": partial(word, Pattern), "channels": partial(_mix, Channel),
        "correspondents": partial(_mix, Correspondent), "stages": partial(_mix, None),
        "days": days, "hours": _hours,
    }  # fmt: skip
    return Arrivals(**_read(content, where, readers))


def _hours(content: Any, where: str) -> tuple[float, ...]:
    if not isinstance(content, list) or len(content) != _HOURS_A_DAY:
        raise BadScenario(where, "is not a list of 24 weights")
    return tuple(_mix(None, dict(enumerate(content)), where).values())


def _mix(known: Iterable[Any] | None, content: Any, where: str) -> dict[Any, float]:
    """Weights by what has them; the stages are the charter's and not `known` here."""
    # In the order of the vocabulary: the order in a file must not change anybody's draws.
    order = sorted(_table(content, where)) if known is None else tuple(known)
    weights = _read(content, where, dict.fromkeys(order, _weight))
    if not any(weights.values()):
        raise BadScenario(where, "has no weight above 0")
    return {key: weights[key] for key in order if key in weights}


def _weight(value: Any, where: str) -> float:
    if not _is_number(value, math.inf) or value == math.inf:
        raise BadScenario(where, f"{value!r} is no weight", "a number from 0 on")
    return float(value)


def _minutes(content: Any, where: str) -> dict[tuple[Role | None, Task], Distribution]:
    of_tasks: dict[str, Reader] = dict.fromkeys(Task, _distribution)
    of_roles = dict.fromkeys(_ROLES, partial(_read, readers=of_tasks))
    found: dict[tuple[Role | None, Task], Distribution] = {}
    for name, value in _read(content, where, {**of_tasks, **of_roles}).items():
        if name in of_tasks:
            found[None, Task(name)] = value
        else:
            found |= {(Role(name), Task(task)): each for task, each in value.items()}
    return found


def _choices(content: Any, where: str) -> Choices:
    found = Choices(**_by_field(Choices, content, where, share))
    if found.accept + found.escalate > 1:
        both = f"accept = {found.accept:g} and escalate = {found.escalate:g}"
        raise BadScenario(where, f"{both} are more than 1 together")
    return found


def _delays(content: Any, where: str) -> Delays:
    return Delays(**_by_field(Delays, content, where, _distribution))


def _by_field(terms: Any, content: Any, where: str, reader: Reader) -> dict[str, Any]:
    keys = {name.replace("_", "-"): name for name in terms.__dataclass_fields__}
    found = _read(content, where, dict.fromkeys(keys, reader))
    return {keys[key]: value for key, value in found.items()}


def _distribution(value: Any, where: str) -> Distribution:
    try:
        return distribution_from(value)
    except ValueError as error:
        raise BadScenario(where, str(error), ALLOWED) from None


def _read(content: Any, where: str, readers: Mapping[Any, Reader]) -> dict[Any, Any]:
    """Each value of a table, read by its key's reader; every key has to have one."""
    table, place = _table(content, where), "" if where == THE_FILE else f"{where}."
    for key in table:
        if key not in readers:
            raise BadScenario(where, f"there is no key {key!r} here", ", ".join(readers))
    return {key: readers[key](value, f"{place}{key}") for key, value in table.items()}


def _table(content: Any, where: str) -> Mapping[Any, Any]:
    if not isinstance(content, Mapping):
        raise BadScenario(where, f"{content!r} is not a table")
    return content


def _is_number(value: Any, most: float) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value <= most
