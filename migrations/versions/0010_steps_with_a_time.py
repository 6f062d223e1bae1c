"""Steps with a time of their own: what is open in a sitting, and when each step was opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import quizapp.kit.store

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opening",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("opened_at", quizapp.kit.store.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_opening_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "step", name=op.f("pk_opening")),
    )
    op.add_column("sitting", sa.Column("open_first", sa.Integer(), nullable=True))
    op.add_column("sitting", sa.Column("open_last", sa.Integer(), nullable=True))
    op.add_column(
        "sitting", sa.Column("open_until", quizapp.kit.store.Instant(timezone=True), nullable=True)
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
