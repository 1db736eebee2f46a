"""What is read from the ledger, within a connection that somebody else opened.

Owns the queries behind lists, case files and figures. Writes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Float, RowMapping, Select, case, cast, func, select

from activities.ledger import schema
from activities.ledger.errors import CharterNotKept
from activities.ledger.figures import in_promise_order
from activities.ledger.port import NoticeFate, NoticeOnRecord, NoticeState, PromiseFigure
from activities.ledger.rows import CLOCK_FIELDS, NOTICE, STANDING_FIELDS, read_events
from domain.complaint.decider.record import Event
from domain.complaint.views.status import ClockStanding, Standing

_STANDINGS = select(*(schema.complaints.c[name] for name in STANDING_FIELDS))
_CLOCKS = select(*(schema.clocks.c[name] for name in CLOCK_FIELDS))


def read_record(connection: Connection, reference: str) -> tuple[Event, ...]:
    """Every event of a complaint, in order."""
    table = schema.events
    query = select(table.c.body).where(table.c.reference == reference).order_by(table.c.number)
    return read_events(list(connection.scalars(query)))


def read_standing(connection: Connection, reference: str) -> Standing | None:
    """How a complaint stands; None for an unknown reference."""
    query = _STANDINGS.where(schema.complaints.c.reference == reference)
    row = connection.execute(query).mappings().one_or_none()
    return Standing(**row) if row else None


def read_clocks(connection: Connection, reference: str) -> tuple[ClockStanding, ...]:
    """Every clock of a complaint, in the order of their start."""
    table = schema.clocks
    query = _CLOCKS.where(table.c.reference == reference).order_by(table.c.started_at, table.c.id)
    return tuple(ClockStanding(**row) for row in connection.execute(query).mappings())


def read_notices(connection: Connection, reference: str) -> tuple[NoticeOnRecord, ...]:
    """Every notice of a complaint with its fate, in the order they were owed."""
    notices, fates = schema.notices, schema.fates
    query = (
        select(notices.c.key, notices.c.body, notices.c.owed_at, *_fate_columns())
        .select_from(notices.outerjoin(fates, fates.c.key == notices.c.key))
        .where(notices.c.reference == reference)
        .order_by(notices.c.owed_at, notices.c.event, notices.c.position)
    )
    return tuple(
        NoticeOnRecord(
            notice=NOTICE.validate_json(row["body"]), owed_at=row["owed_at"], fate=_fate(row)
        )
        for row in connection.execute(query).mappings()
    )


def read_fate(connection: Connection, key: str) -> NoticeFate | None:
    """What became of a notice; None while nobody has tried to send it."""
    query = select(schema.fates.c.key, *_fate_columns()).where(schema.fates.c.key == key)
    row = connection.execute(query).mappings().one_or_none()
    return _fate(row) if row else None


def read_standings(
    connection: Connection, wanted: dict[str, str], due_before: datetime | None, limit: int
) -> tuple[Standing, ...]:
    """Complaints whose columns hold what is wanted, the next due first."""
    table = schema.complaints
    query: Select[Any] = _STANDINGS.where(
        *(table.c[name] == value for name, value in wanted.items())
    )
    if due_before is not None:
        query = query.where(table.c.next_due < due_before)
    query = query.order_by(table.c.next_due.nulls_last(), table.c.reference).limit(limit)
    return tuple(Standing(**row) for row in connection.execute(query).mappings())


def read_references(connection: Connection) -> tuple[str, ...]:
    """The reference of every complaint on record, in order."""
    column = schema.complaints.c.reference
    return tuple(connection.scalars(select(column).order_by(column)))


def read_figures(connection: Connection, charter: str) -> tuple[PromiseFigure, ...]:
    """How each promise of a charter was kept, in the order of the promises' numbers."""
    clocks, complaints = schema.clocks, schema.complaints

    def counted(*states: str) -> Any:
        return func.sum(case((clocks.c.state.in_(states), 1), else_=0))

    in_time, late = counted("met"), counted("missed")
    query = (
        select(
            clocks.c.promise,
            clocks.c.part,
            in_time.label("in_time"),
            late.label("late"),
            counted("running", "paused").label("open"),
            (cast(100 * in_time, Float) / func.nullif(in_time + late, 0)).label("percentage"),
        )
        .join_from(clocks, complaints, clocks.c.reference == complaints.c.reference)
        .where(complaints.c.charter == charter, clocks.c.renewal.is_(False))
        .where(clocks.c.state != "stopped")
        .group_by(clocks.c.promise, clocks.c.part)
    )
    figures = [PromiseFigure(**row) for row in connection.execute(query).mappings()]
    return in_promise_order(figures)


def read_charter(connection: Connection, digest: str) -> bytes:
    """The packed charter of that digest. Raises `CharterNotKept`."""
    table = schema.charters
    packed = connection.scalar(select(table.c.packed).where(table.c.digest == digest))
    if packed is None:
        msg = f"No charter with the digest {digest!r} was kept in this ledger."
        raise CharterNotKept(msg)
    return bytes(packed)


def _fate_columns() -> list[Any]:
    return [column for column in schema.fates.c if column.name != "key"]


def _fate(row: RowMapping) -> NoticeFate:
    return NoticeFate(
        key=row["key"],
        state=NoticeState(row["state"] or NoticeState.OWED),
        **{c.name: row[c.name] for c in _fate_columns() if c.name != "state"},
    )
