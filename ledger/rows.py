"""What rows say by themselves, whoever wrote them.

Owns when a complaint has ended and a remedy is settled, and in what an instant is kept. Must not import anything
heavy: whoever only reads a list starts with it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from domain.vocabulary import State

if TYPE_CHECKING:
    from domain.complaint.views.standings import RemedyStanding, Standing

Row = dict[str, Any]


def has_ended(standing: Standing) -> bool:
    """Whether nothing is left to do for the complaint: it is closed, no remedy is owed, and no date lies ahead.

    A reason and an answer are owed past the end.
    """
    return is_over(standing.state, standing.remedies_owed, standing.next_due)


def is_over(state: str, remedies_owed: int, next_due: datetime | None) -> bool:
    """As `has_ended`, of a complaint in that state of which so many remedies are owed, and what is due next (UTC)."""
    return state == State.CLOSED and not remedies_owed and next_due is None


def is_settled(remedy: RemedyStanding) -> bool:
    """Whether the remedy was done or refused."""
    return remedy.ended_at is not None


def reference_of(key: str) -> str | None:
    """Of which complaint a notice is, by its key; none for a digest, which is of several."""
    reference, _, after = key.partition("/")
    return reference if after.partition("/")[0].isdecimal() else None


def to_utc(value: datetime) -> datetime:
    """The same instant in UTC. Raises `ValueError` for one without a zone."""
    if value.tzinfo is None:
        msg = f"the instant {value.isoformat()} has no time zone; the ledger keeps UTC"
        raise ValueError(msg)
    return value.astimezone(UTC)


def row_of(value: Any) -> Row:
    """The fields of a value with slots, as they are."""
    return {name: getattr(value, name) for name in value.__slots__}
