"""What was asked of the key service, and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = ("id", "what", "reference", "who", "role", "issuer", "token")
    op.create_table(
        "key_uses",
        *(sa.Column(name, sa.Text(), nullable=False) for name in text),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_uses"),
    )
    op.create_index("ix_key_uses_reference", "key_uses", ["reference"])
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER key_uses_no_{change} BEFORE {change} ON key_uses BEGIN"
                f" SELECT RAISE(ABORT, 'what is on record is not altered ({change} of key_uses)'); END"
            )


def downgrade() -> None:
    msg = "the ledger does not step back: restore a backup instead"
    raise NotImplementedError(msg)
