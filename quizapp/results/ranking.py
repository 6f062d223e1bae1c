"""The ranking of a stage as it stands: computed when scores or exclusions change, then only read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import RowMapping
from sqlmodel import Session, col, delete, exists, insert, select

from quizapp.contests.queries import Plan, plan_of
from quizapp.contests.tables import Application, Stage
from quizapp.exam.clock import Pause
from quizapp.exam.ranking.entries import Entry, composing
from quizapp.exam.ranking.placing import Placing, place
from quizapp.results.queries import GROUPS, sections_of
from quizapp.results.tables import Draft, Exclusion, Score
from quizapp.sitting.tables import Sitting, SittingPause

_AT_ONCE = 5_000  # rows that are written by one statement


def rerank(db: Session, plan: Plan) -> int:
    """Rank anew everyone who has a score and is not excluded; how many they are.

    Does nothing to a stage that is not graded yet: nobody has a score then.
    """
    db.flush()
    db.exec(delete(Draft).where(col(Draft.stage_id) == plan.id))
    scores = {row["number"]: row for row in _scores(db, plan)}
    stood = pauses(db, plan)
    placings = placed(
        plan, (_entry(row, stood.get(row["sitting_id"], [])) for row in scores.values())
    )
    rows = [
        _row(plan, scores[one.entry.number], position, one)
        for position, one in enumerate(placings, start=1)
    ]
    for first in range(0, len(rows), _AT_ONCE):
        db.execute(insert(Draft), rows[first : first + _AT_ONCE])
    return len(rows)


def rank_graded(db: Session) -> int:
    """Rank every stage that is graded and was never ranked; how many stages."""
    ranked = exists().where(col(Draft.stage_id) == Stage.id)
    out = exists().where(
        col(Exclusion.application_id) == Sitting.application_id,
        col(Exclusion.stage_id) == Stage.id,
        col(Exclusion.lifted_at).is_(None),
    )
    scored = exists().where(
        col(Sitting.stage_id) == Stage.id, col(Score.sitting_id) == Sitting.id, ~out
    )
    # Asked at every turn of the worker: a stage that is ranked costs one look into an index.
    unranked = db.exec(
        select(Stage.id).where(col(Stage.closed_at).is_not(None), ~ranked, scored)
    ).all()
    for stage_id in unranked:
        rerank(db, plan_of(db, stage_id or 0))
    return len(unranked)


def placed(plan: Plan, entries: Iterator[Entry]) -> list[Placing]:
    """What these entries come to by the rules of a stage, in national order."""
    return place(
        entries, plan.says.tie_keys(plan.row.lot_seed), GROUPS,
        group=plan.says.group, quota=plan.says.quota, cut=plan.says.cut_rule,
    )  # fmt: skip


def _scores(db: Session, plan: Plan) -> Iterator[RowMapping]:
    """Everyone who is ranked, as plain columns: objects would cost ten times as much."""
    wanted = (
        select(
            col(Application.id).label("application_id"), Score.sitting_id, Application.number,
            Application.region, Application.city, Application.applied_at, Sitting.started_at,
            Sitting.ends_at, Sitting.closed_at, Score.points, Score.maximum, Score.sections,
            Score.maxima, Score.wrong,
            Score.distance,
        )  # type: ignore[call-overload]
        .select_from(Score)
        .join(Sitting, col(Sitting.id) == Score.sitting_id)
        .join(Application, col(Application.id) == Sitting.application_id)
        .outerjoin(
            Exclusion,
            (col(Exclusion.application_id) == Application.id)
            & (col(Exclusion.stage_id) == plan.id)
            & col(Exclusion.lifted_at).is_(None),
        )
        .where(Sitting.stage_id == plan.id, col(Exclusion.id).is_(None))
    )  # fmt: skip
    yield from db.execute(wanted).mappings()


def pauses(db: Session, plan: Plan) -> dict[int, list[Pause]]:
    """The intervals in which clocks stood still in a stage, by sitting; closing one ends its pause."""
    rows = db.exec(
        select(SittingPause.sitting_id, SittingPause.begins_at, SittingPause.ends_at)
        .join(Sitting, col(Sitting.id) == SittingPause.sitting_id)
        .where(Sitting.stage_id == plan.id)
    )
    found: dict[int, list[Pause]] = {}
    for sitting, begins, ends in rows:
        if ends is not None:
            found.setdefault(sitting, []).append(Pause(begins, ends))
    return found


def _entry(row: RowMapping, stood: Sequence[Pause]) -> Entry:
    end = row["closed_at"] or row["ends_at"]
    return Entry(
        number=row["number"],
        points=row["points"],
        sections=sections_of(row["sections"]),
        wrong=row["wrong"],
        distance=row["distance"],
        applied_at=row["applied_at"],
        time_used=composing(row["started_at"], end, stood),
        groups={"nation": "fr", "region": row["region"], "city": row["city"]},
    )


def _row(plan: Plan, score: RowMapping, position: int, one: Placing) -> dict[str, Any]:
    as_they_are = (
        "application_id",
        "region",
        "city",
        "points",
        "maximum",
        "sections",
        "maxima",
        "distance",
    )
    ranks = {f"{kind}_rank": row.rank for kind, row in one.rows.items()}
    ties = {f"{kind}_tied": row.tied for kind, row in one.rows.items()}
    return {
        "stage_id": plan.id,
        "position": position,
        **{name: score[name] for name in as_they_are},
        **ranks,
        **ties,
        "status": one.decision.status.value,
        "place": one.decision.place,
        "reason": one.decision.reason.value,
    }
