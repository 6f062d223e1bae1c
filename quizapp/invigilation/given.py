"""Time given on the day, as it was decided: what was given to several people at once is one gift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.exam.clock import Scope, ScopeKind
from quizapp.sitting import timing
from quizapp.sitting.tables import TimeGrant


@dataclass(frozen=True, slots=True)
class Gift:
    """One decision to give time: to a place, or to some people; ``undone_at`` if it was taken back."""

    id: int
    at: datetime
    by: str
    seconds: int
    reason: str
    scopes: tuple[Scope, ...]
    grants: tuple[int, ...]
    undone_at: datetime | None
    undone_by: str | None


def gifts(db: Session, plan: Plan) -> list[Gift]:
    """The decisions to give time in a stage, the newest first."""
    rows = db.exec(
        select(TimeGrant)
        .where(TimeGrant.stage_id == plan.id)
        .order_by(col(TimeGrant.at).desc(), col(TimeGrant.id))
    ).all()

    def decision(one: TimeGrant) -> tuple[object, ...]:
        return one.at, one.by, one.seconds, one.reason, one.undone_at

    return [_gift(list(some)) for _decision, some in groupby(rows, decision)]


def _gift(some: list[TimeGrant]) -> Gift:
    first = some[0]
    return Gift(
        id=first.id or 0, at=first.at, by=first.by, seconds=first.seconds, reason=first.reason,
        scopes=tuple(Scope(ScopeKind(one.scope), one.target) for one in some),
        grants=tuple(one.id or 0 for one in some),
        undone_at=first.undone_at, undone_by=first.undone_by,
    )  # fmt: skip


def gift(db: Session, plan: Plan, number: int) -> Gift | None:
    """The decision whose first grant has this number."""
    return next((one for one in gifts(db, plan) if one.id == number), None)


def take_back(db: Session, one: Gift, *, by: str, reason: str, now: datetime) -> int:
    """Take all of a gift back; how many sittings got shorter. Raises NotPossibleError."""
    return sum(timing.take_back(db, each, by=by, reason=reason, now=now) for each in one.grants)
