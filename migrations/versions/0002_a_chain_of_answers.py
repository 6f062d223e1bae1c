"""Answers become a chain, one per sitting, written by one device at a time."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op

import quizapp.kit.store

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHUNK = 1_000


def upgrade() -> None:
    with op.batch_alter_table("sitting") as table:
        table.add_column(
            sa.Column("writer", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True)
        )
    op.execute("UPDATE sitting SET writer = ''")
    with op.batch_alter_table("sitting") as table:
        table.alter_column(
            "writer", existing_type=sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False
        )

    op.execute("CREATE TABLE answer_before AS SELECT * FROM answer")
    op.drop_table("answer")
    op.create_table(
        "answer",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("response", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("received_at", quizapp.kit.store.Instant(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("link", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_answer_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "n", name=op.f("pk_answer")),
        sa.UniqueConstraint("sitting_id", "key", name=op.f("uq_answer_sitting_id_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_answer_version", "answer", ["sitting_id", "item", "seq"], unique=True,
        sqlite_where=sa.text("NOT late"), postgresql_where=sa.text("NOT late"),
    )  # fmt: skip
    _link_what_is_there()
    op.drop_table("answer_before")


def _link_what_is_there() -> None:
    """Chain the answers of each sitting in the order in which they were stored.

    The form of a link is written out here: a migration must not follow later changes of the code.
    """
    db = op.get_bind()
    instant = quizapp.kit.store.Instant(timezone=True)
    before = sa.table(
        "answer_before",
        *map(sa.column, ("id", "sitting_id", "item", "seq", "key", "response", "flagged", "late")),
        sa.column("received_at", instant),
    )  # fmt: skip
    names = {
        row.id: (row.stage, row.number)
        for row in db.execute(
            sa.text(
                "SELECT sitting.id, edition.slug || '/' || stage.key AS stage, application.number "
                "FROM sitting JOIN stage ON stage.id = sitting.stage_id "
                "JOIN edition ON edition.id = stage.edition_id "
                "JOIN application ON application.id = sitting.application_id"
            )
        )
    }
    answer = sa.table(
        "answer", *map(sa.column, ("sitting_id", "n", "item", "seq", "key", "response", "link")),
        sa.column("flagged", sa.Boolean), sa.column("late", sa.Boolean), sa.column("received_at", instant),
    )  # fmt: skip
    sitting, n, link = None, 0, ""
    rows: list[dict[str, object]] = []
    for row in db.execute(sa.select(before).order_by(before.c.sitting_id, before.c.id)).all():
        stage, candidate = names[row.sitting_id]
        if row.sitting_id != sitting:
            sitting, n, link = row.sitting_id, 0, _hash(f"quizapp|{stage}|{candidate}")
        n += 1
        fingerprint = "-" if row.response is None else _hash(row.response)
        link = _hash(
            f"{link}\n{n}|{stage}|{candidate}|{row.item}|{row.seq}|{bool(row.flagged):d}"
            f"|{_instant(row.received_at)}|{fingerprint}"
        )
        rows.append(
            {
                "sitting_id": sitting, "n": n, "item": row.item, "seq": row.seq, "key": row.key,
                "response": row.response, "flagged": bool(row.flagged),
                "received_at": row.received_at, "late": bool(row.late), "link": link,
            }
        )  # fmt: skip
    for start in range(0, len(rows), _CHUNK):
        db.execute(sa.insert(answer), rows[start : start + _CHUNK])


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
