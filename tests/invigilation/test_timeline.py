"""The timeline of a sitting in a paced paper."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from quizapp.contests.tables import Application
from quizapp.invigilation.past import past_of
from quizapp.invigilation.timeline import events
from quizapp.kit.store import Store
from quizapp.sitting import pacing
from tests import world as worlds
from tests.sitting.running import mine, plan_in, save, start
from tests.world import NOON


def test_timeline_tells_when_each_question_and_part_was_opened(app: Flask, store: Store) -> None:
    world = worlds.build(store, edition=worlds.PACED)
    with store.writing() as db:
        sitting = start(db, world.camille.id)
        for leaving in range(4):
            at = NOON + timedelta(seconds=10 * leaving)
            assert pacing.go_on(db, sitting, plan_in(db), leaving=leaving, now=at)
        save(db, mine(db, world), at=NOON + timedelta(seconds=45), item=1)

    with store.reading() as db, app.test_request_context(headers={"Accept-Language": "fr"}):
        owner = db.get_one(Application, world.camille.id)
        told = events(past_of(db, plan_in(db), owner), now=NOON + timedelta(minutes=1))

    assert [one.text.replace("\xa0", " ") for one in told] == [
        "L’épreuve commence.",
        "La partie « Culture générale » commence.",
        "La question 1 s’ouvre.",
        "La question 2 s’ouvre.",
        "La question 3 s’ouvre.",
        "La partie « Relation client » commence.",
        "Une réponse arrive trop tard, gardée sans compter : question 1.",
    ]
