"""What is noted of a sitting: facts, counted, without content, and shown to whom they are about."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from quizapp.sitting import actions, queries
from quizapp.sitting.tables import Fact
from tests.journeys.test_first_round import enter, post
from tests.sitting.running import END, mine, minutes, start
from tests.sitting.test_views import pass_of
from tests.world import NOON, World

HELP = "/epreuve/premier-tour/aide"


@pytest.fixture
def paper(app: Flask, client: FlaskClient) -> str:
    """The address of Camille's paper."""
    enter(client, app.extensions["world"])
    page = "/epreuve/premier-tour"
    return str(post(client, page, f"{page}/commencer").location)


def note(client: FlaskClient, paper: str, **fact: Any) -> TestResponse:
    return client.post(f"{paper}/faits", json=fact, headers=pass_of(client, paper))


def facts(app: Flask) -> list[tuple[str, datetime, int | None]]:
    with app.extensions["store"].reading() as db:
        return [(one.kind, one.at, one.seconds) for one in db.exec(select(Fact)).all()]


def shown(client: FlaskClient) -> str:
    page = client.get(HELP).text.split('id="noted"')[1]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))).replace("\xa0", " ")


def test_facts_are_noted_with_their_moment_and_shown_to_the_candidate(
    app: Flask, client: FlaskClient, paper: str, clock: Callable[[datetime], None]
) -> None:
    clock(NOON + minutes(3))
    statuses = [
        note(client, paper, kind="left", seconds=75).status_code,
        note(client, paper, kind="left", seconds=20).status_code,
        note(client, paper, kind="copying").status_code,
    ]

    assert statuses == [204, 204, 204]
    assert facts(app) == [
        ("left", NOON + timedelta(seconds=105), 75),
        ("left", NOON + timedelta(seconds=160), 20),
        ("copying", NOON + minutes(3), None),
    ]
    page = shown(client)
    assert "Page quittée 2 fois, 1 minute en tout." in page
    assert "Texte copié depuis la page 1 fois." in page
    assert "Appareil : le même depuis le début." in page


def test_before_anything_is_noted_the_page_says_so(client: FlaskClient, paper: str) -> None:
    page = shown(client)

    assert "Page quittée : jamais." in page
    assert "Texte copié depuis la page : jamais." in page


@pytest.mark.parametrize(
    "fact",
    [
        {"kind": "left", "seconds": -1}, {"kind": "left", "seconds": 90_000}, {"kind": "autre"}, {},
        {"kind": "copying", "text": "ce que j’ai copié"}, {"kind": "left", "seconds": "9"},
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_no_content_is_taken(
    app: Flask, client: FlaskClient, paper: str, fact: dict[str, Any]
) -> None:
    assert note(client, paper, **fact).status_code == 400
    assert facts(app) == []


def test_nothing_is_noted_for_somebody_else(app: Flask, client: FlaskClient, paper: str) -> None:
    world: World = app.extensions["world"]
    with world.store.writing() as db:
        other = start(db, world.claude.id).id
    holder = pass_of(client, paper)
    body = {"kind": "copying"}

    assert client.post(f"/composition/{other}/faits", json=body, headers=holder).status_code == 401
    assert client.post(f"{paper}/faits", json=body).status_code == 401
    forged = {"X-Pass": holder["X-Pass"][:-1] + "x"}
    assert client.post(f"{paper}/faits", json=body, headers=forged).status_code == 401
    assert facts(app) == []


@pytest.mark.parametrize("state", ["paused", "closed", "over"])
def test_nothing_is_noted_while_nobody_composes(world: World, state: str) -> None:
    at = END + minutes(1) if state == "over" else NOON + minutes(1)
    with world.store.writing() as db:
        sitting = start(db, world.camille.id)
        if state == "paused":
            sitting.paused_at = at
        if state == "closed":
            sitting.closed_at, sitting.closed_by = at, "candidate"
        db.add(sitting)
        db.flush()
        noted = actions.note_fact(db, sitting.id or 0, kind="left", lasted=minutes(1), now=at)

    assert noted is False


def test_count_is_bounded_and_no_fact_begins_before_the_paper(world: World) -> None:
    with world.store.writing() as db:
        sitting = start(db, world.camille.id)
        noted = [
            actions.note_fact(
                db, sitting.id or 0, kind="left", lasted=minutes(60), now=NOON + minutes(1)
            )
            for _ in range(actions.MOST_FACTS + 2)
        ]

    assert noted.count(True) == actions.MOST_FACTS
    with world.store.reading() as db:
        assert {one.at for one in db.exec(select(Fact)).all()} == {NOON}
        assert queries.noted(db, mine(db, world).id or 0)["left"][0] == actions.MOST_FACTS
