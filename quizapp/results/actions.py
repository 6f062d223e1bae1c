"""What is done with results: close a stage, grade it, publish its ranking."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, insert, literal, select

from quizapp.banks.queries import banks_of
from quizapp.contests.queries import Phase, Plan
from quizapp.contests.tables import Application, Stage
from quizapp.exam.grading import Grade, Verdict, grade
from quizapp.kit import journal
from quizapp.results import copies, drafts, queries
from quizapp.results.ranking import rerank
from quizapp.results.tables import Draft, Exclusion, Publication, Ranked, Score, Standing
from quizapp.sitting import actions as sittings
from quizapp.sitting import queries as sitting_queries
from quizapp.sitting.tables import Sitting


class NotNowError(Exception):
    """The stage is not where this act needs it to be."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a stage now would do."""

    window_open: bool
    running: int
    expired: int
    handed_in: int
    absent: int


def closing(db: Session, plan: Plan, *, now: datetime) -> Closing:
    """The effect of closing a stage, before it is done."""
    counts = queries.counts(db, plan, now=now)
    return Closing(
        window_open=plan.phase(now) is Phase.OPEN,
        running=counts.running,
        expired=counts.started - counts.handed_in - counts.running,
        handed_in=counts.handed_in,
        absent=counts.absent,
    )


def close_stage(db: Session, plan: Plan, *, by: str, reason: str, now: datetime) -> int:
    """Close every sitting of a stage and grade them all; how many were graded.

    Raises NotNowError before the stage has opened, or if it is closed already.
    """
    # Time that is being given to the stage is waited for, and counts.
    closed = db.exec(select(Stage.closed_at).where(Stage.id == plan.id).with_for_update()).one()
    if plan.phase(now) in (Phase.FUTURE, Phase.PUBLISHED) or closed:
        raise NotNowError
    for sitting in sitting_queries.open_sittings(db, plan):
        number = db.get_one(Application, sitting.application_id).number
        if sitting_queries.out_of_time(sitting, now):
            sittings.close(db, sitting, plan, number=number, at=sitting.ends_at, by="expiry")
        else:
            sittings.close(db, sitting, plan, number=number, at=now, by="office")
    plan.row.closed_at = now
    db.add(plan.row)
    graded = grade_stage(db, plan, now=now)
    journal.record(
        db, at=now, who=by, what="stage.close", subject=f"stage:{plan.key}",
        after=f"{graded} graded", why=reason,
    )  # fmt: skip
    return graded


def grade_stage(
    db: Session, plan: Plan, *, now: datetime, only: Collection[int] | None = None
) -> int:
    """Grade every closed sitting of a stage from its stored answers; how many it were.

    Where the edition says so, a sitting that its candidate did not hand in earns nothing. With
    ``only``, the sittings of these numbers are graded anew, and no other.
    """
    banks = banks_of(db, plan.id)
    chosen = [col(Sitting.stage_id) == plan.id]
    if only is not None:
        chosen.append(col(Sitting.id).in_(only))
    of_stage = select(Sitting.id).where(*chosen)
    db.exec(delete(Score).where(col(Score.sitting_id).in_(of_stage)))
    graded = 0
    for batch in copies.closed(db, plan, only=only):
        scores = [
            _score(sitting, grade(sitting.paper, plan.says.blueprint, banks, answers), now)
            for sitting, answers in batch
        ]
        db.execute(insert(Score), scores)
        graded += len(batch)
    rerank(db, plan)
    return graded


def _score(sitting: Sitting, graded: Grade, now: datetime) -> dict[str, Any]:
    return {
        "sitting_id": sitting.id,
        "points": graded.points,
        "maximum": graded.maximum,
        "sections": json.dumps({part.bank: str(part.points) for part in graded.sections}),
        "right": graded.counts.get(Verdict.RIGHT, 0),
        "wrong": graded.counts.get(Verdict.WRONG, 0),
        "unanswered": graded.counts.get(Verdict.UNANSWERED, 0),
        "distance": graded.distance,
        "graded_at": now,
    }


def exclude(
    db: Session, plan: Plan, application: Application, *, by: str, reason: str, now: datetime
) -> Exclusion:
    """Leave a candidate out of a stage's ranking; one who is left out already stays so, as decided."""
    assert application.id is not None  # noqa: S101  # it was read
    if known := queries.exclusion(db, plan, application.id):
        return known
    row = Exclusion(
        stage_id=plan.id, application_id=application.id, at=now, by=by, reason=reason
    )  # fmt: skip
    db.add(row)
    journal.record(
        db, at=now, who=by, what="candidate.exclude",
        subject=f"stage:{plan.key}/application:{application.number}", why=reason,
    )  # fmt: skip
    rerank(db, plan)
    return row


def readmit(
    db: Session, plan: Plan, application: Application, *, by: str, reason: str, now: datetime
) -> bool:
    """Take a candidate back into a stage's ranking; False if they were not left out."""
    row = queries.exclusion(db, plan, application.id or 0)
    if row is None:
        return False
    row.lifted_at, row.lifted_by, row.lifted_why = now, by, reason
    db.add(row)
    journal.record(
        db, at=now, who=by, what="candidate.readmit",
        subject=f"stage:{plan.key}/application:{application.number}", before=row.reason,
        why=reason,
    )  # fmt: skip
    rerank(db, plan)
    return True


def publish(db: Session, plan: Plan, *, by: str, reason: str, now: datetime) -> Publication:
    """Publish the ranking as it stands: a new numbered version, never changed afterwards.

    Raises NotNowError if the stage is not closed.
    """
    if plan.row.closed_at is None:
        raise NotNowError
    earlier = queries.publications(db, plan)
    publication = Publication(
        stage_id=plan.id,
        number=earlier[0].number + 1 if earlier else 1,
        published_at=now,
        by=by,
        reason=reason,
        digest=_digest(db, plan),
    )
    db.add(publication)
    db.flush()
    said = ["application_id", *Ranked.model_fields]
    draft = select(literal(publication.id), *(getattr(Draft, name) for name in said)).where(
        Draft.stage_id == plan.id
    )
    db.execute(insert(Standing).from_select(["publication_id", *said], draft))
    plan.row.published_at = now
    db.add(plan.row)
    journal.record(
        db, at=now, who=by, what="ranking.publish", subject=f"stage:{plan.key}",
        before=str(publication.number - 1), after=str(publication.number), why=reason,
    )  # fmt: skip
    db.flush()
    return publication


def _digest(db: Session, plan: Plan) -> str:
    """SHA-256 over a line for each candidate, in national order.

    It gives number, points, the three ranks, status and place.
    """
    wanted = (
        col(Application.number), col(Draft.points), col(Draft.nation_rank), col(Draft.region_rank),
        col(Draft.city_rank), col(Draft.status), col(Draft.place),
    )  # fmt: skip
    everyone = drafts.groups(db, plan, "nation")
    lines = (" ".join(map(str, row)) for row in drafts.rows(db, plan, wanted, "nation", everyone))
    digest = hashlib.sha256()
    for place, line in enumerate(lines):
        digest.update(f"\n{line}".encode() if place else line.encode())
    return digest.hexdigest()
