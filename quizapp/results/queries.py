"""What is read of scores and rankings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.clock import Expiry
from quizapp.exam.stages import Status
from quizapp.people import places
from quizapp.results.tables import Draft, Exclusion, Publication, RankingCheck, Standing
from quizapp.sitting.tables import Sitting

GROUPS = ("nation", "region", "city")


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a stage is: of those admitted, how many started, are composing, have handed in."""

    admitted: int
    started: int
    running: int
    handed_in: int

    @property
    def absent(self) -> int:
        """How many have not started."""
        return self.admitted - self.started


def counts(db: Session, plan: Plan, *, now: datetime) -> Counts:
    """How far a stage is."""
    admitted = db.exec(
        select(func.count())
        .select_from(Application)
        .where(Application.edition_id == plan.row.edition_id)
    ).one()
    started, closed, running = db.exec(
        select(
            func.count(),
            func.count(col(Sitting.closed_at)),
            func.count().filter(
                col(Sitting.closed_at).is_(None),
                or_(col(Sitting.ends_at) >= now, col(Sitting.paused_at).is_not(None)),
            ),
        ).where(Sitting.stage_id == plan.id)
    ).one()
    return Counts(admitted, started, running, closed)


def graded(plan: Plan) -> tuple[ColumnElement[bool], ...]:
    """What makes a sitting of a stage one that is graded."""
    conditions = [col(Sitting.stage_id) == plan.id, col(Sitting.closed_at).is_not(None)]
    if plan.says.expiry is Expiry.NOT_COUNTED:
        conditions.append(col(Sitting.closed_by) != "expiry")
    return tuple(conditions)


def publications(db: Session, plan: Plan) -> Sequence[Publication]:
    """The published rankings of a stage, the newest first."""
    return db.exec(
        select(Publication)
        .where(Publication.stage_id == plan.id)
        .order_by(col(Publication.number).desc())
    ).all()


def last_check(db: Session, plan: Plan) -> RankingCheck | None:
    """The last word of somebody who checked a stage's ranking."""
    return db.exec(
        select(RankingCheck)
        .where(RankingCheck.stage_id == plan.id)
        .order_by(col(RankingCheck.id).desc())
        .limit(1)
    ).first()


def exclusion(db: Session, plan: Plan, application_id: int) -> Exclusion | None:
    """What leaves this candidate out of a stage's ranking, if anything does."""
    return db.exec(
        _standing_exclusions(plan).where(Exclusion.application_id == application_id)
    ).one_or_none()


def excluded(db: Session, plan: Plan) -> Sequence[tuple[Exclusion, Application]]:
    """Who is left out of a stage's ranking and why, by name."""
    return db.exec(
        select(Exclusion, Application)
        .join(Application, col(Application.id) == Exclusion.application_id)
        .where(Exclusion.stage_id == plan.id, col(Exclusion.lifted_at).is_(None))
        .order_by(col(Application.sort_key), col(Application.id))
    ).all()


def _standing_exclusions(plan: Plan) -> SelectOfScalar[Exclusion]:
    return select(Exclusion).where(
        Exclusion.stage_id == plan.id, col(Exclusion.lifted_at).is_(None)
    )


def ranked(db: Session, plan: Plan) -> tuple[int, int]:
    """How many a stage ranks as it stands, and how many of them go on."""
    return db.exec(
        select(func.count(), func.count().filter(col(Draft.status) == Status.QUALIFIED.value))
        .select_from(Draft)
        .where(Draft.stage_id == plan.id)
    ).one()


def points_of(sections: str) -> dict[str, str]:
    """Points by section, as exact text."""
    found: dict[str, str] = json.loads(sections)
    return found


def sections_of(sections: str) -> dict[str, Fraction]:
    """Points by section."""
    return {bank: Fraction(points) for bank, points in points_of(sections).items()}


def published_result(db: Session, publication: Publication, application_id: int) -> Standing | None:
    """One candidate's place in a publication."""
    return db.get(Standing, (publication.id, application_id))


def group_sizes(db: Session, one: Standing | Draft) -> dict[str, int]:
    """How many are ranked with this candidate, now or in a publication: nation, region and city."""
    kind = type(one)
    among = (
        col(Standing.publication_id) == one.publication_id
        if isinstance(one, Standing)
        else col(Draft.stage_id) == one.stage_id
    )
    nation, region, city = db.exec(
        select(
            func.count(),
            func.count().filter(col(kind.region) == one.region),
            func.count().filter(col(kind.city) == one.city),
        )
        .select_from(kind)
        .where(among)
    ).one()
    return {"nation": nation, "region": region, "city": city}


def region_name(code: str) -> str:
    """A region's name; its code if it is unknown today."""
    return next((region.name for region in places.regions() if region.code == code), code)
