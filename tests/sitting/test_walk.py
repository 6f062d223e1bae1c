"""The way through a paced paper without a script: what is shown when, what is refused, what it says."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.exam.pace import Open
from quizapp.sitting import timing
from quizapp.sitting.tables import Answer
from tests.journeys.test_first_round import enter
from tests.sitting.running import mine
from tests.sitting.test_views import save
from tests.sitting.walking import (
    Clock,
    begin,
    edition,
    on,
    opened,
    paper,
    said,
    seconds,
    stems,
    world,
)
from tests.world import NOON, World

__all__ = ["edition", "paper", "world"]


def test_waiting_room_tells_the_parts_with_the_persons_own_times(
    client: FlaskClient, world: World
) -> None:
    enter(client, world)
    with world.store.writing() as db:
        timing.set_allowance(
            db, application_id=world.camille.id, factor=Fraction(1, 3), by="o", now=NOON
        )

    told = said(client.get("/epreuve/premier-tour").text)

    assert "Culture générale : 3 questions, 1 min pour chacune, sans retour en arrière" in told
    assert "Relation client : 2 questions, 6 min 40 s en tout" in told
    assert "Vous pouvez revenir sur vos réponses" not in told


def test_part_is_told_before_its_clock_and_no_question_with_it(
    client: FlaskClient, clock: Clock, paper: str, world: World
) -> None:
    page = client.get(paper).text

    assert stems(page) == []
    assert "chaque question a son temps et l’on ne revient pas en arrière" in said(page)
    assert client.get(f"{paper}/sujet").status_code == 404
    clock(seconds(300))
    assert begin(client, paper).location == paper
    assert opened(world) == Open(1, 1, seconds(345))


@pytest.mark.parametrize(("place", "held"), [(1, ["1"]), (2, ["2"]), (4, ["4"])])
def test_page_holds_nothing_that_is_not_open(
    client: FlaskClient, paper: str, world: World, place: int, held: list[str]
) -> None:
    begin(client, paper)
    for leaving in range(1, place):
        on(client, paper, leaving, begin=1)

    assert stems(client.get(paper).text) == held
    assert stems(client.get(f"{paper}?q=6").text) in (held, ["5"])
    whole = stems(client.get(f"{paper}/sujet").text)
    assert whole == (["4", "5"] if place == 4 else held)
    with world.store.reading() as db:
        items = mine(db, world).paper.items
        hidden = {one.question for one in items} - {items[int(n) - 1].question for n in whole}
    # Whatever the page is asked for, the texts of other questions are not in it.
    for address in (paper, f"{paper}/sujet", f"{paper}/recapitulatif", f"{paper}?suite=1"):
        text = client.get(address).text
        for question in hidden:
            bank, number = question.split("-")
            slug = {"cu": "culture-generale", "re": "relation-client"}.get(bank)
            assert f"Question {number} de {slug} ?" not in text


def test_question_says_its_time_and_going_on_keeps_the_answer(
    client: FlaskClient, clock: Clock, paper: str, world: World
) -> None:
    begin(client, paper)
    page = said(client.get(paper).text)
    assert "Question 1 sur 6" in page
    assert "À répondre avant 10 h 05 min 45 s" in page

    clock(seconds(20))
    assert on(client, paper, 1, shown="1", **{"answer-1": "2", "seq-1": 0}).location == paper

    assert opened(world) == Open(2, 2, seconds(65))
    with world.store.reading() as db:
        [row] = db.exec(select(Answer)).all()
    assert (row.item, row.response is not None, row.late) == (1, True, False)


def test_reload_gives_no_time_back(
    client: FlaskClient, clock: Clock, paper: str, world: World
) -> None:
    begin(client, paper)
    for after in (10, 20, 40):
        clock(seconds(after))
        assert "À répondre avant 10 h 05 min 45 s" in said(client.get(paper).text)
        begin(client, paper)

    assert opened(world) == Open(1, 1, seconds(45))


def test_double_click_opens_one_question(client: FlaskClient, paper: str, world: World) -> None:
    begin(client, paper)

    for _ in range(3):
        on(client, paper, 1)

    assert opened(world) == Open(2, 2, seconds(45))


def test_going_back_is_refused_in_words(client: FlaskClient, paper: str) -> None:
    begin(client, paper)
    on(client, paper, 1)

    back, ahead = client.get(f"{paper}?q=1").text, client.get(f"{paper}?q=3").text

    assert stems(back) == stems(ahead) == ["2"]
    assert "On ne revient pas en arrière : la question 1 est close." in said(back)
    assert "La question 3 n’est pas encore ouverte." in said(ahead)


@pytest.mark.parametrize(
    ("item", "code", "title", "rows"),
    [
        (1, "item_closed", "Cette question est close", [True]),
        (3, "item_not_open", "Cette question n’est pas encore ouverte", []),
    ],
)
def test_answer_to_what_is_not_open_is_refused_in_words(
    client: FlaskClient,
    paper: str,
    world: World,
    item: int,
    code: str,
    title: str,
    rows: list[bool],
) -> None:
    begin(client, paper)
    on(client, paper, 1)

    reply = save(client, paper, item)

    assert (reply.status_code, reply.json["code"], reply.json["title"]) == (409, code, title)
    assert "kept" not in reply.json
    with world.store.reading() as db:
        assert [one.late for one in db.exec(select(Answer))] == rows


def test_time_that_ran_out_is_said_and_the_next_question_waits_for_the_person(
    client: FlaskClient, clock: Clock, paper: str, world: World
) -> None:
    begin(client, paper)
    clock(seconds(200))

    page = client.get(paper).text
    assert stems(page) == []
    assert "Le temps de la question est écoulé" in said(page)
    assert opened(world) == Open(1, 1, seconds(45))
    on(client, paper, 1, begin=1)

    assert opened(world) == Open(2, 2, seconds(245))


def test_late_answer_of_a_posted_page_is_evidence_and_the_way_goes_on(
    client: FlaskClient, clock: Clock, paper: str, world: World
) -> None:
    begin(client, paper)
    clock(seconds(76))
    on(client, paper, 1, shown="1", **{"answer-1": "2", "seq-1": 0})

    assert opened(world) == Open(2, 2, seconds(121))
    assert "Cette question est close" in said(client.get(paper).text)
    with world.store.reading() as db:
        assert [one.late for one in db.exec(select(Answer))] == [True]


def test_answer_that_cannot_be_read_is_mended_before_going_on(
    client: FlaskClient, paper: str, world: World
) -> None:
    begin(client, paper)

    on(client, paper, 1, shown="1", **{"answer-1": "9", "seq-1": 0})

    assert opened(world) == Open(1, 1, seconds(45))


def test_next_part_is_told_first_and_one_may_still_return(
    client: FlaskClient, clock: Clock, paper: str, world: World
) -> None:
    begin(client, paper)
    for leaving in (1, 2):
        on(client, paper, leaving)

    asked = on(client, paper, 3)
    told = client.get(asked.location).text

    assert asked.location == f"{paper}?suite=1"
    assert opened(world) == Open(3, 3, seconds(45))
    assert "vous répondez dans l’ordre de votre choix" in said(told)
    assert "Revenir à la partie en cours" in told
    begin(client, paper, leaving=3)
    page = client.get(f"{paper}?q=5").text
    assert (stems(page), "Partie suivante" in page) == (["5"], True)


def test_summary_leads_back_only_to_what_is_open(
    client: FlaskClient, clock: Clock, paper: str
) -> None:
    begin(client, paper)
    for leaving in (1, 2, 3):
        on(client, paper, leaving, begin=1)

    inside = client.get(f"{paper}/recapitulatif").text
    clock(seconds(301))
    after = client.get(f"{paper}/recapitulatif").text

    assert re.findall(r"#question-(\d)", inside) == ["4", "5"]
    assert re.findall(r"#question-(\d)", after) == []


def test_last_step_leads_to_the_summary(client: FlaskClient, paper: str) -> None:
    begin(client, paper)
    for leaving in (1, 2, 3, 4):
        on(client, paper, leaving, begin=1)

    page = client.get(paper).text

    assert stems(page) == ["6"]
    assert 'value="on"' not in page
    assert 'value="summary"' in page


def test_script_is_told_what_is_open_and_for_how_long(
    client: FlaskClient, clock: Clock, paper: str
) -> None:
    begin(client, paper)
    clock(seconds(15))

    told = client.get(f"{paper}/etat").json["step"]

    assert told == {"first": 1, "until": seconds(45).isoformat(), "left": 30.0}


def test_another_device_cannot_go_on(
    app: Flask, client: FlaskClient, paper: str, world: World
) -> None:
    begin(client, paper)
    phone = app.test_client()
    enter(phone, world)

    on(phone, paper, 1)

    assert opened(world) == Open(1, 1, seconds(45))
