"""Remedies, emergency closures, calls, satisfaction and samples; how long a clock took.

A released migration is never changed; the next one mends it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, INSTANT, nullable=nullable)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def upgrade() -> None:
    op.add_column("clocks", sa.Column("days_taken", sa.Integer(), nullable=True))
    _index("events", "kind", "reference")
    _create_remedies()
    _create_closures()
    _create_measures()
    _create_samples()


def _create_remedies() -> None:
    op.create_table(
        "remedies",
        *(_text(name) for name in ("id", "reference")),
        _number("number"),
        *(_text(name) for name in ("charter", "stage", "kind", "text")),
        *(_text(name, nullable=True) for name in ("owner_id", "owner_name", "owner_role")),
        _day("due_on", nullable=True),
        _text("state"),
        _instant("promised_at"),
        _instant("ended_at", nullable=True),
        _text("reason", nullable=True),
        _number("reminders"),
        _number("as_of"),
        _key("remedies", "id"),
    )
    _index("remedies", "reference", "number")
    _index("remedies", "charter", "promised_at")
    _index("remedies", "state", "due_on")
    _index("remedies", "owner_id")
    op.create_table(
        "remedy_events",
        _text("id"),
        _number("number"),
        _text("kind"),
        _instant("at"),
        _text("body"),
        _key("remedy_events", "id", "number"),
    )


def _create_closures() -> None:
    op.create_table(
        "closures",
        _text("region"),
        _day("day"),
        *(_text(name) for name in ("charter", "reason")),
        _instant("added_at"),
        _text("added_by"),
        _key("closures", "region", "day", "charter"),
    )


def _create_measures() -> None:
    op.create_table(
        "calls",
        _text("charter"),
        _day("day"),
        _text("period"),
        *(_number(name) for name in ("offered", "answered", "answered_within_target")),
        _text("source"),
        _instant("imported_at"),
        _key("calls", "charter", "day", "period"),
    )
    op.create_table(
        "satisfaction",
        *(_text(name) for name in ("charter", "response_id")),
        _text("reference", nullable=True),
        _day("answered_on"),
        _number("score"),
        _text("comment", nullable=True),
        _instant("imported_at"),
        _key("satisfaction", "charter", "response_id"),
    )
    _index("satisfaction", "charter", "answered_on")


def _create_samples() -> None:
    op.create_table(
        "samples",
        *(_text(name) for name in ("charter", "month", "seed", "checklist")),
        *(_number(name) for name in ("size", "per_handler", "population")),
        _instant("drawn_at"),
        _key("samples", "charter", "month"),
    )
    op.create_table(
        "sample_items",
        *(_text(name) for name in ("charter", "month")),
        _number("position"),
        _text("reference"),
        *(_text(name, nullable=True) for name in ("handler_id", "reviewed_by")),
        _instant("reviewed_at", nullable=True),
        *(_text(name, nullable=True) for name in ("results", "note")),
        sa.ForeignKeyConstraint(
            ["charter", "month"],
            ["samples.charter", "samples.month"],
            name="fk_sample_items_charter_month",
        ),
        _key("sample_items", "charter", "month", "position"),
    )
    _index("sample_items", "reference")


def downgrade() -> None:
    msg = "the ledger does not step back: restore a backup instead"
    raise NotImplementedError(msg)
