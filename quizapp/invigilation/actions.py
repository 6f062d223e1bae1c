"""What is done between desk and candidates: report, answer, announce, take back; count a fault."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update

from quizapp.contests.queries import Plan
from quizapp.exam.clock import Scope, ScopeKind
from quizapp.invigilation import queries
from quizapp.invigilation.tables import Fault, Kind, Message, Report
from quizapp.kit import journal
from quizapp.sitting.tables import Fact, Sitting

# What one candidate may send in one stage, and how many places one hour keeps apart.
MOST_REPORTS = 40
ELSEWHERE = "ailleurs"


class TooManyError(Exception):
    """This candidate has sent as many reports as one may."""


class SettledError(Exception):
    """Somebody else has settled this report meanwhile."""


def report(
    db: Session,
    plan: Plan,
    *,
    application_id: int,
    kind: Kind,
    key: str,
    code: str,
    now: datetime,
    body: str = "",
    item: int | None = None,
    noted_at: datetime | None = None,
) -> Report:
    """Keep what a candidate sends; the same ``key`` again gives the report that is kept.

    Raises TooManyError.
    """
    if known := queries.report_by_key(db, application_id, key):
        return known
    if queries.sent(db, plan.id, application_id) >= MOST_REPORTS:
        raise TooManyError
    # Two deliveries at once: the second meets the unique index, and reads the first.
    db.exec(
        _insert(db, Report)
        .values(
            code=code, key=key, application_id=application_id, stage_id=plan.id, kind=kind.value,
            item=item, body=body, noted_at=noted_at, received_at=now, settled_by="",
        )
        .on_conflict_do_nothing(index_elements=["application_id", "key"])
    )  # fmt: skip
    kept = queries.report_by_key(db, application_id, key)
    assert kept is not None  # noqa: S101  # one of the two has stored it
    return kept


def describe(db: Session, row: Report, *, body: str) -> bool:
    """Add words to an incident that was sent without any; False if it has some, or is settled."""
    if row.body or row.settled_at:
        return False
    row.body = body
    db.add(row)
    return True


def answer(
    db: Session, plan: Plan, row: Report, *, body: str, by: str, now: datetime
) -> Message | None:
    """Settle a report, with a private answer unless ``body`` is empty; raises SettledError."""
    db.refresh(row, with_for_update=True)
    if row.settled_at is not None:
        raise SettledError
    row.settled_at, row.settled_by = now, by
    db.add(row)
    journal.record(
        db, at=now, who=by, what="report.settle", subject=f"report:{row.code}", after=body
    )
    if not body:
        return None
    scope = Scope(ScopeKind.PERSON, str(row.application_id))
    return _say(db, plan, scope, body=body, by=by, now=now, report_id=row.id)


def send(db: Session, plan: Plan, scope: Scope, *, body: str, by: str, now: datetime) -> Message:
    """Say something to everyone whom ``scope`` covers, now and later."""
    row = _say(db, plan, scope, body=body, by=by, now=now)
    journal.record(
        db, at=now, who=by, what="message.send", subject=f"stage:{plan.key}",
        before=f"{scope.kind}:{scope.target}", after=body,
    )  # fmt: skip
    return row


def _say(
    db: Session,
    plan: Plan,
    scope: Scope,
    *,
    body: str,
    by: str,
    now: datetime,
    report_id: int | None = None,
) -> Message:
    row = Message(
        stage_id=plan.id, scope_kind=scope.kind.value, scope_target=scope.target, body=body,
        sent_at=now, by=by, report_id=report_id,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def withdraw(db: Session, row: Message, *, by: str, reason: str, now: datetime) -> bool:
    """Take a message back: those who have it see that it is; False if it was taken back before."""
    if row.withdrawn_at is not None:
        return False
    row.withdrawn_at, row.withdrawn_by = now, by
    db.add(row)
    journal.record(
        db, at=now, who=by, what="message.withdraw", subject=f"message:{row.id}", before=row.body,
        why=reason,
    )  # fmt: skip
    return True


def forget(db: Session, application_id: int) -> None:
    """Erase what somebody wrote to the desk, what it wrote to them alone, and the facts noted of them.

    That something was sent, when, and its receipt number stay.
    """
    db.exec(
        update(Report).where(col(Report.application_id) == application_id).values(body="")
    )  # fmt: skip
    db.exec(
        update(Message)
        .where(
            col(Message.scope_kind) == ScopeKind.PERSON.value,
            col(Message.scope_target) == str(application_id),
        )
        .values(body="")
    )
    sittings = select(Sitting.id).where(Sitting.application_id == application_id)
    db.exec(
        delete(Fact).where(col(Fact.sitting_id).in_(sittings), col(Fact.kind) != "device")
    )  # fmt: skip


def count_fault(db: Session, *, kind: str, place: str, times: int, now: datetime) -> None:
    """Count a fault in its hour; beyond two hundred places in one hour, under one common name."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if db.get(Fault, (kind, hour, place)) is None and queries.places_in(db, hour) >= 200:
        place = ELSEWHERE
    row = _insert(db, Fault).values(kind=kind, hour=hour, place=place, count=times, last_at=now)
    again = {"count": col(Fault.count) + times, "last_at": now}
    db.exec(row.on_conflict_do_update(index_elements=["kind", "hour", "place"], set_=again))


def _insert(db: Session, table: type[Fault] | type[Report]) -> Any:
    """An insert that may meet a unique index, for the database at hand."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
