"""How things stand in all: what is open, due, late, and what letters wait.

Owns two queries, cheap enough for every few seconds. The first reads what is open along an index and nothing
that has ended; the second the few notices under way and those that failed of late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, case, func, literal_column, or_, select

from ledger.port import NoticeState
from ledger.sql.tables import complaints, fates

_OF_LATE: Final = timedelta(hours=24)
_FAILED: Final = (NoticeState.REFUSED, NoticeState.UNDELIVERED)
"""Most letters that fail had left first: word of it comes afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """How many complaints of one charter at one stage are how."""

    charter: str
    stage: str
    open: int
    due_today: int
    late: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """How many notices of one channel wait, or were refused or did not arrive in the last 24 hours."""

    channel: str
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class Figures:
    """How things stand at one instant."""

    standings: tuple[Standings, ...]
    letters: tuple[Letters, ...]


def figures(connection: Connection, now: datetime, day_ends: datetime) -> Figures:
    """How things stand `now`; the day's end is for what is due today (UTC both)."""
    return Figures(_standings(connection, now, day_ends), _letters(connection, now))


def _standings(connection: Connection, now: datetime, day_ends: datetime) -> tuple[Standings, ...]:
    of = complaints.c
    today = and_(of.next_due >= now, of.next_due < day_ends)
    query = (
        select(
            of.charter,
            of.stage,
            func.count().label("open"),
            func.sum(case((today, 1), else_=0)).label("due_today"),
            func.sum(case((of.missed > 0, 1), else_=0)).label("late"),
            func.sum(case((of.next_due < now, 1), else_=0)).label("overdue"),
        )
        .where(of.ended.is_(False))
        .group_by(of.charter, of.stage)
    )
    return tuple(Standings(**row) for row in connection.execute(query).mappings())


def _letters(connection: Connection, now: datetime) -> tuple[Letters, ...]:
    of = fates.c
    waits = of.state.in_([NoticeState.OWED, NoticeState.ATTEMPTED])
    failed = and_(of.state.in_(_FAILED), of.at >= now - _OF_LATE)
    channel = func.coalesce(of.channel, literal_column("'unknown'")).label("channel")
    query = (
        select(
            channel,
            func.sum(case((waits, 1), else_=0)).label("waiting"),
            func.sum(case((failed, 1), else_=0)).label("failed"),
        )
        .where(or_(waits, failed))
        .group_by(channel)
    )
    return tuple(Letters(**row) for row in connection.execute(query).mappings())
