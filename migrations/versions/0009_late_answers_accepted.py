"""Answers that came too late and are accepted, beside the answers themselves."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import quizapp.kit.store

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "late_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", quizapp.kit.store.Instant(timezone=True), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("undone_at", quizapp.kit.store.Instant(timezone=True), nullable=True),
        sa.Column("undone_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("undone_why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id", "n"],
            ["answer.sitting_id", "answer.n"],
            name=op.f("fk_late_acceptance_sitting_id_answer"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_acceptance")),
    )
    with op.batch_alter_table("late_acceptance", schema=None) as batch_op:
        batch_op.create_index(
            "uq_late_acceptance_standing",
            ["sitting_id", "n"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
