"""Scores, what excludes and corrects, and the published rankings."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlmodel import Field, ForeignKeyConstraint, Index, SQLModel, UniqueConstraint, text

from quizapp.kit.store import Exact, Instant


class Score(SQLModel, table=True):
    """The score of one sitting; ``sections`` maps each scored bank to its points, as JSON.

    ``maxima`` maps it to how many points it could give on this paper: weights, caps and voids counted.
    """

    sitting_id: int = Field(foreign_key="sitting.id", primary_key=True)
    points: Fraction = Field(sa_type=Exact)
    maximum: int
    sections: str
    maxima: str = Field(default="{}", sa_column_kwargs={"server_default": "{}"})
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


class Correction(SQLModel, table=True):
    """A correction of a question of a stage: proposed with a reason, then applied or withdrawn.

    ``kind`` and ``value`` are those of ``exam.correcting``; ``undoes`` names the correction that this
    one undoes. ``key`` makes a repeated delivery the same proposal. ``basis`` is the fingerprint of
    all that its effect was computed from, ``counts`` how many that moves, as JSON. ``place`` counts
    the applied ones of a stage from 1, in the order in which they came to apply.
    """

    __table_args__ = (UniqueConstraint("stage_id", "key"), UniqueConstraint("stage_id", "place"))

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id")
    key: str = Field(max_length=40)
    bank: str = Field(max_length=60)
    question: str = Field(max_length=70)
    kind: str = Field(max_length=10)
    value: str = Field(default="")
    undoes: int | None = Field(default=None, foreign_key="correction.id")
    reason: str
    by: str = Field(max_length=200)
    proposed_at: datetime = Field(sa_type=Instant)
    basis: str = Field(max_length=64)
    counts: str
    place: int | None = Field(default=None)
    applied_at: datetime | None = Field(default=None, sa_type=Instant)
    applied_by: str = Field(default="", max_length=200)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_by: str = Field(default="", max_length=200)


class CorrectionMove(SQLModel, table=True):
    """Somebody whom a correction moves: points, ranks and status, before and after.

    ``sign`` is 1 where points are gained and -1 where they are lost; ``crossing`` says who enters
    the qualified and who leaves them.
    """

    __tablename__ = "correction_move"
    __table_args__ = (
        Index("ix_correction_move_sign", "correction_id", "sign"),
        Index("ix_correction_move_crossing", "correction_id", "crossing"),
    )

    correction_id: int = Field(foreign_key="correction.id", primary_key=True)
    application_id: int = Field(foreign_key="application.id", primary_key=True, index=True)
    sign: int
    crossing: str = Field(max_length=8)
    points_before: Fraction = Field(sa_type=Exact)
    points_after: Fraction = Field(sa_type=Exact)
    maximum_before: int
    maximum_after: int
    nation_before: int
    nation_after: int
    region_before: int
    region_after: int
    city_before: int
    city_after: int
    status_before: str = Field(max_length=12)
    status_after: str = Field(max_length=12)
    place_before: int
    place_after: int


class Draw(SQLModel, table=True):
    """A public draw of lots: a list that was committed to, then a public value that came later.

    ``numbers`` is the list as written, ``source`` what was announced as the value, public from
    ``due_at`` on; ``found_at`` is where the value was read. The newest of a stage counts.
    """

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id", index=True)
    numbers: str
    digest: str = Field(max_length=64)
    source: str
    due_at: datetime = Field(sa_type=Instant)
    committed_at: datetime = Field(sa_type=Instant)
    committed_by: str = Field(max_length=200)
    value: str | None = Field(default=None)
    found_at: str | None = Field(default=None)
    entered_at: datetime | None = Field(default=None, sa_type=Instant)
    entered_by: str | None = Field(default=None, max_length=200)


class RankingCheck(SQLModel, table=True):
    """A ranking that one person has checked, for another to publish; ``digest`` is what was seen."""

    __tablename__ = "ranking_check"

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id", index=True)
    digest: str = Field(max_length=64)
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=200)
    reason: str


class Publication(SQLModel, table=True):
    """A ranking as published: numbered, dated, reasoned, never changed.

    ``corrections`` is how many applied corrections it rests on; ``checked_by`` who checked it first.
    """

    __table_args__ = (UniqueConstraint("stage_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id", index=True)
    number: int
    published_at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=200)
    reason: str
    digest: str = Field(max_length=64)
    corrections: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    checked_at: datetime | None = Field(default=None, sa_type=Instant)
    checked_by: str | None = Field(default=None, max_length=200)


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
    maxima: str = Field(default="{}", sa_column_kwargs={"server_default": "{}"})
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
