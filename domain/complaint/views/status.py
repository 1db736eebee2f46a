"""How a complaint and its clocks stand: the flat rows that status answers and the ledger share.

Owns the shape of the rows and their derivation from a complaint.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain.calendar.counting import BeyondCalendar
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import budget_of, due_day
from domain.clocks.proof import proof_of
from domain.complaint.views.in_hand import in_hand
from domain.complaint.views.staff_briefing import people_of
from domain.complaint.views.timeline import row

if TYPE_CHECKING:
    from domain.charter.rules import Rules
    from domain.complaint.state import Complaint


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
    """Earlier due dates, moved by an extension, a closure, a correction or a new charter."""
    proof: str
    """How the due date was counted, in a sentence."""
    days_taken: int | None = None
    """Working days from day 0 until what was promised came, in time or late, pauses included."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
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


BRIEF = (
    "reference", "stage", "state", "handler_id", "next_due", "missed", "outcome", "closed_how",
    "events",
)  # fmt: skip
"""What of a standing every update answers with; the `status` query has the rest."""


def standing_of(complaint: Complaint) -> Standing:
    """How the complaint stands after its last event."""
    opening, rules, closed = complaint.opened, complaint.rules, complaint.closed
    return Standing(
        reference=complaint.reference,
        charter=rules.charter.id,
        charter_version=rules.charter.version,
        digest=rules.digest,
        channel=str(opening.channel),
        correspondent=str(complaint.correspondent),
        stage=complaint.stage,
        state=str(complaint.state),
        handler_id=complaint.handler.id if complaint.handler else None,
        handler_name=complaint.handler.name if complaint.handler else None,
        received_at=opening.received_at,
        next_due=next_due(complaint),
        missed=complaint.missed,
        outcome=str(complaint.reply.outcome) if complaint.reply else None,
        closed_at=closed.at if closed else None,
        closed_how=str(closed.how) if closed else None,
        events=complaint.events,
    )


def next_due(complaint: Complaint) -> datetime | None:
    """The earliest instant (UTC) at which a running clock runs out, or none."""
    dues = (_due(clock, complaint.rules)[1] for clock in complaint.clocks if clock.ticking)
    return min((due for due in dues if due), default=None)


def clock_standing(clock: Clock, rules: Rules) -> ClockStanding:
    """How one clock stands, with the proof of its due date."""
    due_on, at = _due(clock, rules)
    budget = str(budget_of(clock, rules)) if clock.promise in rules.promises else ""
    return ClockStanding(
        id=clock.id,
        promise=clock.promise.split("/")[0],
        part=clock.promise.split("/")[1] if "/" in clock.promise else None,
        stage=clock.stage,
        contact=clock.contact,
        state=str(clock.state),
        budget=budget,
        started_at=clock.started_at,
        due_on=due_on,
        due_at=at,
        ended_at=clock.ended_at,
        fulfilled_late_at=clock.fulfilled_late_at,
        extensions=len(clock.superseded),
        renewal=clock.renewal,
        superseded=tuple(sorted(clock.superseded + clock.moved)),
        proof=_proof(clock, rules),
        days_taken=days_taken(clock, rules),
    )


def changed_clocks(before: Complaint, after: Complaint) -> tuple[ClockStanding, ...]:
    """The clocks that were started, moved or ended between two standings of a complaint."""
    old = set(before.clocks)
    refreshed = before.rules is not after.rules
    return tuple(
        clock_standing(clock, after.rules_of(clock))
        for clock in after.clocks
        if clock not in old
        or (
            refreshed
            and clock.live
            and clock_standing(clock, before.rules) != clock_standing(clock, after.rules)
        )
    )


def status_of(complaint: Complaint, events: tuple[Any, ...]) -> dict[str, Any]:
    """The answer to the `status` query: standing, every clock with its proof, the timeline."""
    return (
        _as_json(standing_of(complaint))
        | people_of(complaint)
        | in_hand(complaint)
        | {"taken_in": list(complaint.taken_in)}
        | ({"merged_into": complaint.closed.into} if complaint.closed else {})
        | {
            "clocks": [
                _as_json(clock_standing(clock, complaint.rules_of(clock)))
                for clock in complaint.clocks
            ],
            "contacts": [_as_json(contact) for contact in complaint.contacts],
            "timeline": [row(event) for event in events],
        }
    )


def brief_of(complaint: Complaint) -> dict[str, Any]:
    """The answer to an update: the standing and what is due, short enough for every history."""
    standing = _as_json(standing_of(complaint))
    return {
        **{name: standing[name] for name in BRIEF if standing[name] is not None},
        "due": {
            clock.id: _iso(_due(clock, complaint.rules)[0])
            for clock in complaint.clocks
            if clock.live
        },
    }


def _due(clock: Clock, rules: Rules) -> tuple[date | None, datetime | None]:
    if clock.live and not clock.ticking:
        return None, None
    try:
        day = clock.due_when_ended or due_day(clock, rules)
        return day, rules.calendar.close_of_business(day)
    except (BeyondCalendar, KeyError):  # beyond its data, or a promise that a refresh took away
        return None, None


def days_taken(clock: Clock, rules: Rules) -> int | None:
    """Working days from day 0 until what was promised came; none if it has not, or is not known."""
    came = clock.ended_at if clock.state is ClockState.MET else clock.fulfilled_late_at
    if came is None:
        return None
    calendar = rules.calendar
    try:
        # The receipt rule may put day 0 after the day on which it came.
        return max(0, calendar.working_days_between(clock.day_zero, calendar.local_day(came)))
    except BeyondCalendar:
        return None


def _proof(clock: Clock, rules: Rules) -> str:
    try:
        return proof_of(clock, rules).sentence
    except (BeyondCalendar, KeyError) as error:
        return f"It cannot be counted: {error}"


def _as_json(value: Any) -> dict[str, Any]:
    return {field.name: _iso(getattr(value, field.name)) for field in fields(value)}


def _iso(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_iso(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
