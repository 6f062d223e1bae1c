"""Three sittings under way, and how the tests of time look at them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from quizapp.contests import queries as contests
from quizapp.contests.queries import Plan
from quizapp.contests.tables import Application
from quizapp.exam.clock import Scope, ScopeKind
from quizapp.kit.journal import JournalEntry
from quizapp.sitting import actions, queries
from quizapp.sitting.keeping import Saved, Version, keep
from quizapp.sitting.tables import Sitting
from tests.world import NOON, World

LYON, LILLE = Scope(ScopeKind.CITY, "69123"), Scope(ScopeKind.CITY, "59350")
END = NOON + timedelta(minutes=20)
WHY = {"by": "o@exemple.fr", "reason": "Panne du réseau"}


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def plan_in(db: Session) -> Plan:
    plan = contests.plan(db, "premier-tour")
    assert plan is not None
    return plan


def start(db: Session, number: int, now: datetime = NOON) -> Sitting:
    return actions.start(
        db, plan_in(db), application_id=number, seed=f"graine-{number}", writer="ici", now=now
    )


@pytest.fixture
def sat(world: World) -> World:
    """The world, in which all three have begun at five past the opening."""
    with world.store.writing() as db:
        for adviser in (world.camille, world.dominique, world.claude):
            start(db, adviser.id)
    return world


def ends(world: World) -> dict[str, datetime]:
    """Each sitting's end, by first name."""
    with world.store.reading() as db:
        rows = db.exec(
            select(Application.first_name, Sitting.ends_at).join(
                Sitting, col(Sitting.application_id) == Application.id
            )
        )
        return dict(rows.all())


def mine(db: Session, world: World, who: str = "camille") -> Sitting:
    found = queries.sitting_at(db, getattr(world, who).id, plan_in(db).id)
    assert found is not None
    return found


def version(
    db: Session, sitting: Sitting, *, at: datetime, seq: int = 1, item: int = 1, response: str = "2"
) -> Version:
    owner = db.get_one(Application, sitting.application_id)
    return Version(
        sitting=sitting.id or 0, application=sitting.application_id, stamp=owner.stamp, writer="ici",
        stage="essai/premier-tour", candidate=owner.number, item=item, seq=seq, key=f"clef-{seq}-{at}",
        response=response, flagged=False, at=at, grace=plan_in(db).says.grace_time,
    )  # fmt: skip


def save(
    db: Session, sitting: Sitting, *, at: datetime, seq: int = 1, item: int = 1, response: str = "2"
) -> Saved:
    sent = version(db, sitting, at=at, seq=seq, item=item, response=response)
    [saved] = keep(db.connection(), [sent])
    assert saved is not None
    return saved


def journalled(world: World, what: str) -> list[JournalEntry]:
    with world.store.reading() as db:
        return list(db.exec(select(JournalEntry).where(JournalEntry.what == what)))
