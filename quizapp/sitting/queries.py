"""What is read of sittings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy
from sqlalchemy import Connection, bindparam, func
from sqlmodel import Session, SQLModel, col, or_, select

from quizapp.contests.queries import Plan, plan_of
from quizapp.contests.tables import Application, Edition, Stage
from quizapp.exam.admission import Access
from quizapp.exam.clock import Expiry
from quizapp.exam.pace import Open, Pace
from quizapp.exam.paper import Paper
from quizapp.kit.store import plain
from quizapp.sitting.tables import Answer, Fact, Sitting

_ANSWER, _SITTING = (SQLModel.metadata.tables[str(one.__tablename__)] for one in (Answer, Sitting))


@dataclass(frozen=True, slots=True)
class Seat:
    """What never changes about a sitting: whose it is, in which stage, and its paper.

    ``stage`` and ``candidate`` are the names that receipts bear; ``title``, ``sections`` (by bank),
    ``page``, ``grace``, ``zone`` and ``access`` are the stage's, and whether a sitting counts only if
    its candidate hands it in, or is for ``practice``; ``paper`` has ``total`` items, and ``pace`` is
    the way through it, if not all of it is open at once.
    """

    application_id: int
    stage_id: int
    stage: str
    candidate: str
    title: str
    sections: Mapping[str, str]
    page: str
    started_at: datetime
    only_handed_in: bool
    grace: timedelta
    zone: str
    access: Access | None
    practice: bool
    paper: Paper
    total: int
    pace: Pace | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sitting stands: its end, whether it is paused or closed, the device that writes, and
    what is open in it, as ``Sitting`` keeps them."""

    sitting_id: int
    ends_at: datetime
    paused_at: datetime | None
    closed_at: datetime | None
    writer: str
    open_first: int | None
    open_last: int | None
    open_until: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer that counts for one item of a sitting."""

    response: str | None
    flagged: bool
    seq: int
    at: datetime


def sitting_of(db: Session, application_id: int, sitting_id: int) -> Sitting | None:
    """This candidate's sitting of this number; somebody else's does not exist."""
    return db.exec(
        select(Sitting).where(Sitting.id == sitting_id, Sitting.application_id == application_id)
    ).one_or_none()


def sitting_at(db: Session, application_id: int, stage_id: int) -> Sitting | None:
    """This candidate's sitting in this stage, if it has begun."""
    return db.exec(
        select(Sitting).where(
            Sitting.application_id == application_id, Sitting.stage_id == stage_id
        )
    ).one_or_none()


def seat_of(db: Session, sitting_id: int) -> Seat | None:
    """The seat of this sitting."""
    found = db.exec(
        select(Sitting, Application.number)
        .join(Application, col(Application.id) == Sitting.application_id)
        .where(Sitting.id == sitting_id)
    ).one_or_none()
    if found is None:
        return None
    sitting, candidate = found
    plan, paper = plan_of(db, sitting.stage_id), sitting.paper
    return Seat(
        application_id=sitting.application_id,
        stage_id=plan.id,
        stage=f"{plan.edition.edition}/{plan.key}",
        candidate=candidate,
        title=plan.title,
        sections={section.bank: section.title for section in plan.says.sections},
        page=plan.says.page,
        started_at=sitting.started_at,
        only_handed_in=plan.says.expiry is Expiry.NOT_COUNTED,
        grace=plan.says.grace_time,
        zone=plan.edition.zone,
        access=plan.says.access,
        practice=plan.says.practice,
        paper=paper,
        total=len(paper),
        pace=plan.says.pace,
    )


def sitting_named(db: Session, stage: str, candidate: str) -> tuple[Sitting, str] | None:
    """The sitting that a receipt names (``edition/stage`` and number), and its owner's stamp."""
    edition, _, key = stage.partition("/")
    return db.exec(
        select(Sitting, Application.stamp)
        .join(Application, col(Application.id) == Sitting.application_id)
        .join(Stage, col(Stage.id) == Sitting.stage_id)
        .join(Edition, col(Edition.id) == Stage.edition_id)
        .where(Edition.slug == edition, Stage.key == key, Application.number == candidate)
    ).one_or_none()


# The statements of the paper's page, built once: building one costs more than running it.
_STANDING = sqlalchemy.select(
    _SITTING.c.id,
    _SITTING.c.ends_at,
    _SITTING.c.paused_at,
    _SITTING.c.closed_at,
    _SITTING.c.writer,
    _SITTING.c.open_first,
    _SITTING.c.open_last,
    _SITTING.c.open_until,
).where(
    _SITTING.c.id == bindparam("sitting"), _SITTING.c.application_id == bindparam("application")
)
_ANSWERS = (
    sqlalchemy.select(
        _ANSWER.c.item, _ANSWER.c.response, _ANSWER.c.flagged, _ANSWER.c.seq, _ANSWER.c.received_at
    )
    .where(_ANSWER.c.sitting_id == bindparam("sitting"), ~_ANSWER.c.late)
    .order_by(_ANSWER.c.seq)
)


def standing_of(db: Session | Connection, application_id: int, sitting_id: int) -> Standing | None:
    """Where this candidate's sitting stands; somebody else's does not exist."""
    row = (
        plain(db)
        .execute(_STANDING, {"sitting": sitting_id, "application": application_id})
        .one_or_none()
    )
    return Standing(*row) if row else None


def answers_of(db: Session | Connection, sitting_id: int) -> dict[int, Kept]:
    """The answers that count, by item number."""
    versions = plain(db).execute(_ANSWERS, {"sitting": sitting_id})
    return {item: Kept(*rest) for item, *rest in versions}


def last_link(db: Session, sitting_id: int) -> str | None:
    """The link that ends the chain of this sitting's versions, if it has any."""
    return db.exec(
        select(Answer.link)
        .where(Answer.sitting_id == sitting_id)
        .order_by(col(Answer.n).desc())
        .limit(1)
    ).first()


def facts(db: Session, sitting_id: int) -> int:
    """How many facts are noted of this sitting."""
    return db.exec(
        select(func.count()).select_from(Fact).where(Fact.sitting_id == sitting_id)
    ).one()


def noted(db: Session, sitting_id: int) -> dict[str, tuple[int, timedelta]]:
    """What is noted of this sitting: by kind, how often, and how long in all."""
    rows = db.exec(
        select(Fact.kind, func.count(), func.coalesce(func.sum(col(Fact.seconds)), 0))
        .where(Fact.sitting_id == sitting_id)
        .group_by(Fact.kind)
    )
    return {kind: (count, timedelta(seconds=int(total or 0))) for kind, count, total in rows}


def responses(kept: dict[int, Kept]) -> dict[int, str]:
    """What was answered, by item number; an answer taken back is no answer."""
    return {item: one.response for item, one in kept.items() if one.response is not None}


def begun(db: Session) -> set[str]:
    """The keys of the stages that somebody has started."""
    return set(
        db.exec(select(Stage.key).join(Sitting, col(Sitting.stage_id) == Stage.id).distinct())
    )


def open_sittings(db: Session, plan: Plan) -> Sequence[Sitting]:
    """The sittings of a stage that nobody has closed."""
    return db.exec(
        select(Sitting).where(Sitting.stage_id == plan.id, col(Sitting.closed_at).is_(None))
    ).all()


def expired(db: Session, *, now: datetime, limit: int = 200) -> Sequence[tuple[Sitting, str]]:
    """Open sittings whose end has passed, with the key of their stage."""
    return db.exec(
        select(Sitting, Stage.key)
        .join(Stage, col(Stage.id) == Sitting.stage_id)
        .where(col(Sitting.closed_at).is_(None), col(Sitting.paused_at).is_(None))
        .where(Sitting.ends_at < now)
        .order_by(col(Sitting.ends_at))
        .limit(limit)
    ).all()


def running(db: Session, plan: Plan, *, now: datetime) -> int:
    """How many are composing at ``now``."""
    return db.exec(
        select(func.count())
        .select_from(Sitting)
        .where(
            Sitting.stage_id == plan.id,
            col(Sitting.closed_at).is_(None),
            or_(Sitting.ends_at >= now, col(Sitting.paused_at).is_not(None)),
        )
    ).one()


def is_over(sitting: Sitting, plan: Plan, now: datetime) -> bool:
    """Whether nothing sent to this sitting counts any more."""
    return has_ended(sitting, plan.says.grace_time, now)


def has_ended(sitting: Sitting | Standing, grace: timedelta, now: datetime) -> bool:
    """As ``is_over``, with the grace of its stage."""
    return sitting.closed_at is not None or out_of_time(sitting, now - grace)


def out_of_time(sitting: Sitting | Standing, now: datetime) -> bool:
    """Whether its end has passed; a grace is no time. A clock that stands still never runs out."""
    return now > sitting.ends_at and sitting.paused_at is None


def open_in(sitting: Sitting | Standing) -> Open | None:
    """The items that may be answered; None where all are, as long as the sitting lasts."""
    if sitting.open_first is None or sitting.open_last is None:
        return None
    return Open(sitting.open_first, sitting.open_last, sitting.open_until)


def time_left(sitting: Sitting | Standing, now: datetime) -> timedelta:
    """How long this sitting still lasts, or will when its pause ends; never negative."""
    return max(sitting.ends_at - (sitting.paused_at or now), timedelta(0))
