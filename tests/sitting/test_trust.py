"""What a browser says of itself decides nothing, and what the tables hold holds by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from werkzeug.http import http_date

from quizapp.contests.tables import Application
from quizapp.sitting.keeping import Saving, Version, keep
from quizapp.sitting.tables import Answer, Sitting
from tests.sitting.running import mine, sat, save
from tests.sitting.test_views import paper, pass_of
from tests.sitting.test_views import save as send
from tests.world import NOON, World

__all__ = ["paper", "sat"]


@pytest.mark.parametrize("said", ["Date", "X-Now", "If-Modified-Since"])
def test_browser_s_clock_decides_nothing(
    app: Flask, client: FlaskClient, paper: str, clock: Callable[[datetime], None], said: str
) -> None:
    held = pass_of(client, paper)
    clock(NOON + timedelta(minutes=21))

    reply = client.post(
        f"{paper}/reponses/1",
        json={"answer": ["0"], "seq": 1, "key": "clef-unique"},
        headers={**held, said: http_date(NOON + timedelta(minutes=1))},
    )

    assert (reply.status_code, reply.json["code"]) == (409, "too_late")
    with app.extensions["store"].reading() as db:
        stored = db.exec(select(Answer)).one()
    assert (stored.late, stored.received_at) == (True, NOON + timedelta(minutes=21))


def test_acknowledgement_says_that_it_is_kept_and_no_more(client: FlaskClient, paper: str) -> None:
    reply = send(client, paper).json

    assert reply.keys() == {"kept", "receipt", "now"}
    assert reply["kept"] == {"number": 1, "seq": 1, "at": NOON.isoformat()}


def test_statement_that_keeps_answers_asks_whose_sitting_it_is(sat: World) -> None:
    """Even if everything before it took Claude’s own, valid access for a right to Camille’s sitting."""
    with sat.store.writing() as db:
        claude = db.get_one(Application, sat.claude.id)
        version = Version(
            sitting=mine(db, sat).id or 0, application=sat.claude.id, stamp=claude.stamp,
            writer="ici", stage="essai/premier-tour", candidate=claude.number, item=1, seq=1,
            key="clef-unique", response="0", flagged=False, at=NOON, grace=timedelta(seconds=30),
        )  # fmt: skip
        [saved] = keep(db.connection(), [version])

    assert saved is not None
    assert saved.outcome is Saving.NOBODY
    with sat.store.reading() as db:
        assert db.exec(select(Answer)).all() == []


def test_second_sitting_of_one_person_cannot_be_stored(sat: World) -> None:
    """Even if both starts had read that there is none."""
    with sat.store.reading() as db:
        row = mine(db, sat).model_dump(exclude={"id"})

    with pytest.raises(IntegrityError), sat.store.writing() as db:
        db.exec(insert(Sitting).values(**row))


def test_two_versions_of_one_number_cannot_both_count(sat: World) -> None:
    """Even if both had read that there is none newer; as evidence there may be many."""
    with sat.store.writing() as db:
        save(db, mine(db, sat), at=NOON)
        row = db.exec(select(Answer)).one().model_dump()
    row |= {"n": 2, "key": "une-autre-clef"}

    with sat.store.writing() as db:
        db.exec(insert(Answer).values(**{**row, "late": True}))
    with pytest.raises(IntegrityError), sat.store.writing() as db:
        db.exec(insert(Answer).values(**{**row, "n": 3, "key": "une-troisième"}))
