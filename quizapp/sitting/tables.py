"""Sittings, the answers given in them, and the time that each person has."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlmodel import Field, Index, SQLModel, UniqueConstraint, text

from quizapp.exam.paper import Paper
from quizapp.kit.store import Exact, Instant


class Sitting(SQLModel, table=True):
    """One candidate's run through one paper. There is one per person and stage.

    ``ends_at`` is what ``exam/clock.py`` computes from the stage and the person's own time, kept
    here so that a save only compares it; ``timing.retime`` renews it. While ``paused_at`` is set
    the clock stands still and nothing is answered. ``seen_at`` is the last contact. ``writer``
    names the one device whose answers are kept. ``closed_by`` says who ended it: the candidate,
    expiry, or the office closing the stage; ``digest`` is the link with which it was closed, and
    for which its receipt stands. ``open_first`` to ``open_last`` are the items that may be answered
    and ``open_until`` their own end, as ``exam/pace.py`` computes them from the steps opened so far;
    all NULL where the stage is open at once.
    """

    __table_args__ = (UniqueConstraint("application_id", "stage_id"),)

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id")
    stage_id: int = Field(foreign_key="stage.id", index=True)
    seed: str = Field(max_length=32)
    drawn: str
    started_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant, index=True)
    paused_at: datetime | None = Field(default=None, sa_type=Instant)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    closed_by: str | None = Field(default=None, max_length=12)
    writer: str = Field(max_length=16)
    answered: int | None = Field(default=None)
    digest: str | None = Field(default=None, max_length=64)
    open_first: int | None = Field(default=None)
    open_last: int | None = Field(default=None)
    open_until: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def paper(self) -> Paper:
        """The paper drawn for this sitting."""
        return Paper.load(self.drawn)


class Opening(SQLModel, table=True):
    """When a step of a paced paper was opened in a sitting; steps count from 1, none is left out."""

    sitting_id: int = Field(foreign_key="sitting.id", primary_key=True)
    step: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    opened_at: datetime = Field(sa_type=Instant)


class Answer(SQLModel, table=True):
    """One version of an answer: never changed, never removed; the highest ``seq`` in time counts.

    The versions of a sitting are a chain: ``n`` counts them from 1, and ``link`` is the fingerprint
    of this version and of the link before it (see ``exam.receipts``). ``late`` ones arrived after
    the end and the grace, of the sitting or of their question: kept as evidence, counted by nobody.
    ``key`` makes a repeated delivery the same delivery.
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


class Allowance(SQLModel, table=True):
    """The extra time of a person, as a factor of any duration; never its reason.

    The newest row of an application counts; the older ones are its history.
    """

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id", index=True)
    factor: Fraction = Field(sa_type=Exact)
    by: str = Field(max_length=200)
    at: datetime = Field(sa_type=Instant)


class TimeGrant(SQLModel, table=True):
    """An extension: time given in a stage to everyone, or to a region, city, centre or person.

    It counts until ``undone_at``. Where it gives an outage back, ``outage_from`` and ``outage_to``
    name that interval.
    """

    __tablename__ = "time_grant"

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id", index=True)
    scope: str = Field(max_length=10)
    target: str = Field(max_length=20)
    seconds: int
    reason: str
    by: str = Field(max_length=200)
    at: datetime = Field(sa_type=Instant)
    outage_from: datetime | None = Field(default=None, sa_type=Instant)
    outage_to: datetime | None = Field(default=None, sa_type=Instant)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = Field(default=None, max_length=200)


class TimeOverride(SQLModel, table=True):
    """Another window or duration (seconds) in a stage for some; what is NULL stays the stage's.

    It counts until ``undone_at``; there is one that counts per stage, scope and target.
    """

    __tablename__ = "time_override"

    id: int | None = Field(default=None, primary_key=True)
    stage_id: int = Field(foreign_key="stage.id", index=True)
    scope: str = Field(max_length=10)
    target: str = Field(max_length=20)
    opens_at: datetime | None = Field(default=None, sa_type=Instant)
    closes_at: datetime | None = Field(default=None, sa_type=Instant)
    duration: int | None = Field(default=None)
    reason: str
    by: str = Field(max_length=200)
    at: datetime = Field(sa_type=Instant)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = Field(default=None, max_length=200)


class SittingPause(SQLModel, table=True):
    """An interval in which one sitting's clock stands still; ``ends_at`` is NULL while it lasts."""

    __tablename__ = "sitting_pause"

    id: int | None = Field(default=None, primary_key=True)
    sitting_id: int = Field(foreign_key="sitting.id", index=True)
    begins_at: datetime = Field(sa_type=Instant)
    ends_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str
    by: str = Field(max_length=200)
    ended_by: str | None = Field(default=None, max_length=200)


class Contact(SQLModel, table=True):
    """A minute in which the page of a sitting reached the server; what is missing is silence."""

    sitting_id: int = Field(foreign_key="sitting.id", primary_key=True)
    minute: datetime = Field(sa_type=Instant, primary_key=True)


class Fact(SQLModel, table=True):
    """Something noted of a sitting, without judgement: another device, the page left, text copied.

    ``seconds`` is how long the page was left.
    """

    id: int | None = Field(default=None, primary_key=True)
    sitting_id: int = Field(foreign_key="sitting.id", index=True)
    kind: str = Field(max_length=10)
    at: datetime = Field(sa_type=Instant)
    seconds: int | None = Field(default=None)


class MachineCheck(SQLModel, table=True):
    """The last check of a candidate's machine; ``troubles`` is a JSON list of the checks to mend.

    ``trace`` counts a candidate once and leads back to nobody.
    """

    __tablename__ = "machine_check"

    trace: str = Field(primary_key=True, max_length=64)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    checked_at: datetime = Field(sa_type=Instant)
    troubles: str
