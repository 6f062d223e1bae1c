"""What is done in a sitting: start, save, hand in, close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlmodel
from sqlalchemy import literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from quizapp.banks.queries import banks_of
from quizapp.contests.queries import Phase, Plan, plan_of
from quizapp.contests.tables import Application
from quizapp.exam import receipts
from quizapp.exam.paper import draw
from quizapp.exam.problems import NotAnAnswerError
from quizapp.sitting import queries
from quizapp.sitting.queries import Kept
from quizapp.sitting.tables import Answer, Sitting


class NotOpenError(Exception):
    """The stage cannot be started now."""


class Saving(StrEnum):
    """What became of an answer that arrived."""

    KEPT = "kept"
    REPEATED = "repeated"
    STALE = "stale"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of a save, and the version that now counts for this item, if there is one."""

    outcome: Saving
    counts: Kept | None


def start(db: Session, plan: Plan, *, application_id: int, seed: str, now: datetime) -> Sitting:
    """Begin this candidate's sitting, or give the one that has begun.

    Raises NotOpenError outside the window.
    """
    if known := queries.sitting_at(db, application_id, plan.id):
        return known
    if plan.phase(now) is not Phase.OPEN:
        raise NotOpenError
    paper = draw(plan.says.blueprint, banks_of(db, plan.id), seed)
    values = {
        "application_id": application_id,
        "stage_id": plan.id,
        "seed": seed,
        "drawn": paper.dump(),
        "started_at": now,
        "ends_at": plan.timing.ends_at(now, plan.window),
    }
    # Two starts at once: the second meets the unique index, and reads the first.
    db.exec(_ignoring_conflicts(db, Sitting).values(values))
    sitting = queries.sitting_at(db, application_id, plan.id)
    assert sitting is not None  # noqa: S101  # one of the two has stored it
    return sitting


def read_answer(db: Session, sitting: Sitting, *, item: int, posted: Sequence[str]) -> str | None:
    """What was posted for an item, as it is stored; raises NotAnAnswerError, in French."""
    found = sitting.paper.item(item)
    if found is None:
        raise NotAnAnswerError("Cette question ne fait pas partie de votre sujet.")
    question = banks_of(db, sitting.stage_id)[found.bank].by_id[found.question]
    return question.read(posted, found.order)


def save_answer(
    db: Session,
    sitting: Sitting,
    plan: Plan,
    *,
    item: int,
    response: str | None,
    flagged: bool,
    seq: int,
    key: str,
    now: datetime,
) -> Saved:
    """Keep one version of an answer, in one statement that also checks that it still counts.

    It counts if the sitting is open, its end and the grace have not passed, and no version of this
    or a later ``seq`` is kept. A repeated ``key`` is the same delivery. What arrives too late is
    kept as evidence.
    """
    values: dict[str, Any] = {
        "sitting_id": sitting.id, "item": item, "seq": seq, "key": key,
        "response": response, "flagged": flagged, "received_at": now,
    }  # fmt: skip
    newer = select(col(Answer.id)).where(
        col(Answer.sitting_id) == sitting.id,
        col(Answer.item) == item,
        col(Answer.seq) >= seq,
        ~col(Answer.late),
    )
    row = select(
        *(literal(value, _type(name)) for name, value in values.items()), literal(False)
    ).where(
        col(Sitting.id) == sitting.id,
        col(Sitting.closed_at).is_(None),
        col(Sitting.ends_at) >= now - plan.says.grace_time,
        ~newer.exists(),
    )
    # A sitting that is being closed elsewhere is waited for, and then refuses.
    statement = _ignoring_conflicts(db, Answer).from_select(
        [*values, "late"], row.with_for_update(read=True)
    )
    if db.exec(statement.returning(col(Answer.id))).first():
        return Saved(Saving.KEPT, Kept(response, flagged, seq, now))
    return _not_kept(db, sitting, plan, values, now)


def _type(name: str) -> Any:
    return Answer.__table__.c[name].type  # type: ignore[attr-defined]


def _not_kept(
    db: Session, sitting: Sitting, plan: Plan, values: dict[str, Any], now: datetime
) -> Saved:
    same = db.exec(
        sqlmodel.select(Answer).where(Answer.sitting_id == sitting.id, Answer.key == values["key"])
    ).one_or_none()
    if same is not None and not same.late:
        kept = Kept(same.response, same.flagged, same.seq, same.received_at)
        return Saved(Saving.REPEATED, kept)
    counts = queries.answers_of(db, sitting.id or 0).get(values["item"])
    if queries.is_over(db.get_one(Sitting, sitting.id), plan, now):
        db.exec(_ignoring_conflicts(db, Answer).values({**values, "late": True}))
        return Saved(Saving.LATE, counts)
    return Saved(Saving.STALE, counts)


def hand_in(db: Session, sitting: Sitting, plan: Plan, *, number: str, now: datetime) -> None:
    """End a sitting by its candidate's word; after the end, by expiry. Doing it again does nothing."""
    if now > sitting.ends_at:
        close(db, sitting, plan, number=number, at=sitting.ends_at, by="expiry")
    else:
        close(db, sitting, plan, number=number, at=now, by="candidate")


def close(db: Session, sitting: Sitting, plan: Plan, *, number: str, at: datetime, by: str) -> None:
    """End a sitting with the answers it has; the receipt stands for exactly these."""
    db.refresh(sitting, with_for_update=True)
    if sitting.closed_at is not None:
        return
    answers = queries.responses(queries.answers_of(db, sitting.id or 0))
    sitting.closed_at, sitting.closed_by, sitting.answered = at, by, len(answers)
    sitting.digest = receipts.digest(number, plan.key, answers, at)
    db.add(sitting)
    db.flush()


def close_expired(db: Session, *, now: datetime) -> int:
    """Close the sittings whose end and grace have passed, from stored answers; how many it were."""
    closed = 0
    for sitting, _key in queries.expired(db, now=now):
        plan = plan_of(db, sitting.stage_id)
        if queries.is_over(sitting, plan, now):
            number = db.get_one(Application, sitting.application_id).number
            close(db, sitting, plan, number=number, at=sitting.ends_at, by="expiry")
            closed += 1
    return closed


def _ignoring_conflicts(db: Session, table: type[Answer] | type[Sitting]) -> Any:
    """An insert that a unique index can turn into nothing, for the database at hand."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()
