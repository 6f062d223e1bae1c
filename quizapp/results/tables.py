"""Scores, and the published rankings."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlmodel import Field, ForeignKeyConstraint, Index, SQLModel, UniqueConstraint, text

from quizapp.kit.store import Exact, Instant


class Score(SQLModel, table=True):
    """The score of one sitting; ``sections`` maps each scored bank to its points, as JSON."""

    sitting_id: int = Field(foreign_key="sitting.id", primary_key=True)
    points: Fraction = Field(sa_type=Exact)
    maximum: int
    sections: str
    right: int
    wrong: int
    unanswered: int
    distance: Fraction | None = Field(default=None, sa_type=Exact)
    graded_at: datetime = Field(sa_type=Instant)


class Exclusion(SQLModel, table=True):
    """A candidate left out of a stage's ranking: who decided it, when and why; it can be lifted.

    The sitting, its answers and its score stay as they are.
    """

    __table_args__ = (
        Index(
            "uq_exclusion_standing",
            "stage_id",
            "application_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id")
    application_id: int = Field(foreign_key="application.id", index=True)
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=200)
    reason: str
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)
    lifted_by: str = Field(default="", max_length=200)
    lifted_why: str = Field(default="")


class LateAcceptance(SQLModel, table=True):
    """An answer that came too late, and counts all the same: who decided it, when and why.

    It stands beside the answer, which is never changed; it counts until ``undone_at``.
    """

    __tablename__ = "late_acceptance"
    __table_args__ = (
        ForeignKeyConstraint(["sitting_id", "n"], ["answer.sitting_id", "answer.n"]),
        Index(
            "uq_late_acceptance_standing",
            "sitting_id",
            "n",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    sitting_id: int
    n: int
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=200)
    reason: str
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by: str = Field(default="", max_length=200)
    undone_why: str = Field(default="")


class Publication(SQLModel, table=True):
    """A ranking as published: numbered, dated, reasoned, never changed."""

    __table_args__ = (UniqueConstraint("stage_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id", index=True)
    number: int
    published_at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=200)
    reason: str
    digest: str = Field(max_length=64)


class Ranked(SQLModel):
    """What a ranking says of one candidate.

    ``position`` is the order in the nation, from 1: unlike ranks, no two share it. ``region`` and
    ``city`` are those in which the candidate was ranked.
    """

    position: int
    region: str = Field(max_length=3)
    city: str = Field(max_length=5)
    points: Fraction = Field(sa_type=Exact)
    maximum: int
    sections: str
    distance: Fraction | None = Field(default=None, sa_type=Exact)
    nation_rank: int
    nation_tied: bool
    region_rank: int
    region_tied: bool
    city_rank: int
    city_tied: bool
    status: str = Field(max_length=12)
    place: int
    reason: str = Field(max_length=12)


class Draft(Ranked, table=True):
    """One candidate's place in the ranking of a stage as it stands now, published or not."""

    __table_args__ = (
        Index("ix_draft_position", "stage_id", "position"),
        Index("ix_draft_region", "stage_id", "region", "position"),
        Index("ix_draft_city", "stage_id", "city", "position"),
    )

    stage_id: int = Field(foreign_key="stage.id", primary_key=True)
    application_id: int = Field(foreign_key="application.id", primary_key=True)


class Standing(Ranked, table=True):
    """One candidate's place in a publication: a draft as it stood then, never changed."""

    publication_id: int = Field(foreign_key="publication.id", primary_key=True)
    application_id: int = Field(foreign_key="application.id", primary_key=True)
