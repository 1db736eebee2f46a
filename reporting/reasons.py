"""Why due dates were moved: the reasons that staff gave, the most frequent first.

Owns how many are told. The words are theirs, and may hold what should not be published.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, and_, case, func, select

from activities.ledger import schema
from reporting.expressions import happened, said
from reporting.model import ExtensionReason
from reporting.period import Period

TOLD_APART: Final = 10
"""Reasons of one promise; what is rarer is counted together."""


def extension_reasons(
    connection: Connection, charter: str, period: Period
) -> tuple[ExtensionReason, ...]:
    """The reasons of each promise, the most frequent first and all further ones together last."""
    ranked = _ranked(charter, period)
    reason = case((ranked.c.place <= TOLD_APART, ranked.c.reason))
    told = select(
        ranked.c.promise, ranked.c.part, reason.label("reason"), ranked.c.extensions
    ).subquery("told")
    keys = (told.c.promise, told.c.part, told.c.reason)
    amount = func.sum(told.c.extensions)
    query = (
        select(*keys, amount.label("amount"))
        .group_by(*keys)
        .order_by(
            told.c.promise,
            told.c.part,
            case((told.c.reason.is_(None), 1), else_=0),
            amount.desc(),
            told.c.reason,
        )
    )
    return tuple(
        ExtensionReason(
            promise=row.promise, part=row.part, reason=row.reason, count=int(row.amount)
        )
        for row in connection.execute(query)
    )


def _ranked(charter: str, period: Period) -> Any:
    events, clocks = schema.events.c, schema.clocks.c
    given = (
        select(clocks.promise, clocks.part, func.trim(said(events.body, "reason")).label("reason"))
        .select_from(schema.events)
        .join(schema.complaints, schema.complaints.c.reference == events.reference)
        .join(
            schema.clocks,
            and_(clocks.reference == events.reference, clocks.id == said(events.body, "clock")),
        )
        .where(*happened(charter, period, "extended"))
        .subquery("given")
    )
    keys = (given.c.promise, given.c.part, given.c.reason)
    tallied = select(*keys, func.count().label("extensions")).group_by(*keys).subquery("tallied")
    place = func.row_number().over(
        partition_by=(tallied.c.promise, tallied.c.part),
        order_by=(tallied.c.extensions.desc(), tallied.c.reason),
    )
    return select(tallied, place.label("place")).subquery("ranked")
