"""The links of complaints in their lists; a row has them from its next event on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("complaints", sa.Column("linked", sa.Text(), nullable=True))


def downgrade() -> None:
    msg = "the ledger does not step back: restore a backup instead"
    raise NotImplementedError(msg)
