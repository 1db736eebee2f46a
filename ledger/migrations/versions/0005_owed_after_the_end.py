"""What is closed and still owes a reason or an answer has not ended: lists and figures have it again."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE complaints SET ended = FALSE WHERE state = 'closed' AND next_due IS NOT NULL"
    )


def downgrade() -> None:
    msg = "the ledger does not step back: restore a backup instead"
    raise NotImplementedError(msg)
