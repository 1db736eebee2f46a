"""What was learned: why things went wrong, as replies found, and what was changed because of it.

Owns how many changes are told apart. They are in the words of staff, and may hold what should not be
published. Sources of the promises: IS-14, CP-13.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Final

from sqlalchemy import Connection, and_

from ledger.sql import tables
from reporting.period import Period
from reporting.queries.expressions import happened, most_frequent, said, with_facts
from reporting.sections import CauseFigures, Change, Count, Learning

CHANGES_TOLD: Final = 50


def learning(connection: Connection, charter: str, period: Period) -> Learning:
    """What the replies of the period found to be the cause, and what they changed."""
    causes, unchanged = Counter[str](), 0
    topics: defaultdict[str, Counter[str]] = defaultdict(Counter)
    changes = Counter[tuple[str, str | None]]()
    grounds = _grounds(connection, charter, period)
    for (cause, changed, kept, about), times in grounds.items():
        unchanged += times if kept else 0
        if cause:
            causes[cause] += times
            topics[cause].update(dict.fromkeys(json.loads(about), times))
        for text in changed:
            changes[text, cause] += times
    return Learning(
        causes=tuple(
            CauseFigures(cause=cause, replies=count, topics=_counts(topics[cause]))
            for cause, count in most_frequent(causes)
        ),
        changes=_told(changes),
        unchanged=unchanged,
    )


Grounds = tuple[str | None, tuple[str, ...], bool, str]
"""Cause, changes, whether it says that nothing was changed, and topics as JSON."""


def _grounds(connection: Connection, charter: str, period: Period) -> Counter[Grounds]:
    """How often replies gave the same grounds in complaints about the same."""
    events, opened = tables.events.c, tables.events.alias("opened")
    about = said(said(opened.c.body, "opening"), "about").label("about")
    given = happened(charter, period, "replied", events.body, about).join(
        opened, and_(opened.c.reference == events.reference, opened.c.kind == "opened")
    )
    return Counter(
        (
            each.get("cause"),
            tuple(each.get("changes") or ()),
            bool(each.get("unchanged")),
            row.about,
        )
        for row, each in with_facts(connection, given)
    )


def _told(changes: Counter[tuple[str, str | None]]) -> tuple[Change, ...]:
    ordered = sorted(changes.items(), key=lambda each: (-each[1], each[0][0], each[0][1] or ""))
    told = [
        Change(text=text, cause=cause, count=count)
        for (text, cause), count in ordered[:CHANGES_TOLD]
    ]
    if rest := sum(count for _, count in ordered[CHANGES_TOLD:]):
        told.append(Change(text=None, cause=None, count=rest))
    return tuple(told)


def _counts(found: Counter[str]) -> tuple[Count, ...]:
    return tuple(Count(name=name, count=count) for name, count in most_frequent(found))
