"""What an organiser decides about answers that came too late: accept them, or take that back.

A decision is made on what a page showed. It carries the state of that moment, and is refused if
the same answers were decided on since: two desks never overwrite each other in silence. The answer
itself is never touched, so that its receipt and the chain stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application, Stage
from quizapp.exam.counting import Change, Version, changes
from quizapp.kit import journal
from quizapp.results import actions, lateness
from quizapp.results.lateness import Case
from quizapp.results.tables import LateAcceptance


class ChangedError(Exception):
    """Somebody has decided on the same answers since the page was shown, or more have arrived."""


class StillOpenError(Exception):
    """The sitting is not closed: its candidate may still answer."""


def accept(
    db: Session,
    plan: Plan,
    application: Application,
    *,
    numbers: Collection[int],
    seen: str,
    by: str,
    reason: str,
    now: datetime,
) -> int:
    """Let late answers count (each named by its place in the chain); how many were not yet accepted.

    Once the stage is closed, the sitting is graded anew. The same decision again changes nothing.
    Raises ChangedError, StillOpenError.
    """
    closed_at, case = _held(db, plan, application)
    wanted = {one.n for one in case.late} & set(numbers)
    standing = [case.accepted[n] for n in wanted if n in case.accepted]
    if case.state != seen:
        if wanted and len(standing) == len(wanted) and _same(standing, by, reason):
            return 0
        raise ChangedError
    added = sorted(wanted - set(case.accepted))
    for n in added:
        db.add(LateAcceptance(sitting_id=case.sitting.id or 0, n=n, at=now, by=by, reason=reason))
    after = wanted | set(case.accepted)
    _settle(db, plan, application, case, after, closed_at, "late.accept", by, reason, now)
    return len(added)


def take_back(
    db: Session,
    plan: Plan,
    application: Application,
    *,
    numbers: Collection[int],
    seen: str,
    by: str,
    reason: str,
    now: datetime,
) -> int:
    """Let accepted answers be late again; how many it were. As ``accept`` in everything else."""
    closed_at, case = _held(db, plan, application)
    wanted = {one.n for one in case.late} & set(numbers)
    if case.state != seen:
        if wanted and not wanted & set(case.accepted) and _undone(db, case, wanted, by, reason):
            return 0
        raise ChangedError
    removed = wanted & set(case.accepted)
    for n in sorted(removed):
        row = case.accepted[n]
        row.undone_at, row.undone_by, row.undone_why = now, by, reason
        db.add(row)
    after = set(case.accepted) - removed
    _settle(db, plan, application, case, after, closed_at, "late.undo", by, reason, now)
    return len(removed)


def _held(db: Session, plan: Plan, application: Application) -> tuple[datetime | None, Case]:
    """When the stage was closed, and the case as it stands; other decisions and the closing wait."""
    closed_at = db.exec(select(Stage.closed_at).where(Stage.id == plan.id).with_for_update()).one()
    case = lateness.case_of(db, plan, application)
    if case is None or case.sitting.closed_at is None:
        raise StillOpenError
    return closed_at, case


def _same(rows: Sequence[LateAcceptance], by: str, reason: str) -> bool:
    return all((one.by, one.reason) == (by, reason) for one in rows)


def _undone(db: Session, case: Case, wanted: Collection[int], by: str, reason: str) -> bool:
    """Whether this very decision was the last one on each of these answers."""
    rows = db.exec(
        select(LateAcceptance)
        .where(LateAcceptance.sitting_id == case.sitting.id, col(LateAcceptance.n).in_(wanted))
        .order_by(col(LateAcceptance.id))
    ).all()
    last = {one.n: one for one in rows}
    return len(last) == len(wanted) and all(
        (one.undone_by, one.undone_why) == (by, reason) for one in last.values()
    )


def _settle(
    db: Session,
    plan: Plan,
    application: Application,
    case: Case,
    after: Collection[int],
    closed_at: datetime | None,
    what: str,
    by: str,
    reason: str,
    now: datetime,
) -> None:
    """Write a decision down, and grade the sitting anew where the stage is graded."""
    changed = changes(case.versions, case.accepted, after)
    if not changed:
        return
    journal.record(
        db, at=now, who=by, what=what,
        subject=f"stage:{plan.key}/application:{application.number}",
        before=_told(changed, "before"), after=_told(changed, "after"), why=reason,
    )  # fmt: skip
    db.flush()
    if closed_at is not None:
        actions.grade_stage(db, plan, now=now, only=[case.sitting.id or 0])


def _told(changed: Sequence[Change], side: str) -> str:
    """Which version counts for each item, by its place in the chain: ``3: n° 12, 5: –``."""
    versions: list[tuple[int, Version | None]] = [(one.item, getattr(one, side)) for one in changed]
    return ", ".join(f"{item}: {f'n° {one.n}' if one else '–'}" for item, one in versions)
