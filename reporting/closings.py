"""What staff closed without an answer, as a report tells it: which promises ran then, by whom, and on what ground.

Owns the shape. Imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedWithoutAnswer:
    """The clocks of one promise that ran when somebody closed complaints without a reply."""

    promise: str
    part: str | None
    ground: str
    """As the charter lists it."""
    by: str
    """The id of whoever closed them."""
    role: str
    approved_by: str
    """The id of the second person."""
    count: int
    """In clocks: each time that a promise was made and not kept."""
