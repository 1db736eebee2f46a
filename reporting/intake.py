"""The complaints of a period: how many came, how many ended and how, how many wait.

Owns the queries of `complaints` that a report needs.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from activities.ledger import schema
from reporting.expressions import counted_if, said
from reporting.model import Count, Intake
from reporting.period import Period

NO_REPLY = "none"


def intake(connection: Connection, charter: str, period: Period) -> Intake:
    """The complaints of the period; those that were reopened count as open."""
    table = schema.complaints.c
    received = and_(table.received_at >= period.begins, table.received_at < period.ends)
    closed = and_(table.closed_at >= period.begins, table.closed_at < period.ends)
    waiting = and_(
        table.received_at < period.ends,
        or_(table.closed_at.is_(None), table.closed_at >= period.ends),
    )
    row = connection.execute(
        select(
            counted_if(received).label("received"),
            counted_if(closed).label("closed"),
            counted_if(waiting).label("waiting"),
        ).where(table.charter == charter)
    ).one()
    return Intake(
        received=row.received,
        closed=row.closed,
        open_at_end=row.waiting,
        by_channel=_counts(connection, table.channel, table.charter == charter, received),
        outcomes=_counts(
            connection, func.coalesce(table.outcome, NO_REPLY), table.charter == charter, closed
        ),
        by_topic=_topics(connection, table.charter == charter, received),
    )


def _topics(connection: Connection, *conditions: Any) -> tuple[Count, ...]:
    """How often each topic was raised. Complaints raise the same few together: those are counted."""
    body = schema.events.c.body
    raised = (
        select(said(said(body, "opening"), "about").label("about"))
        .join(schema.complaints, schema.complaints.c.reference == schema.events.c.reference)
        .where(schema.events.c.kind == "opened", *conditions)
        .subquery("raised")
    )
    query = select(raised.c.about, func.count().label("amount")).group_by(raised.c.about)
    counts: Counter[str] = Counter()
    for row in connection.execute(query):
        for topic in json.loads(row.about):
            counts[topic] += row.amount
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Count(name=name, count=count) for name, count in ordered)


def _counts(connection: Connection, column: Any, *conditions: Any) -> tuple[Count, ...]:
    found = select(column.label("name")).where(*conditions).subquery("found")
    count = func.count()
    query = (
        select(found.c.name, count.label("amount"))
        .group_by(found.c.name)
        .order_by(count.desc(), found.c.name)
    )
    return tuple(Count(name=row.name, count=row.amount) for row in connection.execute(query))
