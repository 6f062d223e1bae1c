"""Acts of the desk are known by a key: a second press of the same button is the same act."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import quizapp.kit.store

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_act",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("at", quizapp.kit.store.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["stage.id"], name=op.f("fk_desk_act_stage_id_stage")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_desk_act")),
    )
