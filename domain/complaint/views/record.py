"""What a complaint keeps of its own events: all of them, and of long texts only as much as there is room for.

The ledger has every text in full before the next event; what is kept here is carried over whenever a history
is cut, and told whenever somebody asks. So it has an end: nothing that anybody sends makes it too large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, Final

from domain import value
from domain.complaint.decider.evolve import Step, evolve
from domain.complaint.state import Complaint
from domain.faults import cut

ROOM: Final = 300_000
"""Characters of texts that are kept in full."""
KEPT: Final = 300
"""Characters of each text that comes after that, and that the complaint itself does not need."""


@value(frozen=True, slots=True)
class Record:
    """The events so far, and how many characters of text they hold."""

    events: tuple[Any, ...] = ()
    size: int = 0

    def with_steps(self, before: Complaint, steps: Sequence[Step]) -> Record:
        """The record after these steps of the complaint, with as much of their texts as there is room for."""
        size, kept = self.size, list(self.events)
        for event, after in steps:
            size += size_of(event)
            if size > ROOM:
                shorter = abridged(before, event)
                size += size_of(shorter) - size_of(event)
                event = shorter  # noqa: PLW2901 - what is kept of it
            kept.append(event)
            before = after
        return Record(tuple(kept), size)


def size_of(event: Any) -> int:
    """How many characters of text an event holds."""
    return sum(len(text) for _, text in _texts(event))


def abridged(before: Complaint, event: Any) -> Any:
    """The event with its long texts cut, where the complaint after it is the same all the same."""
    shorter = replace(event, **{name: cut(text, KEPT) for name, text in _texts(event)})
    return shorter if evolve(before, shorter) == evolve(before, event) else event


def is_abridged(event: Any) -> bool:
    """Whether a text of the event looks as one that was cut here."""
    return any(len(text) == KEPT and text == cut(f"{text} ", KEPT) for _, text in _texts(event))


def _texts(event: Any) -> list[tuple[str, str]]:
    values = ((field.name, getattr(event, field.name)) for field in fields(event))
    return [(name, value) for name, value in values if type(value) is str and name != "pinned"]
