"""Why due dates were moved: the reasons that staff gave, the most frequent first.

Owns how many are told. The words are theirs, and may hold what should not be published.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, and_

from ledger.keys.words import ERASED
from ledger.sql import tables
from reporting.period import Period
from reporting.queries.expressions import happened, said, with_facts
from reporting.sections import ExtensionReason

TOLD_APART: Final = 10
"""Reasons of one promise; what is rarer is counted together."""


def extension_reasons(
    connection: Connection, charter: str, period: Period
) -> Iterator[ExtensionReason]:
    """The reasons of each promise, the most frequent first and all further ones together last."""
    found: defaultdict[tuple[str, str | None], list[tuple[str, int]]] = defaultdict(list)
    for (promise, part, reason), times in _tallied(connection, charter, period).items():
        found[promise, part].append((reason, times))
    for (promise, part), reasons in found.items():
        reasons.sort(key=lambda one: (-one[1], one[0]))
        told: list[tuple[str | None, int]] = [*reasons[:TOLD_APART]]
        if rest := sum(times for _, times in reasons[TOLD_APART:]):
            told.append((None, rest))
        for one, times in told:
            yield ExtensionReason(promise=promise, part=part, reason=one, count=times)


def _tallied(
    connection: Connection, charter: str, period: Period
) -> Counter[tuple[str, str | None, str]]:
    events, clocks = tables.events.c, tables.clocks.c
    moved = happened(charter, period, "extended", clocks.promise, clocks.part, events.body).join(
        tables.clocks,
        and_(clocks.reference == events.reference, clocks.id == said(events.body, "clock")),
    )
    return Counter(
        (row.promise, row.part, str(each.get("reason", ERASED)).strip())
        for row, each in with_facts(connection, moved)
    )
