"""What became of the remedies that were promised in a period.

Owns the queries of `remedies`. The words for their kinds and states are the ledger's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, and_, func, or_, select

from activities.ledger import schema
from reporting.expressions import counted_if
from reporting.model import RemedyFigures
from reporting.period import Period

RECOMMENDATION: Final = "recommendation"
_COUNTS: Final = ("promised", "done", "refused", "accepted", "owed", "overdue")


def remedy_figures(
    connection: Connection, charter: str, period: Period, today: date
) -> tuple[RemedyFigures, ...]:
    """The remedies of each kind, in the order of the kinds' names.

    A date has gone by if it lies before `today` and before the day after the period.
    """
    kind = schema.remedies.c.kind
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
    remedies = schema.remedies.c
    query = select(*_columns(period, today)).where(
        *_promised(charter, period),
        remedies.kind == RECOMMENDATION,
        remedies.stage.in_(tuple(stages)),
    )
    return _figures(RECOMMENDATION, connection.execute(query).mappings().one())


def _promised(charter: str, period: Period) -> tuple[Any, ...]:
    remedies = schema.remedies.c
    return (
        remedies.charter == charter,
        remedies.promised_at >= period.begins,
        remedies.promised_at < period.ends,
    )


def _columns(period: Period, today: date) -> Iterable[Any]:
    remedies = schema.remedies.c
    ended = and_(remedies.ended_at.is_not(None), remedies.ended_at < period.ends)
    waiting = or_(remedies.ended_at.is_(None), remedies.ended_at >= period.ends)
    gone_by = and_(remedies.due_on <= period.last, remedies.due_on < today)
    # What was accepted before it ended later is not told apart from what was owed: its state now
    # is how it ended.
    accepted = remedies.state == "accepted"
    counts = {
        "promised": (),
        "done": (ended, remedies.state == "done"),
        "refused": (ended, remedies.state == "refused"),
        "accepted": (waiting, accepted),
        "owed": (waiting, remedies.state != "accepted"),
        "overdue": (waiting, gone_by),
    }
    for name, conditions in counts.items():
        counted = counted_if(*conditions) if conditions else func.count()
        yield counted.label(name)


def _figures(kind: str, row: RowMapping) -> RemedyFigures:
    return RemedyFigures(kind=kind, **{name: int(row[name]) for name in _COUNTS})
