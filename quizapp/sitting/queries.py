"""What is read of sittings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy
from sqlalchemy import func
from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan, plan_of
from quizapp.contests.tables import Application, Stage
from quizapp.sitting.tables import Answer, Sitting


@dataclass(frozen=True, slots=True)
class Seat:
    """What never changes about a sitting: whose it is, in which stage, and its paper.

    ``stage`` and ``candidate`` are the names that receipts bear; ``drawn`` is the paper as stored.
    """

    application_id: int
    stage_id: int
    stage: str
    candidate: str
    grace: timedelta
    drawn: str


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
    plan = plan_of(db, sitting.stage_id)
    return Seat(
        sitting.application_id, plan.id, f"{plan.edition.edition}/{plan.key}", candidate,
        plan.says.grace_time, sitting.drawn,
    )  # fmt: skip


def answers_of(db: Session, sitting_id: int) -> dict[int, Kept]:
    """The answers that count, by item number."""
    versions = db.execute(
        sqlalchemy.select(
            col(Answer.item),
            col(Answer.response),
            col(Answer.flagged),
            col(Answer.seq),
            col(Answer.received_at),
        )
        .where(col(Answer.sitting_id) == sitting_id, ~col(Answer.late))
        .order_by(col(Answer.seq))
    )
    return {item: Kept(*rest) for item, *rest in versions}


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
        .where(col(Sitting.closed_at).is_(None), Sitting.ends_at < now)
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
            Sitting.ends_at >= now,
        )
    ).one()


def is_over(sitting: Sitting, plan: Plan, now: datetime) -> bool:
    """Whether nothing sent to this sitting counts any more."""
    return sitting.closed_at is not None or now > sitting.ends_at + plan.says.grace_time


def time_left(sitting: Sitting, now: datetime) -> timedelta:
    """How long this sitting still lasts; never negative."""
    return max(sitting.ends_at - now, timedelta(0))
