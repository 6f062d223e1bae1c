"""What is done before a ranking is published: one person says that it was checked."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from quizapp.contests.queries import Plan
from quizapp.kit import journal
from quizapp.results import queries
from quizapp.results.actions import NotCheckedError, digest, hold_closed
from quizapp.results.tables import RankingCheck


def check_ranking(
    db: Session, plan: Plan, *, seen: str, by: str, reason: str, now: datetime
) -> RankingCheck:
    """Say that the ranking with the digest ``seen`` was checked, for somebody else to publish it.

    Raises NotNowError if the stage is not closed, NotCheckedError if the ranking is another by now.
    """
    hold_closed(db, plan)
    if digest(db, plan) != seen:
        raise NotCheckedError
    known = queries.last_check(db, plan)
    if known is not None and (known.digest, known.by) == (seen, by):
        return known
    row = RankingCheck(stage_id=plan.id, digest=seen, at=now, by=by, reason=reason)
    db.add(row)
    journal.record(
        db, at=now, who=by, what="ranking.check", subject=f"stage:{plan.key}", after=seen,
        why=reason,
    )  # fmt: skip
    db.flush()
    return row
