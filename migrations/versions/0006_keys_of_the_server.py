"""The keys that sign receipts and open rescue files; receipts stand for the chain's last link."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
import sqlmodel
from alembic import op

import quizapp.kit.store

revision = "0006"
down_revision = "0005"
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
    _close_by_the_last_link()


def _close_by_the_last_link() -> None:
    """Let the digest of a closed sitting be the last link that had arrived when it was closed."""
    db = op.get_bind()
    closed = db.execute(
        sa.text(
            "SELECT sitting.id, edition.slug || '/' || stage.key AS stage, application.number, "
            "(SELECT link FROM answer WHERE answer.sitting_id = sitting.id AND NOT answer.late "
            "ORDER BY n DESC LIMIT 1) AS link "
            "FROM sitting JOIN stage ON stage.id = sitting.stage_id "
            "JOIN edition ON edition.id = stage.edition_id "
            "JOIN application ON application.id = sitting.application_id "
            "WHERE sitting.closed_at IS NOT NULL"
        )
    ).all()
    for row in closed:
        first = hashlib.sha256(f"quizapp|{row.stage}|{row.number}".encode()).hexdigest()
        db.execute(
            sa.text("UPDATE sitting SET digest = :link WHERE id = :id"),
            {"link": row.link or first, "id": row.id},
        )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
