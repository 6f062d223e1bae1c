"""The small world after a first round: sittings, answers, scores, a published ranking."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from quizapp.contests import queries
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.kit import throttle
from quizapp.results import actions as results
from quizapp.sitting import actions
from quizapp.sitting.keeping import Version, keep
from tests.world import NOON, World


def plan_of(db: Session) -> Plan:
    """The first round."""
    plan = queries.plan(db, "premier-tour")
    assert plan is not None
    return plan


def live(world: World) -> None:
    """Camille answers three questions, Claude one and changes it, Dominique none; then it is over."""
    given = {world.camille.id: ["0", "1", None], world.claude.id: ["2"], world.dominique.id: []}
    with world.store.writing() as db:
        for application, answers in given.items():
            sitting = actions.start(
                db, plan_of(db), application_id=application, seed="graine", writer="ici", now=NOON
            )
            owner = db.get_one(Application, application)
            for number, response in enumerate(answers):
                version = Version(
                    sitting=sitting.id or 0, application=application, stamp=owner.stamp,
                    writer="ici", stage="essai/premier-tour", candidate=owner.number,
                    item=number + 1, seq=1, key=f"clef-{number}", response=response,
                    flagged=number == 0, at=NOON + timedelta(seconds=number, microseconds=5),
                    grace=timedelta(seconds=30),
                )  # fmt: skip
                keep(db.connection(), [version])
        throttle.failed(db, "acces:é", span=timedelta(minutes=1), now=NOON)
    end = NOON + timedelta(hours=2)
    with world.store.writing() as db:
        results.close_stage(db, plan_of(db), by="test", reason="l’heure", now=end)
    with world.store.writing() as db:
        results.publish(db, plan_of(db), by="test", reason="« Ça y est »", now=end)
