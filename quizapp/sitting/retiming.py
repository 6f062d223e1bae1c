"""How the ends that sittings keep are computed anew, and what an act on time needs before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application, Stage
from quizapp.exam import clock
from quizapp.exam.clock import Scope
from quizapp.exam.problems import ToldError
from quizapp.sitting import times
from quizapp.sitting.tables import Opening, Sitting


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


def share(db: Session, plan: Plan) -> None:
    """Wait for the acts on this stage's time that are under way, and make later ones wait."""
    db.exec(
        select(Stage.id).where(Stage.id == plan.id).with_for_update(read=True, key_share=True)
    ).one()


def retime(db: Session, plan: Plan, *, scope: Scope = clock.EVERYONE, now: datetime) -> Retimed:
    """Compute the end of every running sitting of a scope anew; what changed.

    A few statements, however many sittings. No end is moved into the past: whoever lives on time
    that is taken back ends now, and whoever is paused when they were paused.
    """
    db.flush()
    owns = times.own_times(db, plan, scope)
    pace = plan.says.pace
    opened = _openings(db, plan, scope) if pace else {}
    rows = db.execute(
        sqlalchemy.select(
            col(Sitting.id), col(Sitting.application_id), col(Sitting.started_at),
            col(Sitting.ends_at), col(Sitting.open_until), col(Sitting.paused_at),
        )
        .join(Application, col(Application.id) == col(Sitting.application_id))
        .where(*_running(plan, scope))
        .order_by(col(Sitting.id))
    )  # fmt: skip
    before: list[datetime] = []
    after: list[datetime] = []
    changed: list[dict[str, object]] = []
    for number, person, started, stands, until, paused in rows:
        latest = paused or now
        end = _never_past(clock.ends_at(plan.timing, owns[person], started), stands, latest)
        own_end = until
        if pace and until:
            renewed = pace.opened(owns[person], opened[number]).until
            own_end = _never_past(renewed, until, latest)
        if end != stands:
            before.append(stands)
            after.append(end)
        if (end, own_end) != (stands, until):
            changed.append({"id": number, "ends_at": end, "open_until": own_end})
    if changed:
        db.execute(sqlalchemy.update(Sitting), changed)
        for one in list(db.identity_map.values()):
            if isinstance(one, Sitting):
                db.refresh(one, ["ends_at", "open_until"])
    return Retimed(len(before), _between(before), _between(after))


def _running(plan: Plan, scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions under which a sitting, joined with its application, is retimed."""
    return [
        col(Sitting.stage_id) == plan.id, col(Sitting.closed_at).is_(None), *times.within(scope),
    ]  # fmt: skip


def _openings(db: Session, plan: Plan, scope: Scope) -> dict[int, list[datetime]]:
    """When the steps of each running sitting of a scope were opened, in their order."""
    rows = db.execute(
        sqlalchemy.select(col(Opening.sitting_id), col(Opening.opened_at))
        .join(Sitting, col(Sitting.id) == col(Opening.sitting_id))
        .join(Application, col(Application.id) == col(Sitting.application_id))
        .where(*_running(plan, scope))
        .order_by(col(Opening.sitting_id), col(Opening.step))
    )
    found: dict[int, list[datetime]] = {}
    for number, at in rows:
        found.setdefault(number, []).append(at)
    return found


def _never_past(end: datetime | None, stands: datetime, latest: datetime) -> datetime:
    """A renewed end; one that has not passed is moved no further back than to ``latest``."""
    return max(end or stands, min(stands, latest))


def _between(ends: list[datetime]) -> str:
    return f"{min(ends)} / {max(ends)}" if ends else ""
