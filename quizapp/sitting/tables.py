"""Sittings and the answers given in them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, Index, SQLModel, UniqueConstraint, text

from quizapp.exam.paper import Paper
from quizapp.kit.store import Instant


class Sitting(SQLModel, table=True):
    """One candidate's run through one paper. There is one per person and stage.

    ``ends_at`` is computed when it begins. ``writer`` names the one device whose answers are kept.
    ``closed_by`` says who ended it: the candidate, expiry, or the office closing the stage;
    ``digest`` is the link with which it
    was closed, and for which its receipt stands.
    """

    __table_args__ = (UniqueConstraint("application_id", "stage_id"),)

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id")
    stage_id: int = Field(foreign_key="stage.id", index=True)
    seed: str = Field(max_length=32)
    drawn: str
    started_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant, index=True)
    closed_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    closed_by: str | None = Field(default=None, max_length=12)
    writer: str = Field(max_length=16)
    answered: int | None = Field(default=None)
    digest: str | None = Field(default=None, max_length=64)

    @property
    def paper(self) -> Paper:
        """The paper drawn for this sitting."""
        return Paper.load(self.drawn)


class Answer(SQLModel, table=True):
    """One version of an answer: never changed, never removed; the highest ``seq`` in time counts.

    The versions of a sitting are a chain: ``n`` counts them from 1, and ``link`` is the fingerprint
    of this version and of the link before it (see ``exam.receipts``). ``late`` ones arrived after
    the end and the grace: kept as evidence, counted by nobody. ``key`` makes a repeated delivery
    the same delivery.
    """

    __table_args__ = (
        UniqueConstraint("sitting_id", "key"),
        Index(
            "uq_answer_version",
            "sitting_id",
            "item",
            "seq",
            unique=True,
            sqlite_where=text("NOT late"),
            postgresql_where=text("NOT late"),
        ),
        # A sitting's answers lie side by side: they are always read together.
        {"sqlite_with_rowid": False},
    )

    sitting_id: int = Field(foreign_key="sitting.id", primary_key=True)
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    item: int
    seq: int
    key: str = Field(max_length=40)
    response: str | None = Field(default=None)
    flagged: bool = Field(default=False)
    received_at: datetime = Field(sa_type=Instant)
    late: bool = Field(default=False)
    link: str = Field(max_length=64)
