"""Holds, and who did what about the keeping of a complaint: kept from being erased, let go, erased.

Owns the shapes of both. A hold is there until it is released; an act is on record for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Who keeps a complaint from being erased, and why."""

    reference: str
    by: str
    """The ombudsman, court or whoever asked for it."""
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody did, and who proved to be who did it."""

    reference: str
    number: int = 0
    """Within the complaint; it is given when the act is recorded."""
    what: str
    """`hold`, `unhold` or `erase`."""
    at: datetime
    actor_id: str
    actor_name: str
    actor_role: str
    issuer: str | None = None
    """Who issued the token that proved it; none where nobody has to prove anything, and for the Schedule."""
    token: str | None = None
    """That token's id."""
    reason: str | None = None
    figures: str | None = None
    """Of an erasure: a digest of what stays of the complaint and reports count (`keeping.figures`)."""
