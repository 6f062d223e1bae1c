"""How the ends that sittings keep are computed anew, and what an act on time needs before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application, Stage
from quizapp.exam import clock
from quizapp.exam.clock import Scope
from quizapp.exam.problems import ToldError
from quizapp.sitting import times
from quizapp.sitting.tables import Sitting


class NotPossibleError(ToldError):
    """An act on time that cannot be done now; the message tells the organiser why, in French."""


@dataclass(frozen=True, slots=True)
class Retimed:
    """What an act changed: how many sittings, and between which ends they lay and lie now."""

    count: int
    before: str
    after: str


def hold(db: Session, plan: Plan) -> None:
    """Make other acts on this stage's time, and starts, wait; refuse once the stage is closed."""
    closed = db.exec(select(Stage.closed_at).where(Stage.id == plan.id).with_for_update()).one()
    if closed is not None:
        raise NotPossibleError("L’étape est close et corrigée : son temps ne peut plus changer.")


def retime(db: Session, plan: Plan, *, scope: Scope = clock.EVERYONE, now: datetime) -> Retimed:
    """Compute the end of every running sitting of a scope anew; what changed.

    A few statements, however many sittings. No end is moved into the past: whoever lives on time
    that is taken back ends now, and whoever is paused when they were paused.
    """
    db.flush()
    owns = times.own_times(db, plan, scope)
    rows = db.execute(
        sqlalchemy.select(
            col(Sitting.id), col(Sitting.application_id), col(Sitting.started_at),
            col(Sitting.ends_at), col(Sitting.paused_at),
        )
        .join(Application, col(Application.id) == col(Sitting.application_id))
        .where(col(Sitting.stage_id) == plan.id, col(Sitting.closed_at).is_(None))
        .where(*times.within(scope))
        .order_by(col(Sitting.id))
    )  # fmt: skip
    before: list[datetime] = []
    after: list[datetime] = []
    changed: list[dict[str, object]] = []
    for number, person, started, stands, paused in rows:
        end = clock.ends_at(plan.timing, owns[person], started)
        end = max(end, min(stands, paused or now))
        if end != stands:
            before.append(stands)
            after.append(end)
            changed.append({"id": number, "ends_at": end})
    if changed:
        db.execute(sqlalchemy.update(Sitting), changed)
        for one in list(db.identity_map.values()):
            if isinstance(one, Sitting):
                db.refresh(one, ["ends_at"])
    return Retimed(len(changed), _between(before), _between(after))


def _between(ends: list[datetime]) -> str:
    return f"{min(ends)} / {max(ends)}" if ends else ""
