"""What is read of scores and rankings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application, Centre
from quizapp.exam.ranking.entries import Entry, Row
from quizapp.exam.ranking.ranking import rank, rank_within
from quizapp.exam.stages import Decision, qualify
from quizapp.people import places
from quizapp.results.tables import Exclusion, Publication, Score, Standing
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


@dataclass(frozen=True, slots=True)
class Place:
    """A rank in one group of so many; ``tied`` is *ex æquo*."""

    rank: int
    tied: bool
    out_of: int


@dataclass(frozen=True, slots=True)
class Result:
    """One candidate's whole result in a stage."""

    application_id: int
    number: str
    last_name: str
    first_name: str
    email: str | None
    city: str
    region: str
    company: str
    points: Fraction
    maximum: int
    sections: dict[str, Fraction]
    distance: Fraction | None
    places: dict[str, Place]
    decision: Decision


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


def publications(db: Session, plan: Plan) -> Sequence[Publication]:
    """The published rankings of a stage, the newest first."""
    return db.exec(
        select(Publication)
        .where(Publication.stage_id == plan.id)
        .order_by(col(Publication.number).desc())
    ).all()


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


def ranking(db: Session, plan: Plan) -> list[Result]:
    """Everyone who sat and is not excluded, ranked anew from the stored scores, in national order."""
    rows = db.exec(
        select(Score, Sitting, Application, Centre)
        .join(Sitting, col(Sitting.id) == Score.sitting_id)
        .join(Application, col(Application.id) == Sitting.application_id)
        .join(Centre, col(Centre.id) == Application.centre_id)
        .outerjoin(
            Exclusion,
            (col(Exclusion.application_id) == Application.id)
            & (col(Exclusion.stage_id) == plan.id)
            & col(Exclusion.lifted_at).is_(None),
        )
        .where(Sitting.stage_id == plan.id, col(Exclusion.id).is_(None))
    ).all()
    entries = [_entry(score, sitting, application) for score, sitting, application, _ in rows]
    people = {
        application.number: (score, application, centre) for score, _, application, centre in rows
    }
    keys = plan.says.tie_keys(plan.row.lot_seed)
    ranked = {
        "nation": {"fr": rank(entries, keys)},
        "region": rank_within(entries, keys, "region"),
        "city": rank_within(entries, keys, "city"),
    }
    found = {kind: _places(groups) for kind, groups in ranked.items()}
    decisions = {
        decision.number: decision
        for decision in qualify(ranked[plan.says.group], plan.says.quota, cut=plan.says.cut_rule)
    }
    return [
        _result(
            *people[row.entry.number],
            {kind: found[kind][row.entry.number] for kind in GROUPS},
            decisions[row.entry.number],
        )
        for row in ranked["nation"]["fr"]
    ]


def _entry(score: Score, sitting: Sitting, application: Application) -> Entry:
    end = sitting.closed_at or sitting.ends_at
    return Entry(
        number=application.number,
        points=score.points,
        sections=sections_of(score.sections),
        wrong=score.wrong,
        distance=score.distance,
        applied_at=application.applied_at,
        time_used=end - sitting.started_at,
        groups={"nation": "fr", "region": application.region, "city": application.city},
    )


def _places(groups: Mapping[str, list[Row]]) -> dict[str, Place]:
    return {
        row.entry.number: Place(row.rank, row.tied, len(rows))
        for rows in groups.values()
        for row in rows
    }


def _result(
    score: Score,
    application: Application,
    centre: Centre,
    found: dict[str, Place],
    decision: Decision,
) -> Result:
    assert application.id is not None  # noqa: S101  # it was read
    return Result(
        application_id=application.id,
        number=application.number,
        last_name=application.last_name,
        first_name=application.first_name,
        email=application.email,
        city=application.city,
        region=application.region,
        company=centre.company,
        points=score.points,
        maximum=score.maximum,
        sections=sections_of(score.sections),
        distance=score.distance,
        places=found,
        decision=decision,
    )


def sections_of(text: str) -> dict[str, Fraction]:
    """Points by section, as they were stored."""
    return {bank: Fraction(points) for bank, points in json.loads(text).items()}


def published_result(db: Session, publication: Publication, application_id: int) -> Standing | None:
    """One candidate's place in a publication."""
    return db.get(Standing, (publication.id, application_id))


def group_sizes(db: Session, publication: Publication, application: Application) -> dict[str, int]:
    """How many a publication ranks in this candidate's nation, region and city."""
    nation, region, city = db.exec(
        select(
            func.count(),
            func.count().filter(col(Application.region) == application.region),
            func.count().filter(col(Application.city) == application.city),
        )
        .select_from(Standing)
        .join(Application, col(Application.id) == Standing.application_id)
        .where(Standing.publication_id == publication.id)
    ).one()
    return {"nation": nation, "region": region, "city": city}


def region_name(code: str) -> str:
    """A region's name; its code if it is unknown today."""
    return next((region.name for region in places.regions() if region.code == code), code)
