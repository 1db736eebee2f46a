"""Complaints with events, clocks, remedies and notices, charters, closures, what is measured, seals.

A released migration is never changed; the next one mends it.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TYPES: Final[dict[str, Any]] = {
    "text": sa.Text(),
    "instant": sa.DateTime(timezone=True),
    "day": sa.Date(),
    "number": sa.Integer(),
    "flag": sa.Boolean(),
    "blob": sa.LargeBinary(),
}


def upgrade() -> None:
    _create_complaints()
    _create_what_is_owed()
    _create_what_is_measured()
    _create_seals()
    _create_keys()
    if op.get_bind().dialect.name == "sqlite":
        _refuse_alterations()


def _table(name: str, key: str, *constraints: sa.Constraint, **columns: str) -> None:
    """Create a table: the names of its key, and of its columns by type; `?` marks what may be null."""
    made = [
        sa.Column(each.rstrip("?"), TYPES[kind], nullable=each[-1] == "?", autoincrement=False)
        for kind, names in columns.items()
        for each in names.split()
    ]
    primary = sa.PrimaryKeyConstraint(*key.split(), name=f"pk_{name}")
    op.create_table(name, *made, *constraints, primary)


def _index(table: str, columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns.split())}", table, columns.split())


def _of_complaint(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["reference"], ["complaints.reference"], name=f"fk_{table}_reference"
    )


def _create_complaints() -> None:
    _table(
        "complaints", "reference",
        text="reference charter charter_version digest channel correspondent stage state"
        " handler_id? handler_name? outcome? closed_how? head",
        instant="received_at next_due? closed_at?",
        number="missed events remedies_owed",
        flag="ended feedback",
    )  # fmt: skip
    for before in ("", "charter", "handler_id"):
        _index("complaints", f"{before} ended next_due reference")
    _table(
        "events", "reference number", _of_complaint("events"),
        text="reference kind body link", number="number", instant="at",
    )  # fmt: skip
    _index("events", "kind reference")
    _table(
        "clocks", "reference id", _of_complaint("clocks"),
        text="reference id promise part? stage state budget superseded proof",
        instant="started_at due_at? ended_at? fulfilled_late_at?",
        day="due_on?",
        number="contact? extensions days_taken? as_of",
        flag="renewal",
    )  # fmt: skip
    _table("charters", "digest", text="digest", blob="packed")
    _table(
        "closures", "region day charter",
        text="region charter reason added_by issuer? token?", day="day", instant="added_at",
    )  # fmt: skip


def _create_what_is_owed() -> None:
    _table(
        "remedies", "reference number", _of_complaint("remedies"),
        text="reference charter stage kind text owner_id? owner_name? owner_role state reason? sealed_with?",
        day="due_on waits_for?",
        instant="next_due? promised_at ended_at?",
        number="number missed reminders as_of",
        flag="settled",
    )  # fmt: skip
    _index("remedies", "charter promised_at")
    for before in ("", "charter", "owner_id"):
        _index("remedies", f"{before} settled next_due reference number")
    _table(
        "notices", "key", _of_complaint("notices"),
        text="key reference body",
        number="event position",
        instant="owed_at",
    )  # fmt: skip
    _index("notices", "reference event")
    _table(
        "letters", "reference number",
        text="reference key digest sealed_with? link",
        number="number",
        instant="at",
        blob="content",
    )  # fmt: skip
    op.create_index("ix_letters_key_digest", "letters", ["key", "digest"], unique=True)
    _table(
        "fates", "key",
        text="key state message_id? detail? channel? sealed_with?",
        instant="at?",
    )  # fmt: skip
    _index("fates", "state at")


def _create_what_is_measured() -> None:
    _table(
        "calls", "charter day period",
        text="charter period source",
        day="day",
        number="offered answered answered_within_target",
        instant="imported_at",
    )  # fmt: skip
    _table(
        "satisfaction", "charter response_id",
        text="charter response_id reference? comment? sealed_with?",
        day="answered_on",
        number="score",
        instant="imported_at",
    )  # fmt: skip
    _index("satisfaction", "charter answered_on")
    _table("samples", "charter month", text="charter month body")


def _create_seals() -> None:
    _table("seals", "number", number="number", instant="at", text="root signature key")
    _table(
        "sealed", "seal reference",
        number="seal number letters acts", text="reference head letters_head acts_head",
    )  # fmt: skip
    _index("sealed", "reference number")


def _create_keys() -> None:
    _table(
        "data_keys", "reference",
        text="reference id ring_key destroyed_by? reason?",
        blob="wrapped?",
        instant="made_at destroyed_at?",
    )  # fmt: skip
    op.create_index("ix_data_keys_id", "data_keys", ["id"], unique=True)
    _index("data_keys", "ring_key")
    _table("found_by", "field digest reference", text="field digest reference")
    _index("found_by", "reference")
    _table("holds", "reference", text="reference by reason sealed_with?", instant="since")
    _table(
        "keeping", "reference number",
        number="number",
        text="reference what actor_id actor_name actor_role issuer? token? reason? figures? sealed_with? link",
        instant="at",
    )  # fmt: skip


def _refuse_alterations() -> None:
    """As the rights of PostgreSQL do, which SQLite has none of."""
    for table in ("charters", "events", "keeping", "notices", "letters", "seals", "sealed"):
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change} BEFORE {change} ON {table} BEGIN"
                f" SELECT RAISE(ABORT, 'what is on record is not altered ({change} of {table})'); END"
            )


def downgrade() -> None:
    msg = "the ledger does not step back: restore a backup instead"
    raise NotImplementedError(msg)
