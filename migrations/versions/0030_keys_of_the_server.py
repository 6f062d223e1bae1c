"""The keys that sign receipts and open rescue files."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

import quizapp.kit.store

revision = "0030"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "server_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("public", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("sealed", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("created_at", quizapp.kit.store.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_key")),
        sa.UniqueConstraint("purpose", "name", name=op.f("uq_server_key_purpose_name")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
