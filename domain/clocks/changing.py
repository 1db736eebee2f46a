"""Changing a value that never changes: a copy of it in which some fields are others.

Owns what `dataclasses.replace` does, for the values that are copied with every event: it asks each
field for its settings and checks nothing that is not checked here. Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

Value = TypeVar("Value")


def changer(kind: type[Value]) -> Callable[[Value, Mapping[str, Any]], Value]:
    """How a value of that kind is copied: a frozen dataclass with slots and without `__post_init__`.

    Fields that are left out of comparisons hold nothing of the value and are made anew.
    """
    every: tuple[Any, ...] = fields(kind)  # type: ignore[arg-type]
    names = [each.name for each in every if each.compare]
    made = [
        (getattr(kind, each.name).__set__, each.default_factory)
        for each in every
        if not each.compare
    ]
    values: Callable[[Value], tuple[Any, ...]] = attrgetter(*names)
    places = {name: place for place, name in enumerate(names)}
    setters = [getattr(kind, name).__set__ for name in names]

    def changed(value: Value, changes: Mapping[str, Any]) -> Value:
        after = object.__new__(kind)
        held = list(values(value))
        for name, new in changes.items():
            held[places[name]] = new
        for put, each in zip(setters, held, strict=True):
            put(after, each)
        for put, make in made:
            put(after, make())
        return after

    return changed
