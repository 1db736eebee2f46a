"""Complaints, events, clocks, notices, their fates, and pinned charters.

A released migration is never changed; the next one mends it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, INSTANT, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _of_complaint(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["reference"], ["complaints.reference"], name=f"fk_{table}_reference"
    )


def upgrade() -> None:
    _create_complaints()
    _create_events_and_clocks()
    _create_notices()
    op.create_table(
        "charters",
        _text("digest"),
        _text("charter"),
        _text("version"),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_charters"),
    )


def _create_complaints() -> None:
    op.create_table(
        "complaints",
        *(_text(name) for name in ("reference", "charter", "charter_version", "digest")),
        *(_text(name) for name in ("channel", "correspondent", "stage", "state")),
        _text("handler_id", nullable=True),
        _text("handler_name", nullable=True),
        _instant("received_at"),
        _instant("next_due", nullable=True),
        _number("missed"),
        _text("outcome", nullable=True),
        _instant("closed_at", nullable=True),
        _text("closed_how", nullable=True),
        _number("events"),
        sa.PrimaryKeyConstraint("reference", name="pk_complaints"),
    )
    op.create_index(
        "ix_complaints_charter_stage_state", "complaints", ["charter", "stage", "state"]
    )
    op.create_index("ix_complaints_stage_state", "complaints", ["stage", "state"])
    op.create_index("ix_complaints_next_due", "complaints", ["next_due"])
    op.create_index("ix_complaints_handler_id", "complaints", ["handler_id"])


def _create_events_and_clocks() -> None:
    op.create_table(
        "events",
        _text("reference"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _text("kind"),
        _instant("at"),
        _text("actor_id", nullable=True),
        _text("actor_role", nullable=True),
        _text("command_id", nullable=True),
        _text("body"),
        _of_complaint("events"),
        sa.PrimaryKeyConstraint("reference", "number", name="pk_events"),
    )
    op.create_table(
        "clocks",
        *(_text(name) for name in ("reference", "id", "promise")),
        _text("part", nullable=True),
        _text("stage"),
        _number("contact", nullable=True),
        _text("state"),
        _text("budget"),
        _instant("started_at"),
        sa.Column("due_on", sa.Date(), nullable=True),
        *(_instant(name, nullable=True) for name in ("due_at", "ended_at", "fulfilled_late_at")),
        _number("extensions"),
        sa.Column("renewal", sa.Boolean(), nullable=False),
        _text("superseded"),
        _text("proof"),
        _number("as_of"),
        _of_complaint("clocks"),
        sa.PrimaryKeyConstraint("reference", "id", name="pk_clocks"),
    )


def _create_notices() -> None:
    op.create_table(
        "notices",
        _text("key"),
        _text("reference"),
        _number("event"),
        _number("position"),
        *(_text(name) for name in ("kind", "recipient_kind", "channel", "language")),
        _instant("owed_at"),
        _text("body"),
        _of_complaint("notices"),
        sa.PrimaryKeyConstraint("key", name="pk_notices"),
    )
    op.create_index("ix_notices_reference_event", "notices", ["reference", "event"])
    op.create_table(
        "fates",
        _text("key"),
        _text("state"),
        _text("message_id", nullable=True),
        _instant("attempted_at", nullable=True),
        _instant("delivered_at", nullable=True),
        _text("where", nullable=True),
        _instant("refused_at", nullable=True),
        _text("reason", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_fates"),
    )


def downgrade() -> None:
    msg = "the ledger does not step back: restore a backup instead"
    raise NotImplementedError(msg)
