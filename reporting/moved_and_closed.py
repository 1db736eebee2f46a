"""What staff did to what was promised: the dates that they moved, and what they closed without an answer.

Owns the shapes. Imports nothing of ours.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionReason:
    """One reason for which due dates of a promise were moved."""

    promise: str
    part: str | None
    reason: str | None
    """In the words of staff; null for all reasons beyond the most frequent."""
    count: int
