"""How each promise was kept: counts and days taken, as a whole and by stage, channel and month.

Owns which clock counts where, and the one statement that counts them:

- a clock that was met counts as in time on the day on which it was met;
- a clock that was missed counts as late on the day on which it fell due;
- a clock that was neither by the end of the period, and had begun, is open;
- a clock that was stopped in time counts nowhere, nor does the new date given after a miss.

So each clock counts once, every breakdown adds up, and what is reported of one period and the next
adds up too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    CTE,
    Connection,
    Subquery,
    and_,
    case,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from domain.quality.figures import percentage_of
from ledger.sql import tables
from reporting.model import OPEN, Figures
from reporting.period import Period

TOTAL: Final = "total"
DIMENSIONS: Final = ("stage", "channel", "month")
_KEYS: Final = ("dimension", "value", "promise", "part")


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of one promise, in the whole or for one value of a dimension."""

    dimension: str
    value: str
    promise: str
    part: str | None
    figures: Figures


def clock_figures(connection: Connection, charter: str, period: Period) -> tuple[Counted, ...]:
    """Every figure of every promise that had a clock in the period, in no order."""
    rows = connection.execute(_statement(charter, period)).mappings()
    return tuple(_counted(dict(row)) for row in rows)


def _counted(row: dict[str, Any]) -> Counted:
    # PostgreSQL sums big integers as decimals.
    in_time, late, still_open, undone = (
        int(row[name]) for name in ("in_time", "late", "open", "undone")
    )
    figures = Figures(
        in_time=in_time,
        late=late,
        open=still_open,
        late_and_not_done=undone,
        percentage=percentage_of(in_time, in_time + late),
        median_days=row["median"],
        ninetieth_days=row["ninetieth"],
    )
    return Counted(row["dimension"], row["value"], row["promise"], row["part"], figures)


def _statement(charter: str, period: Period) -> Any:
    ranked = _ranked(_sliced(_tallied(_clocks(charter, period)))).c

    def of(status: str, what: Any = ranked.clocks) -> Any:
        return func.sum(case((ranked.status == status, what), else_=0))

    late = func.sum(case((ranked.status.in_(("missed", "passed")), ranked.clocks), else_=0))

    def at_least(share: int) -> Any:
        reached = and_(ranked.days.is_not(None), ranked.so_far * 100 >= ranked.in_all * share)
        return func.min(case((reached, ranked.days)))

    return select(
        *(ranked[name] for name in _KEYS),
        of("met").label("in_time"),
        late.label("late"),
        of(OPEN).label("open"),
        func.sum(ranked.undone).label("undone"),
        at_least(50).label("median"),
        at_least(90).label("ninetieth"),
    ).group_by(*(ranked[name] for name in _KEYS))


def _clocks(charter: str, period: Period) -> Subquery:
    """Each clock that counts, with where it counts."""
    clocks, complaints = tables.clocks.c, tables.complaints.c
    # An estimate or a chance that passed: told apart from promises, and counted as they are.
    late = clocks.state.in_(("missed", "passed"))
    decided_at = case((late, func.coalesce(clocks.due_at, clocks.ended_at)), else_=clocks.ended_at)
    decided = decided_at < period.ends
    is_open = or_(decided_at.is_(None), decided_at >= period.ends)
    not_done = or_(clocks.fulfilled_late_at.is_(None), clocks.fulfilled_late_at >= period.ends)
    months = [(decided_at < period.end_of(month), str(month)) for month in period.months()]
    return (
        select(
            clocks.promise,
            clocks.part,
            clocks.stage,
            complaints.channel,
            case((decided, clocks.state), else_=OPEN).label("status"),
            case((is_open, OPEN), *months, else_=OPEN).label("month"),
            case((or_(is_open, and_(late, not_done)), null()), else_=clocks.days_taken).label(
                "days"
            ),
            case((and_(decided, late, not_done), 1), else_=0).label("undone"),
        )
        .join_from(tables.clocks, tables.complaints, clocks.reference == complaints.reference)
        .where(
            complaints.charter == charter,
            clocks.renewal == false(),
            clocks.started_at < period.ends,
            or_(is_open, and_(decided_at >= period.begins, clocks.state != "stopped")),
        )
        .subquery("told")
    )


def _tallied(told: Subquery) -> CTE:
    """The clocks as few rows: how many there are of each kind. What follows reads only these."""
    keys = [column for column in told.c if column.name != "undone"]
    return (
        select(*keys, func.count().label("clocks"), func.sum(told.c.undone).label("undone"))
        .group_by(*keys)
        .cte("tallied")
    )


def _sliced(tallied: CTE) -> CTE:
    """The same rows once for the whole and once for each dimension."""

    def slices() -> Iterator[Any]:
        for dimension in (TOTAL, *DIMENSIONS):
            value = tallied.c[dimension] if dimension in DIMENSIONS else literal("")
            part = select(
                literal(dimension).label("dimension"),
                value.label("value"),
                *(tallied.c[name] for name in ("promise", "part", "status", "days")),
                func.sum(tallied.c.clocks).label("clocks"),
                func.sum(tallied.c.undone).label("undone"),
            )
            own = [value] if dimension in DIMENSIONS else []
            yield part.group_by(
                *own, *(tallied.c[name] for name in ("promise", "part", "status", "days"))
            )

    return union_all(*slices()).cte("sliced")


def _ranked(sliced: CTE) -> CTE:
    """Each row with how many took no longer than it, and how many came at all."""
    keys = [sliced.c[name] for name in _KEYS]
    came = case((sliced.c.days.is_(None), 0), else_=sliced.c.clocks)
    so_far = func.sum(came).over(partition_by=keys, order_by=sliced.c.days)
    return select(
        sliced, so_far.label("so_far"), func.sum(came).over(partition_by=keys).label("in_all")
    ).cte("ranked")
