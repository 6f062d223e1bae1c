"""Grading from stored answers: all or nothing, in time, and without the time of pauses."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlmodel import Session, select

from quizapp.exam.clock import Pause
from quizapp.exam.ranking.entries import composing
from quizapp.kit.store import Store
from quizapp.results import actions
from quizapp.results.tables import Draft, Score
from quizapp.sitting import actions as sittings
from quizapp.sitting import timing
from quizapp.sitting.tables import Sitting
from tests import world as worlds
from tests.sitting.running import WHY, mine, minutes, plan_in, sat, save, start
from tests.world import EDITION, NOON, World

__all__ = ["sat"]

OVER = NOON + timedelta(hours=2)


def close(world: World) -> None:
    with world.store.writing() as db:
        actions.close_stage(db, plan_in(db), by="o", reason="fin", now=OVER)


def scores(db: Session) -> dict[int, Fraction]:
    return {row.sitting_id: row.points for row in db.exec(select(Score))}


def test_grading_that_fails_leaves_every_score(sat: World) -> None:
    close(sat)
    with sat.store.reading() as db:
        before = scores(db)
    with sat.store.writing() as db:
        broken = mine(db, sat, "claude")
        broken.drawn = broken.drawn.replace("cu-", "nulle-part-")
        db.add(broken)

    with pytest.raises(KeyError), sat.store.writing() as db:
        actions.grade_stage(db, plan_in(db), now=OVER)

    with sat.store.reading() as db:
        assert len(before) == 3
        assert scores(db) == before


def test_late_answer_earns_nothing(sat: World) -> None:
    with sat.store.writing() as db:
        sitting = mine(db, sat)
        save(db, sitting, at=NOON)  # wrong: the right choice is number 0
        save(db, sitting, at=NOON + minutes(21), seq=2, response="0")
        save(db, mine(db, sat, "dominique"), at=NOON, response="0")
    close(sat)

    with sat.store.reading() as db:
        points = scores(db)
        assert points[mine(db, sat).id or 0] == 0
        assert points[mine(db, sat, "dominique").id or 0] == 1


@pytest.mark.parametrize(
    ("pauses", "composed"),
    [
        ([], 20),
        ([(5, 10)], 15),
        ([(5, 10), (12, 13)], 14),
        ([(-5, 5)], 15),
        ([(18, 30)], 18),
        ([(20, 30)], 20),
    ],
)
def test_pause_takes_its_length_from_the_time_of_composing(
    pauses: list[tuple[int, int]], composed: int
) -> None:
    stood = [Pause(NOON + minutes(begins), NOON + minutes(ends)) for begins, ends in pauses]

    assert composing(NOON, NOON + minutes(20), stood) == minutes(composed)


def test_pause_is_no_time_of_composing(store: Store) -> None:
    """Camille is paused for five minutes and hands in after twelve; Dominique takes eight."""
    ties = "ties: [section:relation-client, estimate, lot]"
    edition = EDITION.replace(ties, "ties: [time-used]")
    world = worlds.build(store, edition=edition)
    with store.writing() as db:
        camille, dominique = start(db, world.camille.id), start(db, world.dominique.id)
        timing.pause(db, camille, now=NOON + minutes(2), **WHY)
    with store.writing() as db:
        timing.resume(db, mine(db, world), now=NOON + minutes(7), **WHY)
    with store.writing() as db:
        for sitting, who, after in ((camille, world.camille, 12), (dominique, world.dominique, 8)):
            own = db.get_one(Sitting, sitting.id)
            sittings.hand_in(
                db, own, plan_in(db), number=who.number, now=NOON + minutes(after)
            )  # fmt: skip
    close(world)

    with store.reading() as db:
        ranks = {row.application_id: row.city_rank for row in db.exec(select(Draft))}
    assert ranks == {world.camille.id: 1, world.dominique.id: 2}
