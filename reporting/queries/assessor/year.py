"""The independent assessor's report: what came to their stage in the period, and what became of it.

Owns when a complaint is at a stage: from the event that brought it there (opened, escalated, or
reopened where it stood) to the first one that ended its waiting (replied there, escalated from
there, or closed).
Source of the promise: FO-13, the assessor's yearly report.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Subquery, and_, func, not_, or_, select

from charters.bank_holidays import known_until
from charters.calendars import resolve_terms
from domain.calendar.pinned import BeyondCalendar
from domain.charter.tables import Charter, Stage
from domain.errors import UpholdError
from domain.vocabulary import ClosedHow, Role
from ledger.sql import tables
from reporting.period import Period
from reporting.queries.assessor.findings import findings
from reporting.queries.expressions import counted_if, happened, said, tally, within
from reporting.queries.remedies import recommendations
from reporting.sections import Count, StageReport

_ENDS: Final = ("replied", "escalated", "closed")


def assessor_report(
    connection: Connection, charter: Charter, period: Period, today: date
) -> StageReport | None:
    """The report of the stage whose reviewer is the independent assessor; None without one."""
    stage = next((s for s in charter.stages if s.role is Role.INDEPENDENT_ASSESSOR), None)
    if stage is None:
        return None
    visits = _visits(charter.id, stage, opens=stage.opens or stage is charter.stages[0])
    counts = connection.execute(_counting(visits, period)).mappings().one()
    days = _days_taken(connection, visits, charter, period)
    return StageReport(
        stage=stage.id,
        title=stage.title,
        outcomes=_outcomes(connection, charter.id, stage, period),
        median_days=_share(days, 50),
        ninetieth_days=_share(days, 90),
        recommendations=recommendations(connection, charter.id, [stage.id], period, today),
        findings=findings(connection, charter.id, stage.id, period),
        **{name: int(number) for name, number in counts.items()},
    )


def _visits(charter: str, stage: Stage, *, opens: bool) -> Subquery:
    """Each time that a complaint was at the stage: when it came, when it went, and by what."""
    came, went = tables.events.alias("came"), tables.events.alias("went")
    complaints = tables.complaints.c
    entering = and_(came.c.kind == "escalated", said(came.c.body, "to") == stage.id)
    if opens:  # to look into every opening takes as long as all the rest
        opened_here = and_(came.c.kind == "opened", said(came.c.body, "stage") == stage.id)
        entering = or_(entering, opened_here)
    entering = or_(entering, _taken_up_again(came, stage))
    number = (
        select(func.min(went.c.number))
        .where(
            went.c.reference == came.c.reference,
            went.c.number > came.c.number,
            went.c.kind.in_(_ENDS),
        )
        .correlate(came)
        .scalar_subquery()
    )
    entered = (
        select(came.c.reference, came.c.at.label("came_at"), number.label("ended_by"))
        .join_from(came, tables.complaints, came.c.reference == complaints.reference)
        .where(complaints.charter == charter, entering)
        .subquery("entered")
    )
    return (
        select(entered.c.came_at, went.c.at.label("went_at"), went.c.kind)
        .outerjoin_from(
            entered,
            went,
            and_(went.c.reference == entered.c.reference, went.c.number == entered.c.ended_by),
        )
        .subquery("visits")
    )


def _taken_up_again(came: Any, stage: Stage) -> Any:
    """Reopened at the stage, which owes a reply again.

    After a closed window it does not: the stage has answered, and only the window opens anew.
    """
    brought, ended = tables.events.alias("brought"), tables.events.alias("ended")
    here = func.coalesce(said(brought.c.body, "to"), said(brought.c.body, "stage")) == stage.id
    only_the_window = and_(
        ended.c.kind == "closed", said(ended.c.body, "how") == ClosedHow.WINDOW_CLOSED
    )
    return and_(
        came.c.kind == "reopened",
        _latest_was(came, brought, ("opened", "escalated"), here),
        not_(_latest_was(came, ended, ("closed", "reopened"), only_the_window)),
    )


def _latest_was(came: Any, earlier: Any, kinds: tuple[str, ...], condition: Any) -> Any:
    """Whether that holds of the latest event of these kinds before another one."""
    before = tables.events.alias()
    latest = (
        select(func.max(before.c.number))
        .where(
            before.c.reference == came.c.reference,
            before.c.number < came.c.number,
            before.c.kind.in_(kinds),
        )
        .correlate(came)
        .scalar_subquery()
    )
    found = select(earlier.c.number).where(
        earlier.c.reference == came.c.reference, earlier.c.number == latest, condition
    )
    return found.correlate(came).exists()


def _counting(visits: Subquery, period: Period) -> Any:
    came, went = visits.c.came_at, visits.c.went_at
    ended = within(period, went)
    still = or_(went.is_(None), went >= period.ends)
    replied = visits.c.kind == "replied"
    return select(
        counted_if(came < period.begins, or_(went.is_(None), went >= period.begins)).label(
            "waiting_at_start"
        ),
        counted_if(within(period, came)).label("received"),
        counted_if(ended, replied).label("replied"),
        counted_if(ended, visits.c.kind != "replied").label("ended_otherwise"),
        counted_if(came < period.ends, still).label("waiting_at_end"),
    )


def _outcomes(
    connection: Connection, charter: str, stage: Stage, period: Period
) -> tuple[Count, ...]:
    body = tables.events.c.body
    replies = happened(charter, period, "replied").where(said(body, "stage") == stage.id)
    return tally(connection, said(body, "outcome"), replies)


def _days_taken(
    connection: Connection, visits: Subquery, charter: Charter, period: Period
) -> list[int]:
    """Working days of every reply in the period, from coming to the stage, in order.

    No clock runs on what the charter promises no time for, so the days are counted here; a reply
    whose days lie beyond the calendar's data is left out.
    """
    query = select(visits.c.came_at, visits.c.went_at).where(
        visits.c.kind == "replied", within(period, visits.c.went_at)
    )
    spans: Sequence[tuple[datetime, datetime]] = [
        (row.came_at, row.went_at) for row in connection.execute(query)
    ]
    if not spans:
        return []
    first = min(came for came, _ in spans).date() - timedelta(days=2)
    try:
        calendar = resolve_terms(charter.calendar, first, min(period.last, known_until()))
    except UpholdError:
        return []
    days = []
    for came, went in spans:
        try:
            start, end = calendar.local_day(came), calendar.local_day(went)
            days.append(calendar.working_days_between(start, end))
        except BeyondCalendar:
            continue
    return sorted(days)


def _share(days: Sequence[int], percent: int) -> int | None:
    """The least number of days that so many percent took at most."""
    return days[-(-len(days) * percent // 100) - 1] if days else None
