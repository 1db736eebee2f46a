"""What became of the remedies that were promised in a period.

Owns the queries of `remedies` and when they were accepted. The words for their kinds and states are the ledger's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Integer, RowMapping, and_, cast, func, not_, or_, select

from ledger.sql import tables
from reporting.period import Period
from reporting.queries.expressions import counted_if, said, within
from reporting.sections import RemedyFigures

RECOMMENDATION: Final = "recommendation"
_COUNTS: Final = ("promised", "done", "refused", "accepted", "owed", "overdue")


def remedy_figures(
    connection: Connection, charter: str, period: Period, today: date
) -> tuple[RemedyFigures, ...]:
    """The remedies of each kind, in the order of the kinds' names.

    A date has gone by if it lies before `today` and before the day after the period.
    """
    kind = tables.remedies.c.kind
    query = (
        select(kind, *_columns(period, today))
        .where(*_promised(charter, period))
        .group_by(kind)
        .order_by(kind)
    )
    return tuple(_figures(row["kind"], row) for row in connection.execute(query).mappings())


def recommendations(
    connection: Connection, charter: str, stages: Iterable[str], period: Period, today: date
) -> RemedyFigures:
    """The recommendations that were made at these stages."""
    remedies = tables.remedies.c
    query = select(*_columns(period, today)).where(
        *_promised(charter, period),
        remedies.kind == RECOMMENDATION,
        remedies.stage.in_(tuple(stages)),
    )
    return _figures(RECOMMENDATION, connection.execute(query).mappings().one())


def _promised(charter: str, period: Period) -> tuple[Any, ...]:
    remedies = tables.remedies.c
    return (
        remedies.charter == charter,
        within(period, remedies.promised_at),
    )


def _columns(period: Period, today: date) -> Iterable[Any]:
    remedies = tables.remedies.c
    ended = and_(remedies.ended_at.is_not(None), remedies.ended_at < period.ends)
    waiting = or_(remedies.ended_at.is_(None), remedies.ended_at >= period.ends)
    gone_by = and_(remedies.due_on <= period.last, remedies.due_on < today)
    accepted = _accepted(period)
    counts = {
        "promised": (),
        "done": (ended, remedies.state == "done"),
        "refused": (ended, remedies.state == "refused"),
        "accepted": (waiting, accepted),
        "owed": (waiting, not_(accepted)),
        "overdue": (waiting, gone_by),
    }
    for name, conditions in counts.items():
        counted = counted_if(*conditions) if conditions else func.count()
        yield counted.label(name)


def _accepted(period: Period) -> Any:
    """Whether it was accepted before the period ended, whatever became of it since."""
    events, remedies = tables.events.c, tables.remedies.c
    found = select(events.number).where(
        events.reference == remedies.reference,
        events.kind == "remedy-accepted",
        cast(said(events.body, "remedy"), Integer) == remedies.number,
        events.at < period.ends,
    )
    return found.correlate(tables.remedies).exists()


def _figures(kind: str, row: RowMapping) -> RemedyFigures:
    return RemedyFigures(kind=kind, **{name: int(row[name]) for name in _COUNTS})
