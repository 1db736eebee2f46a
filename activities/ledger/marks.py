"""What can be said of a notice on its way: attempted, delivered, refused.

Owns the rows that say it.
"""

from __future__ import annotations

from datetime import datetime

from activities.ledger.port import NoticeState
from activities.ledger.rows import FateMark, Row

_NOTHING: Row = dict.fromkeys(
    ("message_id", "attempted_at", "delivered_at", "where", "refused_at", "reason")
)


def attempted(key: str, message_id: str, at: datetime) -> FateMark:
    """The notice is handed to its channel under this id."""
    return _mark(key, NoticeState.ATTEMPTED, message_id=message_id, attempted_at=at)


def delivered(key: str, at: datetime, where: str) -> FateMark:
    """The notice arrived."""
    return _mark(key, NoticeState.DELIVERED, delivered_at=at, where=where)


def refused(key: str, at: datetime, reason: str) -> FateMark:
    """The notice was refused for good."""
    return _mark(key, NoticeState.REFUSED, refused_at=at, reason=reason)


def _mark(key: str, state: NoticeState, **said: str | datetime) -> FateMark:
    return FateMark(key, {**_NOTHING, "key": key, "state": state, **said})
