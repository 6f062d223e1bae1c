"""The pages on late answers: what they show and hide, how they are decided on, for whom they open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from quizapp.results import accepting, actions
from tests.journeys.test_first_round import enter, organiser, post
from tests.results.test_late import AFTER, case, decide, points, prepare
from tests.sitting.running import END, minutes, plan_in, start
from tests.world import World

BASE = "/organisation/etapes/premier-tour/tardives"


@pytest.fixture
def world(app: Flask, client: FlaskClient, clock: Callable[[datetime], None]) -> World:
    """Camille sent two answers two minutes after the end; the stage is closed and graded."""
    made: World = app.extensions["world"]
    prepare(made)
    with made.store.writing() as db:
        actions.close_stage(db, plan_in(db), by="test", reason="fin", now=END + minutes(7))
    clock(AFTER + minutes(8))
    return made


@pytest.fixture
def desk(app: Flask, world: World) -> FlaskClient:
    """The organiser."""
    return organiser(app)


def text(client: FlaskClient, page: str) -> str:
    answer = client.get(page, follow_redirects=True)
    assert answer.status_code == 200, page
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text))).replace("\xa0", " ")


def seen(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\w+)"', client.get(page).text)
    assert found is not None
    return found[1]


def every(client: FlaskClient, world: World, act: str = "accepter") -> str:
    """The address of the decision on all of Camille's answers that it concerns."""
    return str(client.get(f"{BASE}/{world.camille.number}/{act}").location)


def test_list_names_person_question_delay_and_what_would_be_replaced(
    desk: FlaskClient, world: World
) -> None:
    page = text(desk, BASE)

    assert "Exemple Camille" in page
    assert world.camille.number in page
    assert "2 minutes après la fin" in page
    assert "la réponse de 10 h 27 min 12 s compte, à la place de celle de 10 h 05 min 11 s." in page
    assert "la réponse de 10 h 27 min 21 s compte ; aucune ne comptait." in page


def test_no_page_shows_what_an_answer_says_or_a_mark(desk: FlaskClient, world: World) -> None:
    decide(world, numbers={2})
    person = f"{BASE}/{world.camille.number}"

    for page in (BASE, f"{BASE}?voir=all", person, f"{person}/accepter", f"{person}/retirer"):
        shown = text(desk, page)
        assert not re.search(r"bonne|fausse|mauvaise|erronée|juste|point", shown, re.IGNORECASE), (
            page
        )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 2), ("?voir=accepted", 0), ("?voir=all", 2), ("?q=camille", 2), ("?q=claude", 0),
        ("?ville=69123", 2), ("?ville=59350", 0), ("?voir=nimporte", 2), ("?page=7", 2),
    ],
)  # fmt: skip
def test_list_is_filtered_by_its_address(
    desk: FlaskClient, world: World, query: str, shown: int
) -> None:
    assert desk.get(f"{BASE}{query}").text.count('role="rowheader"') == shown


def test_long_list_has_pages(desk: FlaskClient, world: World) -> None:
    with world.store.writing() as db:
        for n in range(60):
            db.connection().exec_driver_sql(
                "INSERT INTO answer SELECT sitting_id, n + 100 + ?, item, seq, key || ?, response,"
                " flagged, received_at, late, link FROM answer WHERE n = 2",
                (n, n),
            )

    first, second = desk.get(BASE).text, desk.get(f"{BASE}?page=2").text

    assert (first.count('role="rowheader"'), second.count('role="rowheader"')) == (50, 12)
    assert "Page 1 sur 2" in first.replace("\xa0", " ")


def test_effect_is_shown_before_and_a_reason_is_asked(desk: FlaskClient, world: World) -> None:
    page = every(desk, world)

    shown = text(desk, page)
    refused = post(desk, page, seen=seen(desk, page), reason=" ")

    assert "Question 1 : la réponse de 10 h 27 min 12 s compte, à la place de celle de" in shown
    assert "le classement à publier en tient compte" in shown
    assert refused.status_code == 422
    assert points(world) == 0


def test_all_of_a_person_or_only_those_ticked_are_accepted(desk: FlaskClient, world: World) -> None:
    person = f"{BASE}/{world.camille.number}"
    one = f"{person}/accepter?coches=1&n=3"

    answer = post(desk, one, seen=seen(desk, one), reason="Panne")

    assert answer.location == person
    assert (points(world), set(case(world).accepted)) == (1, {3})
    rest = every(desk, world)
    post(desk, rest, seen=seen(desk, rest), reason="Panne")
    assert points(world) == 2
    assert "par Organisation" in text(desk, person)


def test_nothing_ticked_decides_nothing(desk: FlaskClient, world: World) -> None:
    answer = desk.get(f"{BASE}/{world.camille.number}/accepter?coches=1")

    assert answer.location == f"{BASE}/{world.camille.number}"
    assert "Cochez d’abord" in desk.get(answer.location).text


def test_double_click_applies_once_and_says_so(desk: FlaskClient, world: World) -> None:
    page = every(desk, world)
    form = {"seen": seen(desk, page), "reason": "Panne"}

    answers = [post(desk, page, **form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert "déjà enregistrée" in desk.get(answers[1].location).text
    assert points(world) == 2


def test_second_desk_is_told_who_decided_and_confirms_anew(desk: FlaskClient, world: World) -> None:
    page = every(desk, world)
    form = {"seen": seen(desk, page), "reason": "Panne"}
    decide(world, numbers={3}, reason="Vu avec la ville")

    told = post(desk, page, **form)

    assert told.status_code == 409
    assert "Vu avec la ville" in told.text
    assert set(case(world).accepted) == {3}
    fresh = re.search(r'name="seen"[^>]*value="(\w+)"', told.text)
    assert fresh is not None
    assert post(desk, page, seen=fresh[1], reason="Panne").status_code == 303
    assert points(world) == 2


def test_decision_is_undone_with_a_reason(desk: FlaskClient, world: World) -> None:
    decide(world)
    page = every(desk, world, "retirer")

    shown = text(desk, page)
    post(desk, page, seen=seen(desk, page), reason="Erreur de ma part")

    assert "Question 2 : aucune réponse ne compte plus" in shown
    assert points(world) == 0


def test_published_ranking_is_said_to_stay(desk: FlaskClient, world: World) -> None:
    with world.store.writing() as db:
        actions.publish(db, plan_in(db), by="test", reason="1", now=END + minutes(8))

    shown = text(desk, f"{BASE}/{world.camille.number}/accepter")

    assert "Le classement publié (version 1, samedi 28 novembre 2026" in shown


def test_candidate_learns_why_a_late_answer_counts(app: Flask, world: World) -> None:
    decide(world)
    with world.store.writing() as db:
        actions.publish(db, plan_in(db), by="test", reason="1", now=AFTER + minutes(20))
    camille = app.test_client()
    enter(camille, world)

    assert "Question 1 : votre réponse, arrivée après la fin, est comptée" in text(
        camille, "/resultats/premier-tour/moi"
    )


def test_running_paper_is_not_decided_on(app: Flask, client: FlaskClient) -> None:
    made: World = app.extensions["world"]
    with made.store.writing() as db:
        start(db, made.camille.id)
    prepare(made, in_time=False)
    desk, person = organiser(app), f"{BASE}/{made.camille.number}"

    assert "encore en cours" in text(desk, person)
    assert desk.get(f"{person}/accepter", follow_redirects=True).status_code == 409


def test_only_organisers_open_these_pages_and_only_what_exists(
    app: Flask, desk: FlaskClient, world: World
) -> None:
    candidate, stranger = app.test_client(), app.test_client()
    enter(candidate, world)
    person = f"{BASE}/{world.camille.number}"

    for page in (BASE, person, f"{person}/accepter", f"{person}/retirer"):
        assert desk.get(page, follow_redirects=True).status_code == 200
        assert candidate.get(page).status_code == 403
        assert stranger.get(page).status_code == 303
    for page in (f"{person}/jeter", f"{BASE}/{world.claude.number}", f"{BASE}/999999"):
        assert desk.get(page).status_code == 404


def test_list_costs_as_many_statements_for_three_as_for_one(
    app: Flask, desk: FlaskClient, world: World
) -> None:
    """Nothing is asked row by row."""
    sent: list[str] = []
    event.listen(
        world.store.engine, "before_cursor_execute", lambda *args: sent.append(args[2])
    )  # fmt: skip
    decide(world, accepting.accept)
    sent.clear()
    desk.get(f"{BASE}?voir=accepted")
    few = len(sent)
    with world.store.writing() as db:
        db.connection().exec_driver_sql(
            "INSERT INTO answer SELECT sitting_id, n + 100, item, seq, key || 'b', response, flagged,"
            " received_at, late, link FROM answer WHERE late"
        )
    sent.clear()
    desk.get(f"{BASE}?voir=all")

    assert len(sent) == few
