"""What is read of corrections: which of them stand, whom each moves, what each person's marks were."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy
from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from quizapp.banks.queries import banks_of
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam import correcting
from quizapp.exam.correcting import Kind, Standard, corrected
from quizapp.exam.effects import Crossing
from quizapp.exam.questions.base import Question
from quizapp.results.tables import Correction, CorrectionMove, Publication, Score
from quizapp.sitting.tables import Sitting


def of_stage(db: Session, plan: Plan) -> Sequence[Correction]:
    """Every correction that was proposed for a stage, the newest first."""
    return db.exec(
        select(Correction).where(Correction.stage_id == plan.id).order_by(col(Correction.id).desc())
    ).all()


def one(db: Session, plan: Plan, number: int) -> Correction | None:
    """The correction of this number, if it is of this stage."""
    return db.exec(
        select(Correction).where(Correction.stage_id == plan.id, Correction.id == number)
    ).one_or_none()


def place_of(db: Session, number: int | None) -> int | None:
    """The place of an applied correction among those of its stage."""
    row = db.get(Correction, number) if number else None
    return row.place if row else None


def by_key(db: Session, plan: Plan, key: str) -> Correction | None:
    """The proposal that was delivered with this key."""
    return db.exec(
        select(Correction).where(Correction.stage_id == plan.id, Correction.key == key)
    ).one_or_none()


def applied(db: Session, plan: Plan, *, most: int | None = None) -> Sequence[Correction]:
    """What was applied, in order; with ``most``, only the first so many."""
    chosen = select(Correction).where(
        Correction.stage_id == plan.id, col(Correction.place).is_not(None)
    )
    if most is not None:
        chosen = chosen.where(col(Correction.place) <= most)
    return db.exec(chosen.order_by(col(Correction.place))).all()


def effective(rows: Iterable[Correction]) -> list[Correction]:
    """Of the applied corrections, in order, those that no later one has undone."""
    kept: list[Correction] = []
    undone: set[int] = set()
    for row in reversed(list(rows)):
        if row.id not in undone:
            kept.append(row)
            undone.add(row.undoes or 0)
    return kept[::-1]


def standing(rows: Iterable[Correction]) -> list[Correction]:
    """Of the applied corrections, in order, those that say what a question is worth now."""
    return [row for row in effective(rows) if row.undoes is None]


def standard(db: Session, plan: Plan, *, and_then: Correction | None = None) -> Standard:
    """What the papers of a stage are graded by; with ``and_then``, once that is applied too."""
    rows = [*applied(db, plan), *([and_then] if and_then else [])]
    return corrected(banks_of(db, plan.id), map(plain, standing(rows)))


def plain(row: Correction) -> correcting.Correction:
    """The rule book's own value of a row."""
    return correcting.Correction(row.bank, row.question, Kind(row.kind), row.value)


def question_of(db: Session, plan: Plan, bank: str, name: str) -> Question | None:
    """A question of a stage as it counts now, if its banks have it."""
    found = standard(db, plan).banks.get(bank)
    return found.by_id.get(name) if found else None


def is_scored(plan: Plan, bank: str) -> bool:
    """Whether questions of this bank earn points in this stage."""
    return any(part.bank == bank and part.scored for part in plan.says.sections)


def counts_of(row: Correction) -> dict[str, int]:
    """How many a correction moves, as ``exam.effects.counted`` names them."""
    found: dict[str, int] = json.loads(row.counts)
    return found


# The lists of an effect, by the name that an address gives them.
LISTS: dict[str, tuple[ColumnElement[bool], ...]] = {
    "entrent": (col(CorrectionMove.crossing) == Crossing.ENTERS.value,),
    "sortent": (col(CorrectionMove.crossing) == Crossing.LEAVES.value,),
    "gagnent": (col(CorrectionMove.sign) == 1,),
    "perdent": (col(CorrectionMove.sign) == -1,),
    "tous": (),
}


def moved(
    db: Session, row: Correction, name: str, *, start: int, size: int
) -> Sequence[tuple[CorrectionMove, Application]]:
    """A page of whom a correction moves, by region, city and name."""
    return db.exec(
        select(CorrectionMove, Application)
        .join(Application, col(Application.id) == CorrectionMove.application_id)
        .where(CorrectionMove.correction_id == row.id, *LISTS[name])
        .order_by(
            col(Application.region), col(Application.city), col(Application.sort_key),
            col(Application.id),
        )
        .offset(start)
        .limit(size)
    ).all()  # fmt: skip


def how_many(db: Session, row: Correction, name: str) -> int:
    """How many a list of an effect has."""
    return db.exec(
        select(func.count())
        .select_from(CorrectionMove)
        .where(CorrectionMove.correction_id == row.id, *LISTS[name])
    ).one()


@dataclass(frozen=True, slots=True)
class Area:
    """A city and how many a correction moves there."""

    region: str
    city: str
    moved: int
    gain: int
    lose: int
    enters: int
    leaves: int


def areas(db: Session, row: Correction) -> list[Area]:
    """How many a correction moves in every city where it moves somebody."""
    names = ("gagnent", "perdent", "entrent", "sortent")
    found = db.execute(
        sqlalchemy.select(
            col(Application.region),
            col(Application.city),
            func.count(),
            *(func.count().filter(*LISTS[name]) for name in names),
        )
        .select_from(CorrectionMove)
        .join(Application, col(Application.id) == CorrectionMove.application_id)
        .where(col(CorrectionMove.correction_id) == row.id)
        .group_by(col(Application.region), col(Application.city))
    ).all()
    return [Area(*one) for one in found]


@dataclass(frozen=True, slots=True)
class Step:
    """What became of somebody's total: by a correction, or by something else (None)."""

    correction: Correction | None
    before: Fraction
    after: Fraction
    maximum: int


@dataclass(frozen=True, slots=True)
class History:
    """Somebody's total from the first to the last, and every step between."""

    first: Fraction
    steps: tuple[Step, ...]
    last: Fraction


def history(
    db: Session, plan: Plan, application_id: int, *, last: Fraction, maximum: int, most: int
) -> History:
    """How this person's total came to be ``last``, by the first ``most`` corrections applied.

    A difference that no correction made, such as a paper opened again, is a step without one.
    """
    found = db.exec(
        select(CorrectionMove, Correction)
        .join(Correction, col(Correction.id) == CorrectionMove.correction_id)
        .where(
            CorrectionMove.application_id == application_id,
            Correction.stage_id == plan.id,
            col(Correction.place) <= most,
        )
        .order_by(col(Correction.place))
    ).all()
    first = found[0][0].points_before if found else last
    steps: list[Step] = []
    at = first
    for move, correction in found:
        if move.points_before != at:
            steps.append(Step(None, at, move.points_before, move.maximum_before))
        at = move.points_after
        if (move.points_before, move.maximum_before) != (at, move.maximum_after):
            steps.append(Step(correction, move.points_before, at, move.maximum_after))
    if at != last:
        steps.append(Step(None, at, last, maximum))
    return History(first, tuple(steps), last)


def score_of(db: Session, plan: Plan, application_id: int) -> Score | None:
    """Somebody's score in a stage, as it is now."""
    return db.exec(
        select(Score)
        .join(Sitting, col(Sitting.id) == Score.sitting_id)
        .where(Sitting.stage_id == plan.id, Sitting.application_id == application_id)
    ).one_or_none()


def new_in(db: Session, plan: Plan, publication: Publication) -> Sequence[Correction]:
    """The corrections that this publication is the first to count."""
    earlier = db.exec(
        select(func.max(Publication.corrections)).where(
            Publication.stage_id == plan.id, col(Publication.number) < publication.number
        )
    ).one()
    rows = applied(db, plan, most=publication.corrections)
    return [row for row in rows if (row.place or 0) > (earlier or 0)]
