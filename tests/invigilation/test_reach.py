"""How far a desk reaches: one that is limited to a city acts on nobody else, and sees no answers."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.exam.clock import EVERYONE, Scope, ScopeKind
from quizapp.invigilation import actions
from quizapp.invigilation.tables import Message, Report
from quizapp.sitting import timing
from tests.invigilation.test_presses import press
from tests.invigilation.test_views import BASE, desk, hidden, invigilator, running
from tests.journeys.test_first_round import post
from tests.sitting.running import END, LILLE, LYON, WHY, ends, mine, minutes, plan_in, save
from tests.world import NOON, World

__all__ = ["desk", "running"]

REGION = Scope(ScopeKind.REGION, "32")  # Hauts-de-France, where Lille lies


@pytest.fixture
def lille(app: Flask, running: World) -> FlaskClient:
    """The desk of an invigilator of Lille."""
    return invigilator(app, place="Lille")


def test_desk_of_a_city_acts_on_nobody_else(lille: FlaskClient, running: World) -> None:
    camille, claude = running.camille.number, running.claude.number

    [answer] = press(
        lille, f"{BASE}/actes/suspendre?c={camille}&c={claude}", reason="Alerte incendie"
    )
    settled = post(lille, f"{BASE}/demandes", f"{BASE}/demandes/AAAABBBB", body="Vingt minutes.")

    assert (answer.status_code, settled.status_code) == (303, 404)
    with running.store.reading() as db:
        assert mine(db, running).paused_at is None
        assert mine(db, running, "claude").paused_at == NOON
        report = db.exec(select(Report).where(Report.code == "AAAABBBB")).one()
    assert report.settled_at is None


def test_desk_of_a_city_that_names_only_others_does_nothing(
    lille: FlaskClient, running: World
) -> None:
    page = lille.get(f"{BASE}/actes/suspendre?c={running.camille.number}").text

    assert "Exemple" not in page
    assert "ne changerait rien pour personne" in unescape(page)


@pytest.mark.parametrize(
    ("scope", "mine_to_undo"), [(LILLE, True), (LYON, False), (REGION, False), (EVERYONE, False)]
)
def test_desk_of_a_city_takes_back_nothing_given_beyond_it(
    lille: FlaskClient, running: World, scope: Scope, mine_to_undo: bool
) -> None:
    with running.store.writing() as db:
        timing.extend(db, plan_in(db), scope=scope, minutes=10, now=NOON, **WHY)
        sent = actions.send(db, plan_in(db), scope, body="Patience.", by="staff:1", now=NOON)
    given, said = f"{BASE}/temps/1/retirer", f"{BASE}/messages/{sent.id}/retirer"
    before = ends(running)

    answers = [post(lille, f"{BASE}/demandes", page, reason="Erreur") for page in (given, said)]

    assert [one.status_code for one in answers] == [303 if mine_to_undo else 404] * 2
    assert ends(running) == ({**before, "Claude": END} if mine_to_undo else before)
    with running.store.reading() as db:
        withdrawn = db.get_one(Message, sent.id).withdrawn_at
    assert withdrawn == (NOON if mine_to_undo else None)
    offered = [f"{page}" in lille.get(page.rpartition("/")[0].rpartition("/")[0]).text
               for page in (given, said)]  # fmt: skip
    assert offered == [False, False]  # not another's, and not what is undone


def test_desk_of_a_region_may_undo_what_its_cities_were_given(app: Flask, running: World) -> None:
    region = invigilator(app, place="Hauts-de-France")
    with running.store.writing() as db:
        timing.extend(db, plan_in(db), scope=REGION, minutes=10, now=NOON, **WHY)
        timing.extend(db, plan_in(db), scope=LYON, minutes=5, now=NOON, **WHY)

    own = post(region, f"{BASE}/temps/1/retirer", reason="Erreur")

    assert own.status_code == 303
    assert region.get(f"{BASE}/temps/2/retirer").status_code == 404
    assert ends(running)["Claude"] == END
    assert ends(running)["Camille"] == END + minutes(5)


def test_time_given_to_several_is_taken_back_from_each(desk: FlaskClient, running: World) -> None:
    both = f"?c={running.camille.number}&c={running.claude.number}"
    press(desk, f"{BASE}/actes/prolonger{both}", minutes=10, reason="Panne")
    page = unescape(desk.get(f"{BASE}/temps/1/retirer").text)

    answer = post(desk, f"{BASE}/temps/1/retirer", reason="Erreur")

    assert "2 personnes" in page
    assert "2 compositions raccourcies" in desk.get(answer.location).text
    assert set(ends(running).values()) == {END}
    assert "retiré à" in desk.get(f"{BASE}/temps").text


@pytest.mark.parametrize("number", [0, 2, 999])
def test_time_that_was_never_given_cannot_be_taken_back(
    desk: FlaskClient, running: World, number: int
) -> None:
    assert desk.get(f"{BASE}/temps/{number}/retirer").status_code == 404


def test_desk_sees_neither_answers_nor_marks(desk: FlaskClient, running: World) -> None:
    """What was answered, and what it is worth, is no business of whoever watches."""
    with running.store.writing() as db:
        save(db, mine(db, running), at=NOON)
    person = f"{BASE}/candidats/{running.camille.number}"
    without = desk.get(f"{BASE}/candidats/{running.dominique.number}").text

    for page in (person, f"{person}/chronologie.txt", BASE, f"{BASE}/etat"):
        told = unescape(desk.get(page).text)
        assert "La bonne" not in told, page
        assert "La fausse" not in told, page
    lines = desk.get(f"{person}/chronologie.txt").text.splitlines()
    [answered] = [line for line in lines if "[Réponses]" in line]
    assert answered.endswith("Une réponse enregistrée : question 1.".replace(" :", "\xa0:"))
    assert "points" not in without
    assert hidden(without) == {}
