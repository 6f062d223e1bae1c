"""People can be erased: what named them may be nothing, and when it was done is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import quizapp.kit.store

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("erased_at", quizapp.kit.store.Instant(timezone=True), nullable=True)
        )
        for name, length in (("email", 254), ("code_trace", 64), ("link_trace", 64)):
            batch_op.alter_column(name, existing_type=sa.String(length=length), nullable=True)
        batch_op.create_index("ix_application_named", ["edition_id", "erased_at"])
