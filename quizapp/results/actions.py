"""What is done with results: close a stage, grade it, publish its ranking."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, exists, insert, literal, select

from quizapp.contests.queries import Phase, Plan
from quizapp.contests.tables import Application, Stage
from quizapp.exam.correcting import Standard
from quizapp.exam.grading import Grade, Verdict, grade
from quizapp.exam.paper import Paper
from quizapp.exam.stages import Reason
from quizapp.kit import journal
from quizapp.results import copies, corrections, drafts, drawn, queries
from quizapp.results.ranking import rerank
from quizapp.results.tables import Draft, Exclusion, Publication, Ranked, Score, Standing
from quizapp.sitting import actions as sittings
from quizapp.sitting import queries as sitting_queries
from quizapp.sitting.tables import Sitting


class NotNowError(Exception):
    """The stage is not where this act needs it to be."""


class SamePersonError(Exception):
    """The edition asks for two people, and this is the first of them again."""


class NotCheckedError(Exception):
    """The edition asks for two people, and nobody has checked this very ranking."""


class NotDrawnError(Exception):
    """A lot decides at the cut, and the public draw that the edition announces has not been made."""


class PublishedMeanwhileError(Exception):
    """There is a version that whoever publishes has not seen."""


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

    The corrections that stand are part of the standard. Where the edition says so, a sitting that
    its candidate did not hand in earns nothing. With ``only``, the sittings of these numbers are
    graded anew, and no other.
    """
    standard = corrections.standard(db, plan)
    chosen = [col(Sitting.stage_id) == plan.id]
    if only is not None:
        chosen.append(col(Sitting.id).in_(only))
    of_stage = select(Sitting.id).where(*chosen)
    db.exec(delete(Score).where(col(Score.sitting_id).in_(of_stage)))
    count = 0
    for batch in copies.closed(db, plan, only=only):
        scores = [
            _score(sitting, graded(plan, standard, sitting.paper, answers), now)
            for sitting, answers in batch
        ]
        db.execute(insert(Score), scores)
        count += len(batch)
    rerank(db, plan)
    return count


def graded(plan: Plan, standard: Standard, paper: Paper, given: Mapping[int, str]) -> Grade:
    """The grade of one paper by a stage's plan and a standard."""
    return grade(
        paper, plan.says.blueprint, standard.banks, given, void=standard.void, given=standard.given
    )


def _score(sitting: Sitting, graded: Grade, now: datetime) -> dict[str, Any]:
    return {
        "sitting_id": sitting.id,
        "points": graded.points,
        "maximum": graded.maximum,
        "sections": json.dumps({part.bank: str(part.points) for part in graded.sections}),
        "maxima": json.dumps({part.bank: part.maximum for part in graded.sections}),
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


def hold_closed(db: Session, plan: Plan) -> None:
    """Let nobody else correct or publish this stage until this is done; NotNowError if it is open."""
    if db.exec(select(Stage.closed_at).where(Stage.id == plan.id).with_for_update()).one() is None:
        raise NotNowError


def publish(
    db: Session, plan: Plan, *, by: str, reason: str, now: datetime, after: int | None = None
) -> Publication:
    """Publish the ranking as it stands: a new numbered version, never changed afterwards.

    Raises NotNowError if the stage is not closed; PublishedMeanwhileError if ``after`` is not the
    number of the last version (0 for none), unless that is this very publication, pressed twice.
    Where the edition asks for two people, NotCheckedError and SamePersonError; where it announces a
    public draw that decides something and is not made, NotDrawnError.
    """
    hold_closed(db, plan)
    earlier = queries.publications(db, plan)
    last = earlier[0].number if earlier else 0
    if after is not None and last != after:
        if (earlier[0].number, earlier[0].by, earlier[0].reason) == (after + 1, by, reason):
            return earlier[0]
        raise PublishedMeanwhileError
    check = queries.last_check(db, plan) if plan.edition.two_people else None
    publication = Publication(
        stage_id=plan.id,
        number=last + 1,
        published_at=now,
        by=by,
        reason=reason,
        digest=digest(db, plan),
        corrections=len(corrections.applied(db, plan)),
        checked_at=check.at if check else None,
        checked_by=check.by if check else None,
    )
    if plan.edition.two_people and publication.digest != (check.digest if check else ""):
        raise NotCheckedError
    if check is not None and check.by == by:
        raise SamePersonError
    if drawn.is_awaited(db, plan) and _by_lot(db, plan):
        raise NotDrawnError
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


def _by_lot(db: Session, plan: Plan) -> bool:
    """Whether a lot decides for anybody."""
    decided = exists().where(col(Draft.stage_id) == plan.id, col(Draft.reason) == Reason.LOT.value)
    return bool(db.exec(select(decided)).one())


def digest(db: Session, plan: Plan) -> str:
    """SHA-256 over a line for each candidate, in national order.

    It gives number, points, the three ranks, status and place.
    """
    wanted = (
        col(Application.number), col(Draft.points), col(Draft.nation_rank), col(Draft.region_rank),
        col(Draft.city_rank), col(Draft.status), col(Draft.place),
    )  # fmt: skip
    everyone = drafts.groups(db, plan, "nation")
    lines = (" ".join(map(str, row)) for row in drafts.rows(db, plan, wanted, "nation", everyone))
    found = hashlib.sha256()
    for place, line in enumerate(lines):
        found.update(f"\n{line}".encode() if place else line.encode())
    return found.hexdigest()
