"""What staff closed without a reply: each promise that ran then, by who closed it and on what ground.

Owns the query. Such a clock was stopped, and counts neither as kept nor as late: so it is told here.
"""

from __future__ import annotations

import json
from collections import Counter

from sqlalchemy import Connection, select

from domain.vocabulary import ClosedHow
from ledger.sql import tables
from reporting.closings import ClosedWithoutAnswer
from reporting.period import Period
from reporting.queries.expressions import happened, said


def closed_without_answer(
    connection: Connection, charter: str, period: Period
) -> tuple[ClosedWithoutAnswer, ...]:
    """The clocks that ran when staff closed a complaint without a reply, the most frequent first."""
    body = tables.events.c.body
    rows = connection.execute(
        select(
            said(body, "without_answer"),
            said(body, "ground"),
            said(body, "actor"),
            said(body, "approved_by"),
        )
        .join_from(
            tables.events,
            tables.complaints,
            tables.complaints.c.reference == tables.events.c.reference,
        )
        .where(*happened(charter, period, "closed"), said(body, "how") == ClosedHow.BY_STAFF)
    )
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    for row in rows:
        clocks, ground, actor, approver = row
        who, second = json.loads(actor), json.loads(approver) if approver else {}
        for clock in json.loads(clocks or "[]"):
            promise = clock.rpartition("#")[0]
            counts[promise, ground or "", who["id"], who["role"], second.get("id", "")] += 1
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return tuple(_told(key, count) for key, count in ordered)


def _told(found: tuple[str, str, str, str, str], count: int) -> ClosedWithoutAnswer:
    key, ground, by, role, approved_by = found
    promise, _, part = key.partition("/")
    return ClosedWithoutAnswer(
        promise=promise, part=part or None, ground=ground, by=by, role=role,
        approved_by=approved_by, count=count,
    )  # fmt: skip
