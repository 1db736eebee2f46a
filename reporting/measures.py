"""What is measured beside the complaints: calls, satisfaction, and the monthly quality samples.

Owns their queries. Days are local ones, as the imported files give them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from activities.ledger import schema
from domain.charter import Charter, Commitment
from domain.keeping import KeptBy
from reporting.expressions import counted_if, month_name, month_number
from reporting.model import (
    CallFigures,
    Calls,
    CheckFigures,
    Count,
    SampleFigures,
    Satisfaction,
    percentage_of,
)
from reporting.period import Period

SCORES: Final = (1, 2, 3, 4, 5)
SATISFIED: Final = 4
"""The lowest score of somebody who is content."""


def call_figures(connection: Connection, charter: Charter, period: Period) -> Calls | None:
    """The calls of the period against the commitment that names a target for what is measured.

    None where there is neither such a commitment nor a call on record.
    """
    calls = schema.calls.c
    months = select(
        month_number(calls.day).label("month"),
        calls.offered,
        calls.answered,
        calls.answered_within_target,
    ).where(calls.charter == charter.id, calls.day.between(period.first, period.last))
    told = months.subquery("told")
    sums = [func.coalesce(func.sum(told.c[name]), 0).label(name) for name in _CALLS]
    by_month = select(told.c.month, *sums).group_by(told.c.month).order_by(told.c.month)
    rows = connection.execute(by_month).mappings().all()
    total = connection.execute(select(*sums)).mappings().one()
    promise = _measured(charter, with_target=True)
    if not rows and promise is None:
        return None
    figures = _calls("total", total)
    target = promise.target if promise else None
    return Calls(
        promise=promise.id if promise else None,
        text=promise.text if promise else None,
        target=target,
        reached=reached(figures.answered_within_target, figures.offered, target),
        total=figures,
        by_month=tuple(_calls(month_name(int(row["month"])), row) for row in rows),
    )


_CALLS: Final = ("offered", "answered", "answered_within_target")


def _calls(name: str, row: Any) -> CallFigures:
    counts = {column: int(row[column]) for column in _CALLS}
    share = percentage_of(counts["answered_within_target"], counts["offered"])
    return CallFigures(name=name, percentage=share, **counts)


def satisfaction(connection: Connection, charter: Charter, period: Period) -> Satisfaction | None:
    """What customers answered in the period; None where nobody did."""
    table = schema.satisfaction.c
    given = (
        table.charter == charter.id,
        table.answered_on.between(period.first, period.last),
    )
    scores = [counted_if(table.score == score).label(f"score_{score}") for score in SCORES]
    row = (
        connection.execute(
            select(
                func.count().label("answers"), func.sum(table.score).label("sum"), *scores
            ).where(*given)
        )
        .mappings()
        .one()
    )
    answers = int(row["answers"])
    if not answers:
        return None
    counts = tuple(Count(name=str(score), count=int(row[f"score_{score}"])) for score in SCORES)
    satisfied = sum(one.count for one in counts if int(one.name) >= SATISFIED)
    promise = _measured(charter, with_target=False)
    return Satisfaction(
        promise=promise.id if promise else None,
        answers=answers,
        mean=round(int(row["sum"]) / answers, 2),
        satisfied_percentage=percentage_of(satisfied, answers) or 0.0,
        scores=counts,
    )


def samples(connection: Connection, charter: str, period: Period) -> tuple[SampleFigures, ...]:
    """The samples of the months that lie in the period, with how each check was judged."""
    drawn, items = schema.samples.c, schema.sample_items.c
    months = (f"{period.first:%Y-%m}", f"{period.last:%Y-%m}")
    query = (
        select(drawn.month, drawn.population, drawn.size)
        .where(drawn.charter == charter, drawn.month.between(*months))
        .order_by(drawn.month)
    )
    judged: Select[Any] = select(items.month, items.results).where(
        items.charter == charter, items.month.between(*months), items.results.is_not(None)
    )
    results: dict[str, list[str]] = {}
    for row in connection.execute(judged):
        results.setdefault(row.month, []).append(row.results)
    return tuple(
        SampleFigures(
            month=row.month,
            population=row.population,
            size=row.size,
            reviewed=len(results.get(row.month, [])),
            checks=_checks(results.get(row.month, [])),
        )
        for row in connection.execute(query)
    )


def reached(some: int, of_all: int, target: float | None) -> bool | None:
    """Whether some of all are the target's percentage; None without a target, or of nothing."""
    return None if target is None or not of_all else some * 100 >= target * of_all


def _measured(charter: Charter, *, with_target: bool) -> Commitment | None:
    """The commitment that is kept by measuring: of calls the one with a target."""
    for one in charter.commitments:
        if one.kept_by == KeptBy.MEASURE and (one.target is not None) == with_target:
            return one
    return None


def _checks(texts: Iterable[str]) -> tuple[CheckFigures, ...]:
    # A sample holds a few dozen complaints, and its checklist may change: it is counted here.
    tallies: dict[str, Counter[str]] = {}
    for text in texts:
        for check, result in json.loads(text).items():
            tallies.setdefault(check, Counter())[_in_a_word(result)] += 1
    return tuple(
        CheckFigures(
            check=check,
            results=tuple(Count(name=name, count=n) for name, n in sorted(tally.items())),
        )
        for check, tally in tallies.items()
    )


def _in_a_word(result: object) -> str:
    if isinstance(result, bool):
        return "yes" if result else "no"
    return str(result)
