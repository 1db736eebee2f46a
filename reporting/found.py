"""What a reply found and recommended, as a report tells it.

Owns the shape alone; the figures beside it are in `model`. Imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """One recommendation, in its own words but for names."""

    text: str
    state: str
    """What it had come to when the period ended: `owed`, `accepted`, `done` or `refused`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one reply found and recommended, in its own words but for names."""

    outcome: str
    findings: str
    recommended: tuple[Recommended, ...] = ()
    nothing_recommended: str | None = None
    """Where it upheld the complaint and recommended nothing: why."""
