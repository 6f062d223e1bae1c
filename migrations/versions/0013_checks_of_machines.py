"""Checks of candidates' machines before the day."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import quizapp.kit.store

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "machine_check",
        sa.Column("trace", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", quizapp.kit.store.Instant(timezone=True), nullable=False),
        sa.Column("troubles", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_machine_check_edition_id_edition")
        ),
        sa.PrimaryKeyConstraint("trace", name=op.f("pk_machine_check")),
    )
    with op.batch_alter_table("machine_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_machine_check_edition_id"), ["edition_id"], unique=False
        )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
