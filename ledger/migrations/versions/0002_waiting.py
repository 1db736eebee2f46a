"""What waits for the day's digest of a mailbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["key"], ["notices.key"], name="fk_waiting_key"),
        sa.PrimaryKeyConstraint("key", name="pk_waiting"),
    )
    op.create_index("ix_waiting_mailbox", "waiting", ["mailbox"])


def downgrade() -> None:
    msg = "the ledger does not step back: restore a backup instead"
    raise NotImplementedError(msg)
