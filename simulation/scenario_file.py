"""Scenario files: how a scenario is written as TOML, and every fault told with its place.

Owns the reading of the tables; the values and their defaults are in `scenario`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from domain.calendar.pinned import DAYS
from domain.vocabulary import REVIEWERS, Channel, Correspondent, Role
from simulation.scenario import (
    Arrivals,
    BadScenario,
    Choices,
    Delays,
    Order,
    Pattern,
    Scenario,
    Task,
)
from simulation.spreads import ALLOWED, Spread, spread_from

MOST_PEOPLE = 2000
"""More people in one role are a slip of the pen."""
_ROLES = tuple(role for role in Role if role in REVIEWERS)
_HOURS_A_DAY = 24
_WEEKDAYS = tuple(day.lower() for day in DAYS)

Word = TypeVar("Word", bound=StrEnum)
Terms = TypeVar("Terms", Choices, Delays)


def scenario_from(text: str) -> Scenario:
    """The scenario that TOML text describes. Raises `BadScenario` naming table, key and value."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadScenario("the file", f"is not TOML: {error}") from None
    known = ("arrivals", "staff", "minutes", "choices", "delays", "absence", "order")
    _only(content, "the file", known)
    scenario = Scenario(
        arrivals=_arrivals(_table(content, "arrivals")),
        minutes=_minutes(_table(content, "minutes")),
        choices=_choices(_table(content, "choices")),
        delays=_delays(_table(content, "delays")),
    )
    if "staff" in content:
        scenario = replace(scenario, staff=staff_from(_table(content, "staff"), "staff"))
    if "absence" in content:
        scenario = replace(scenario, absence=share(content["absence"], "absence"))
    if "order" in content:
        scenario = replace(scenario, order=word(Order, content["order"], "order"))
    return scenario


def staff_from(content: Mapping[str, Any], where: str) -> dict[Role, int]:
    """People per role. Raises `BadScenario` for a role that reviews nothing, or a bad number."""
    found: dict[Role, int] = {}
    for name, count in content.items():
        if name not in _ROLES:
            raise BadScenario(f"{where}.{name}", "is no role that reviews", ", ".join(_ROLES))
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_PEOPLE:
            what = f"{count!r} is no number of people"
            raise BadScenario(f"{where}.{name}", what, f"0 to {MOST_PEOPLE}")
        found[Role(name)] = count
    return found


def share(value: Any, where: str) -> float:
    """A share of 1. Raises `BadScenario`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise BadScenario(where, f"{value!r} is no share", "a number from 0 to 1")
    return float(value)


def word(words: type[Word], value: Any, where: str) -> Word:
    """One of a list of words. Raises `BadScenario` with the list."""
    if value not in tuple(words):
        raise BadScenario(where, f"{value!r} is not known", ", ".join(words))
    return words(value)


def _arrivals(content: dict[str, Any]) -> Arrivals:
    known = ("pattern", "channels", "correspondents", "stages", "days", "hours")
    _only(content, "arrivals", known)
    found: dict[str, Any] = {}
    if "pattern" in content:
        found["pattern"] = word(Pattern, content["pattern"], "arrivals.pattern")
    for name, words in (("channels", Channel), ("correspondents", Correspondent)):
        if name in content:
            found[name] = _mix(content, name, tuple(words))
    if "stages" in content:
        found["stages"] = _mix(content, "stages", None)
    if "days" in content:
        days = _table(content, "days", "arrivals.")
        _only(days, "arrivals.days", _WEEKDAYS)
        given = {day: _weight(days[day], f"arrivals.days.{day}") for day in days}
        found["days"] = _some(tuple(given.get(day, 0.0) for day in _WEEKDAYS), "arrivals.days")
    if "hours" in content:
        hours = content["hours"]
        if not isinstance(hours, list) or len(hours) != _HOURS_A_DAY:
            raise BadScenario("arrivals.hours", "is not a list of 24 weights")
        weights = tuple(_weight(each, "arrivals.hours") for each in hours)
        found["hours"] = _some(weights, "arrivals.hours")
    return Arrivals(**found)


def _mix(content: dict[str, Any], name: str, allowed: tuple[str, ...] | None) -> dict[Any, float]:
    table, where = _table(content, name, "arrivals."), f"arrivals.{name}"
    if allowed is not None:
        _only(table, where, allowed)
    weights = {key: _weight(value, f"{where}.{key}") for key, value in table.items()}
    _some(tuple(weights.values()), where)
    # In the order of the vocabulary: the order in a file must not change anybody's luck.
    order = [key for key in (allowed or sorted(weights)) if key in weights]
    return {key: weights[key] for key in order}


def _minutes(content: dict[str, Any]) -> dict[tuple[Role | None, Task], Spread]:
    found: dict[tuple[Role | None, Task], Spread] = {}
    _only(content, "minutes", (*Task, *_ROLES))
    for name, value in content.items():
        if name in tuple(Task):
            found[None, Task(name)] = _spread(value, f"minutes.{name}")
            continue
        own = _table(content, name, "minutes.")
        _only(own, f"minutes.{name}", tuple(Task))
        for task, each in own.items():
            found[Role(name), Task(task)] = _spread(each, f"minutes.{name}.{task}")
    return found


def _choices(content: dict[str, Any]) -> Choices:
    names = _names(Choices)
    _only(content, "choices", tuple(names))
    given = {names[key]: share(value, f"choices.{key}") for key, value in content.items()}
    found = replace(Choices(), **given)
    if found.accept + found.escalate > 1:
        what = (
            f"accept = {found.accept:g} and escalate = {found.escalate:g} are more than 1 together"
        )
        raise BadScenario("choices", what)
    return found


def _delays(content: dict[str, Any]) -> Delays:
    names = _names(Delays)
    _only(content, "delays", tuple(names))
    given = {names[key]: _spread(value, f"delays.{key}") for key, value in content.items()}
    return replace(Delays(), **given)


def _names(terms: type[Terms]) -> dict[str, str]:
    return {each.name.replace("_", "-"): each.name for each in fields(terms)}


def _spread(value: Any, where: str) -> Spread:
    try:
        return spread_from(value)
    except ValueError as error:
        raise BadScenario(where, str(error), ALLOWED) from None


def _weight(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise BadScenario(where, f"{value!r} is no weight", "a number from 0 on")
    return float(value)


def _some(weights: tuple[float, ...], where: str) -> tuple[float, ...]:
    if not sum(weights):
        raise BadScenario(where, "has no weight above 0")
    return weights


def _table(content: dict[str, Any], name: str, within: str = "") -> dict[str, Any]:
    found = content.get(name, {})
    if not isinstance(found, dict):
        raise BadScenario(f"{within}{name}", f"{found!r} is not a table")
    return found


def _only(content: Mapping[str, Any], where: str, known: tuple[str, ...]) -> None:
    for key in content:
        if key not in known:
            raise BadScenario(where, f"there is no key {key!r} here", ", ".join(known))
