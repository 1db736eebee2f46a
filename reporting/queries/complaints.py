"""The complaints of a period: how many came, how many ended and how, how many wait.

Owns the queries of `complaints` that a report needs.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from sqlalchemy import Connection, and_, func, not_, or_, select

from domain.vocabulary import ClosedHow
from ledger.sql import tables
from reporting.period import Period
from reporting.queries.expressions import (
    counted_if,
    happened,
    most_frequent,
    of_events,
    said,
    tally,
    within,
)
from reporting.sections import NO_REPLY, ClosedWithoutAnswer, Count, Feedback, Intake

_THANKED, _ANSWERED = "feedback-thanked", "feedback-answered"
"""The events of feedback that asks for an answer."""


def intake(connection: Connection, charter: str, period: Period) -> Intake:
    """The complaints of the period; those that were reopened count as open."""
    table = tables.complaints.c
    ours = and_(table.charter == charter, not_(table.feedback))
    received, closed = within(period, table.received_at), within(period, table.closed_at)
    waiting = and_(
        table.received_at < period.ends,
        or_(table.closed_at.is_(None), table.closed_at >= period.ends),
    )
    row = connection.execute(
        select(
            counted_if(received).label("received"),
            counted_if(closed).label("closed"),
            counted_if(waiting).label("waiting"),
        ).where(ours)
    ).one()
    return Intake(
        received=row.received,
        closed=row.closed,
        open_at_end=row.waiting,
        by_channel=tally(connection, table.channel, select().where(ours, received)),
        outcomes=tally(
            connection, func.coalesce(table.outcome, NO_REPLY), select().where(ours, closed)
        ),
        by_topic=_topics(connection, ours, received),
    )


def feedback(connection: Connection, charter: str, period: Period) -> Feedback:
    """What came in the period that was feedback alone, and whether it was answered by its end."""
    table, events = tables.complaints.c, tables.events.c
    ours = (table.charter == charter, table.feedback, within(period, table.received_at))
    query = (
        of_events(events.kind, func.count().label("times"))
        .where(*ours, events.kind.in_((_THANKED, _ANSWERED)), events.at < period.ends)
        .group_by(events.kind)
    )
    came = Counter({row.kind: row.times for row in connection.execute(query)})
    by_channel = tally(connection, table.channel, select().where(*ours))
    return Feedback(
        received=sum(one.count for one in by_channel),
        answer_wanted=came[_THANKED],
        answered=came[_ANSWERED],
        by_channel=by_channel,
    )


def _topics(connection: Connection, *conditions: Any) -> tuple[Count, ...]:
    """How often each topic was raised. Complaints raise the same few together: those are counted."""
    body = tables.events.c.body
    raised = of_events().where(tables.events.c.kind == "opened", *conditions)
    counts: Counter[str] = Counter()
    for one in tally(connection, said(said(body, "opening"), "about"), raised):
        for topic in json.loads(one.name):
            counts[topic] += one.count
    return tuple(Count(name=name, count=count) for name, count in most_frequent(counts))


def closed_without_answer(
    connection: Connection, charter: str, period: Period
) -> tuple[ClosedWithoutAnswer, ...]:
    """The clocks that ran when staff closed a complaint without a reply, the most frequent first."""
    body = tables.events.c.body
    told = (said(body, each) for each in ("without_answer", "ground", "actor", "approved_by"))
    rows = connection.execute(
        happened(charter, period, "closed", *told).where(said(body, "how") == ClosedHow.BY_STAFF)
    )
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    for row in rows:
        clocks, ground, actor, approver = row
        who, second = json.loads(actor), json.loads(approver) if approver else {}
        for clock in json.loads(clocks or "[]"):
            promise = clock.rpartition("#")[0]
            counts[promise, ground or "", who["id"], who["role"], second.get("id", "")] += 1
    return tuple(_told(found, count) for found, count in most_frequent(counts))


def _told(found: tuple[str, str, str, str, str], count: int) -> ClosedWithoutAnswer:
    key, ground, by, role, approved_by = found
    promise, _, part = key.partition("/")
    return ClosedWithoutAnswer(
        promise=promise, part=part or None, ground=ground, by=by, role=role,
        approved_by=approved_by, count=count,
    )  # fmt: skip


def erased(connection: Connection, charter: str, period: Period) -> int:
    """How many of the complaints that ended in the period were erased since."""
    table, keys = tables.complaints.c, tables.data_keys.c
    query = (
        select(func.count())
        .select_from(tables.complaints.join(tables.data_keys, keys.reference == table.reference))
        .where(table.charter == charter, keys.destroyed_at.is_not(None))
        .where(within(period, table.closed_at))
    )
    return connection.execute(query).scalar_one()
