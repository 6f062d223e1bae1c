"""What is done in a sitting: start, take over, hand in, close. Answers are kept by ``keeping``."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from quizapp.banks.queries import banks_of
from quizapp.contests.queries import Phase, Plan, plan_of
from quizapp.contests.tables import Application
from quizapp.exam import clock, receipts
from quizapp.exam.pace import NOTHING
from quizapp.exam.paper import draw
from quizapp.sitting import queries, times, timing
from quizapp.sitting.retiming import share
from quizapp.sitting.tables import Fact, Sitting

# What one sitting has noted of it at most; an honest one has no use for a tenth.
MOST_FACTS = 500


class NotOpenError(Exception):
    """The stage cannot be started now."""


def start(
    db: Session, plan: Plan, *, application_id: int, seed: str, writer: str, now: datetime
) -> Sitting:
    """Begin this candidate's sitting on this device, or give the one that has begun.

    It ends by this candidate's own time. Raises NotOpenError outside their window.
    """
    if known := queries.sitting_at(db, application_id, plan.id):
        return known
    # An extension given meanwhile is waited for: it must hold for this sitting too.
    share(db, plan)
    own = times.own_of(db, plan, application_id)
    if times.phase_of(plan, own, now) is not Phase.OPEN:
        raise NotOpenError
    paper = draw(plan.says.blueprint, banks_of(db, plan.id), seed)
    values = {
        "application_id": application_id,
        "stage_id": plan.id,
        "seed": seed,
        "drawn": paper.dump(),
        "started_at": now,
        "ends_at": clock.ends_at(plan.timing, own, now),
        "writer": writer,
    }
    if plan.says.pace is not None:
        values |= {"open_first": NOTHING.first, "open_last": NOTHING.last}
    # Two starts at once: the second meets the unique index, and reads the first.
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    db.exec(dialect.insert(Sitting).values(values).on_conflict_do_nothing())
    sitting = queries.sitting_at(db, application_id, plan.id)
    assert sitting is not None  # noqa: S101  # one of the two has stored it
    return sitting


def take_over(db: Session, sitting: Sitting, *, writer: str, now: datetime) -> None:
    """Let this device write from now on, and no other; that it changed is noted."""
    if sitting.writer == writer:
        return
    sitting.writer = writer
    db.add(sitting)
    db.add(Fact(sitting_id=sitting.id or 0, kind="device", at=now))
    db.flush()


def note_fact(db: Session, sitting_id: int, *, kind: str, lasted: timedelta, now: datetime) -> bool:
    """Note that a page was left, or text copied, in a sitting under way; False if nothing is noted.

    Nothing is noted of a sitting that is paused, closed or out of time, nor beyond ``MOST_FACTS``.
    """
    sitting = db.get_one(Sitting, sitting_id)
    idle = sitting.paused_at or sitting.closed_at or queries.out_of_time(sitting, now)
    if idle or queries.facts(db, sitting_id) >= MOST_FACTS:
        return False
    left = kind == "left"
    seconds = int(lasted.total_seconds()) if left else None
    began = max(now - lasted, sitting.started_at) if left else now
    db.add(Fact(sitting_id=sitting_id, kind=kind, at=began, seconds=seconds))
    return True


def hand_in(db: Session, sitting: Sitting, plan: Plan, *, number: str, now: datetime) -> None:
    """End a sitting by its candidate's word; after the end, by expiry. Doing it again does nothing.

    Where a sitting counts only if it is handed in, the word is heard until the grace is over.
    """
    db.refresh(sitting, with_for_update=True)
    by = "candidate"
    if queries.out_of_time(sitting, now):
        late = plan.says.expiry is clock.Expiry.HAND_IN or queries.is_over(sitting, plan, now)
        by = "expiry" if late else by
    close(db, sitting, plan, number=number, at=min(now, sitting.ends_at), by=by)


def expire(db: Session, sitting: Sitting, plan: Plan, *, number: str, now: datetime) -> None:
    """End a sitting whose time is over, if it still is; nobody has asked for it."""
    db.refresh(sitting, with_for_update=True)
    if queries.out_of_time(sitting, now):
        close(db, sitting, plan, number=number, at=sitting.ends_at, by="expiry")


def close(db: Session, sitting: Sitting, plan: Plan, *, number: str, at: datetime, by: str) -> None:
    """End a sitting with the answers it has; the receipt stands for exactly these."""
    db.refresh(sitting, with_for_update=True)
    if sitting.closed_at is not None:
        return
    timing.end_pause(db, sitting, at=at, by=by)
    answers = queries.responses(queries.answers_of(db, sitting.id or 0))
    sitting.closed_at, sitting.closed_by, sitting.answered = at, by, len(answers)
    sitting.digest = queries.last_link(db, sitting.id or 0) or receipts.first_link(
        f"{plan.edition.edition}/{plan.key}", number
    )
    db.add(sitting)
    db.flush()


def close_expired(db: Session, *, now: datetime) -> int:
    """Close the sittings whose end and grace have passed, from stored answers; how many it were."""
    closed = 0
    for sitting, _key in queries.expired(db, now=now):
        # Time may have been given since the list was made.
        db.refresh(sitting, with_for_update=True)
        plan = plan_of(db, sitting.stage_id)
        if sitting.closed_at is None and queries.is_over(sitting, plan, now):
            number = db.get_one(Application, sitting.application_id).number
            close(db, sitting, plan, number=number, at=sitting.ends_at, by="expiry")
            closed += 1
    return closed
