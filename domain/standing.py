"""How a complaint and its clocks stand: the flat rows that status answers and the ledger share.

Owns the shape of the rows and their derivation from a complaint.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStanding:
    """One clock as it stands. Instants are UTC; `due_on` is a local date, null while paused."""

    id: str
    promise: str
    part: str | None
    stage: str
    contact: int | None
    state: str
    """`running`, `paused`, `met`, `missed` or `stopped`."""
    budget: str
    started_at: datetime
    due_on: date | None
    due_at: datetime | None
    ended_at: datetime | None
    """When it was met, missed or stopped."""
    fulfilled_late_at: datetime | None
    """When what was promised came after all, for a missed clock."""
    extensions: int
    renewal: bool
    """Whether this is the new date given after a miss, which reports do not count."""
    superseded: tuple[date, ...]
    """Earlier due dates that an extension moved."""
    proof: str
    """How the due date was counted, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One complaint as it stands. Carries nothing personal beyond the handler's name."""

    reference: str
    charter: str
    charter_version: str
    digest: str
    """Names the pinned charter and calendar."""
    channel: str
    correspondent: str
    stage: str
    state: str
    handler_id: str | None
    handler_name: str | None
    received_at: datetime
    next_due: datetime | None
    missed: int
    outcome: str | None
    closed_at: datetime | None
    closed_how: str | None
    events: int
    """The number of the last event."""
