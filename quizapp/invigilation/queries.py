"""What is read of messages, reports and faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, true
from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application, Centre
from quizapp.exam.clock import Whereabouts
from quizapp.invigilation import scopes
from quizapp.invigilation.tables import Fault, Message, Report
from quizapp.sitting.tables import Sitting


@dataclass(frozen=True, slots=True)
class Limit:
    """Whom a member of staff may see: those of a region, of a city, or everyone."""

    region: str = ""
    city: str = ""

    @property
    def condition(self) -> ColumnElement[bool]:
        """That an application lies within it."""
        if self.city:
            return col(Application.city) == self.city
        return col(Application.region) == self.region if self.region else true()


UNLIMITED = Limit()


def areas(db: Session, plan: Plan, limit: Limit) -> list[tuple[str, str]]:
    """The region and city codes of everyone within a limit, each pair once."""
    pairs = (
        select(Application.region, Application.city)
        .where(Application.edition_id == plan.row.edition_id, limit.condition)
        .distinct()
    )
    return [(region, city) for region, city in db.exec(pairs)]


def centres(db: Session, plan: Plan, city: str) -> Sequence[Centre]:
    """The contact centres of a city, by name."""
    if not city:
        return []
    return db.exec(
        select(Centre)
        .where(Centre.edition_id == plan.row.edition_id, Centre.city == city)
        .order_by(col(Centre.company))
    ).all()


def messages_for(
    db: Session, stage_id: int, who: Whereabouts, *, after: int = 0
) -> Sequence[Message]:
    """What the desk said to this candidate since message number ``after``, in order."""
    return db.exec(
        select(Message)
        .where(Message.stage_id == stage_id, col(Message.id) > after, scopes.reaching(who))
        .order_by(col(Message.id))
    ).all()


def messages_to(db: Session, sitting_id: int) -> Sequence[Message]:
    """What the desk said to a sitting and has not taken back, in order; one statement."""
    return db.exec(
        select(Message)
        .join(Sitting, col(Sitting.stage_id) == Message.stage_id)
        .join(Application, col(Application.id) == Sitting.application_id)
        .where(Sitting.id == sitting_id, col(Message.withdrawn_at).is_(None), scopes.reaching_row())
        .order_by(col(Message.id))
    ).all()


def messages(
    db: Session, plan: Plan, *, limit: int = 200
) -> Sequence[tuple[Message, Report | None]]:
    """What the desk said in a stage, the newest first, with what it answers."""
    return db.exec(
        select(Message, Report)
        .outerjoin(Report, col(Report.id) == Message.report_id)
        .where(Message.stage_id == plan.id)
        .order_by(col(Message.id).desc())
        .limit(limit)
    ).all()


def message(db: Session, plan: Plan, number: int) -> Message | None:
    """The message of this number in a stage."""
    return db.exec(
        select(Message).where(Message.stage_id == plan.id, Message.id == number)
    ).one_or_none()


def reports_of(
    db: Session, stage_id: int, application_id: int
) -> Sequence[tuple[Report, Message | None]]:
    """What this candidate sent, the newest first, with the desk's answer."""
    return db.exec(
        select(Report, Message)
        .outerjoin(Message, col(Message.report_id) == Report.id)
        .where(Report.stage_id == stage_id, Report.application_id == application_id)
        .order_by(col(Report.id).desc())
    ).all()


def report_by_key(db: Session, application_id: int, key: str) -> Report | None:
    """The report that this candidate delivered under this key."""
    return db.exec(
        select(Report).where(Report.application_id == application_id, Report.key == key)
    ).one_or_none()


def report_by_code(
    db: Session, plan: Plan, code: str, limit: Limit = UNLIMITED
) -> tuple[Report, Application] | None:
    """The report of this receipt number, with who sent it."""
    return db.exec(
        select(Report, Application)
        .join(Application, col(Application.id) == Report.application_id)
        .where(Report.stage_id == plan.id, Report.code == code, limit.condition)
    ).one_or_none()


def sent(db: Session, stage_id: int, application_id: int) -> int:
    """How many reports this candidate has sent in a stage."""
    return db.exec(
        select(func.count())
        .select_from(Report)
        .where(Report.stage_id == stage_id, Report.application_id == application_id)
    ).one()


def waiting(db: Session, plan: Plan, limit: Limit = UNLIMITED) -> int:
    """How many reports wait for the desk."""
    return db.exec(
        select(func.count())
        .select_from(Report)
        .join(Application, col(Application.id) == Report.application_id)
        .where(Report.stage_id == plan.id, col(Report.settled_at).is_(None), limit.condition)
    ).one()


def reports_in_all(db: Session, plan: Plan, limit: Limit = UNLIMITED) -> int:
    """How many reports there are, settled or not."""
    return db.exec(
        select(func.count())
        .select_from(Report)
        .join(Application, col(Application.id) == Report.application_id)
        .where(Report.stage_id == plan.id, limit.condition)
    ).one()


def reports(
    db: Session, plan: Plan, limit: Limit = UNLIMITED, *, settled: bool, start: int, size: int
) -> Sequence[tuple[Report, Application, Message | None]]:
    """The reports that wait, the oldest first; or those that are settled, the newest first."""
    order = col(Report.settled_at).desc() if settled else col(Report.received_at)
    return db.exec(
        select(Report, Application, Message)
        .join(Application, col(Application.id) == Report.application_id)
        .outerjoin(Message, col(Message.report_id) == Report.id)
        .where(
            Report.stage_id == plan.id,
            col(Report.settled_at).is_not(None) if settled else col(Report.settled_at).is_(None),
            limit.condition,
        )
        .order_by(order, col(Report.id))
        .offset(start)
        .limit(size)
    ).all()


def faults(db: Session, *, now: datetime, span: timedelta = timedelta(hours=24)) -> Sequence[Fault]:
    """The faults of the last hours, the latest first."""
    return db.exec(
        select(Fault)
        .where(col(Fault.hour) >= now - span)
        .order_by(col(Fault.hour).desc(), col(Fault.count).desc())
        .limit(200)
    ).all()


def places_in(db: Session, hour: datetime) -> int:
    """How many faults this hour keeps apart."""
    return db.exec(select(func.count()).select_from(Fault).where(Fault.hour == hour)).one()


def recent_faults(db: Session, *, now: datetime) -> int:
    """How many faults browsers have met in this hour and the one before."""
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    return int(
        db.exec(
            select(func.coalesce(func.sum(Fault.count), 0)).where(col(Fault.hour) >= since)
        ).one()
    )
