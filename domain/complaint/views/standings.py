"""The rows of the read model: a complaint, its clocks and its remedies as they stand, flat.

Owns their shape. The ledger keeps them, and status answers with them; must not import anything heavy, as
whoever only lists them has no need of the rules by which they came about.
"""

from __future__ import annotations

from datetime import date, datetime

from domain import value


@value(frozen=True, slots=True, kw_only=True)
class ClockStanding:
    """One clock as it stands. Instants are UTC; `due_on` is a local date, null while paused."""

    id: str
    promise: str
    part: str | None
    stage: str
    contact: int | None
    state: str
    """`running`, `paused`, `met`, `missed`, `passed` (an estimate or a chance) or `stopped`."""
    budget: str
    started_at: datetime
    due_on: date | None
    due_at: datetime | None
    ended_at: datetime | None
    """When it was met, missed or stopped, or passed."""
    fulfilled_late_at: datetime | None
    """When a missed promise was kept after all."""
    extensions: int
    renewal: bool
    """Whether this is the new date given after a miss, which reports do not count."""
    superseded: tuple[date, ...]
    """Earlier due dates, moved by an extension, a closure, a correction or a new charter."""
    proof: str
    """How the due date was counted, in a sentence."""
    days_taken: int | None = None
    """Working days from day 0 until what was promised came, in time or late, pauses included."""


@value(frozen=True, slots=True, kw_only=True)
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
    remedies_owed: int = 0
    """How many of its remedies are neither done nor refused."""
    feedback: bool = False
    """Whether it is feedback alone: reports count it apart from complaints."""
    linked: tuple[str, ...] = ()
    """The references of the complaints about the same matter."""


@value(frozen=True, slots=True, kw_only=True)
class RemedyStanding:
    """One remedy of a complaint as it stands. Instants are UTC, days are local."""

    reference: str
    number: int
    """Counts the complaint's remedies over all its replies."""
    charter: str
    stage: str
    """The stage whose reply undertook it."""
    kind: str
    text: str
    owner_id: str | None
    owner_name: str | None
    owner_role: str
    due_on: date
    """The day that was promised; a postponement moves it, the new date after a miss does not."""
    waits_for: date | None
    """The day that the customer now waits for; none once every date has passed, or it is settled."""
    next_due: datetime | None
    """When that day ends."""
    state: str
    """`owed`, `accepted`, `done` or `refused`."""
    promised_at: datetime
    ended_at: datetime | None
    reason: str | None
    """How it was done, or why it was refused."""
    missed: int
    """How many of its dates have passed."""
    reminders: int
