"""The desk's pages: for whom they open, that effects come first, and that they stay cheap."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from quizapp.contests import actions as contests
from quizapp.contests import queries as contest_queries
from quizapp.invigilation import actions
from quizapp.invigilation.filters import Act
from quizapp.invigilation.tables import Kind
from quizapp.people import actions as people
from quizapp.people import places
from tests.journeys.test_first_round import enter, organiser, post
from tests.sitting.running import END, LYON, ends, journalled, mine, minutes, plan_in, start
from tests.world import NOON, PASSWORD, SECRET, World

BASE = "/surveillance/premier-tour"


@pytest.fixture
def running(app: Flask, client: FlaskClient) -> World:
    """All three have begun; Camille has asked something, Claude signalled, a message was sent."""
    world: World = app.extensions["world"]
    with world.store.writing() as db:
        for adviser in (world.camille, world.dominique, world.claude):
            start(db, adviser.id)
        plan = plan_in(db)
        for adviser, kind, code in (
            (world.camille, Kind.QUESTION, "AAAABBBB"), (world.claude, Kind.INCIDENT, "CCCCDDDD"),
        ):  # fmt: skip
            actions.report(
                db, plan, application_id=adviser.id, kind=kind, key=f"clef-{code}", code=code,
                body="Combien de temps ?", now=NOON,
            )  # fmt: skip
        actions.send(db, plan, LYON, body="Patience.", by="staff:1", now=NOON)
        actions.count_fault(db, kind="save", place="offline", times=3, now=NOON)
    return world


@pytest.fixture
def desk(app: Flask, running: World) -> FlaskClient:
    """The organiser."""
    return organiser(app)


def invigilator(app: Flask, *, place: str = "") -> FlaskClient:
    """An invigilator, signed in; of this place, if one is named."""
    world: World = app.extensions["world"]
    with world.store.writing() as db:
        people.add_staff(
            db, email="s@exemple.fr", name="Surveillance", role="invigilator", password=PASSWORD,
            place=place,
        )  # fmt: skip
    client = app.test_client()
    answer = post(client, "/connexion", email="s@exemple.fr", password=PASSWORD)
    assert answer.location == "/surveillance"
    return client


def pages(world: World) -> list[str]:
    """Every page of the desk that can be read, apart from those of organisers only."""
    person = f"{BASE}/candidats/{world.camille.number}"
    return [
        BASE, f"{BASE}/etat", f"{BASE}?etat=running&tri=contact", f"{BASE}?q=exemple&ville=69123",
        f"{BASE}?etat=excluded", f"{BASE}/demandes", f"{BASE}/demandes?voir=traitees",
        f"{BASE}/messages", f"{BASE}/messages/1/retirer", f"{BASE}/temps",
        f"{BASE}/temps/1/retirer", f"{BASE}/navigateurs", person, f"{person}?genre=temps",
        f"{person}/chronologie.txt",
        *(f"{BASE}/actes/{act}" for act in Act if act not in (Act.EXCLUDE, Act.READMIT)),
    ]  # fmt: skip


def give_time(desk: FlaskClient, place: str = "?ville=69123") -> None:
    answer = post(desk, f"{BASE}/actes/prolonger{place}", **_form(desk, place))
    assert answer.status_code == 303


def _form(client: FlaskClient, place: str = "?ville=69123", **changes: object) -> dict[str, Any]:
    known = hidden(client.get(f"{BASE}/actes/prolonger{place}").text)
    return {**known, "minutes": 10, "reason": "Panne", "announce": "y", **changes}


def hidden(page: str) -> dict[str, str]:
    """What an act’s form carries unseen: what the desk knew, and the key of this press."""
    return dict(re.findall(r'name="(seen|key)"[^>]*value="([^"]+)"', page))


@pytest.mark.parametrize("who", ["organiser", "invigilator"])
def test_every_page_opens_for_those_who_work_here(
    app: Flask, desk: FlaskClient, running: World, who: str
) -> None:
    give_time(desk)
    client = desk if who == "organiser" else invigilator(app)
    only = [f"{BASE}/actes/exclure", f"{BASE}/actes/reclasser"]

    opened = {page: client.get(page).status_code for page in pages(running)}

    assert opened == dict.fromkeys(opened, 200)
    expected = 200 if who == "organiser" else 404
    assert [client.get(page).status_code for page in only] == [expected, expected]
    assert client.get("/surveillance").location == BASE
    assert client.get(f"{BASE}/actes?acte=prolonger").location == f"{BASE}/actes/prolonger"


def test_no_page_opens_for_candidates_and_strangers(
    app: Flask, desk: FlaskClient, running: World
) -> None:
    give_time(desk)
    stranger, candidate = app.test_client(), app.test_client()
    enter(candidate, running)

    for page in ["/surveillance", *pages(running), f"{BASE}/actes/exclure"]:
        assert candidate.get(page).status_code in (302, 303, 403, 404), page
        answer = stranger.get(page)
        assert answer.status_code in (302, 303), page
        assert answer.location.startswith("/connexion"), page


def test_act_shows_its_effect_first_and_needs_a_reason(desk: FlaskClient, running: World) -> None:
    address = f"{BASE}/actes/prolonger?ville=69123"
    page = unescape(desk.get(address).text)
    assert "Rien n’est encore fait." in page
    assert "2 compositions en cours" in page or "2 compositions" in page

    without = post(desk, address, **_form(desk, reason=" "))
    assert without.status_code == 422
    assert "Indiquez un motif" in unescape(without.text)
    assert set(ends(running).values()) == {END}

    give_time(desk)
    assert ends(running)["Camille"] == END + minutes(10)
    assert ends(running)["Claude"] == END
    [line] = journalled(running, "time.extend")
    assert (line.who, line.why) == ("staff:1", "Panne")


@pytest.mark.parametrize("given", ["0", "-5", "601", "dix", ""])
def test_minutes_that_make_no_sense_change_nothing(
    desk: FlaskClient, running: World, given: str
) -> None:
    answer = post(desk, f"{BASE}/actes/prolonger", **_form(desk, "", minutes=given))

    assert answer.status_code == 422
    assert set(ends(running).values()) == {END}


def test_second_desk_is_told_who_acted_and_may_confirm_again(
    desk: FlaskClient, running: World
) -> None:
    old = _form(desk)
    give_time(desk)

    answer = post(desk, f"{BASE}/actes/prolonger?ville=69123", **old)

    told = unescape(answer.text)
    assert answer.status_code == 409
    assert "Quelqu’un vient d’agir sur les mêmes personnes" in told
    assert "Organisation a donné du temps" in told
    assert ends(running)["Camille"] == END + minutes(10)

    again = post(desk, f"{BASE}/actes/prolonger?ville=69123", **{**old, **hidden(answer.text)})
    assert again.status_code == 303
    assert ends(running)["Camille"] == END + minutes(20)


def test_ticked_lines_are_meant_and_no_others(desk: FlaskClient, running: World) -> None:
    number = running.camille.number
    none = desk.get(f"{BASE}/actes?acte=suspendre&qui=coches")
    assert none.location.startswith(BASE)
    assert "/actes/" not in none.location

    to = desk.get(f"{BASE}/actes?acte=suspendre&qui=coches&c={number}").location
    assert post(desk, to, **hidden(desk.get(to).text), reason="Panne").status_code == 303

    with running.store.reading() as db:
        assert mine(db, running).paused_at == NOON
        assert mine(db, running, "dominique").paused_at is None


def test_invigilator_of_a_city_sees_and_reaches_that_city_alone(
    app: Flask, desk: FlaskClient, running: World
) -> None:
    client = invigilator(app, place="Lille")
    wall = client.get(BASE).text
    assert running.claude.number in wall
    assert running.camille.number not in wall
    assert client.get(f"{BASE}/candidats/{running.camille.number}").status_code == 404
    assert "AAAABBBB" not in client.get(f"{BASE}/demandes").text
    assert client.get(f"{BASE}/messages/1/retirer").status_code == 404

    give_time(client, "")
    assert ends(running)["Claude"] == END + minutes(10)
    assert ends(running)["Camille"] == END


def test_question_is_answered_in_private_and_once(
    app: Flask, desk: FlaskClient, running: World
) -> None:
    url = f"{BASE}/demandes/AAAABBBB"
    empty = post(desk, f"{BASE}/demandes", url, body=" ")
    first = post(desk, f"{BASE}/demandes", url, body="Vingt minutes.")
    second = post(desk, f"{BASE}/demandes", url, body="Trente.")

    assert [one.status_code for one in (empty, first, second)] == [422, 303, 409]
    assert "Organisation l’a traitée" in unescape(second.text)
    own, other = app.test_client(), app.test_client()
    enter(own, running)
    enter(other, running, "dominique")
    assert "Vingt minutes." in own.get("/epreuve/premier-tour/aide").text
    assert "Vingt minutes." not in other.get("/epreuve/premier-tour/aide").text


def test_given_time_is_taken_back_with_a_reason(desk: FlaskClient, running: World) -> None:
    give_time(desk)
    address = f"{BASE}/temps/1/retirer"
    assert post(desk, address, reason="").status_code == 422
    assert ends(running)["Camille"] == END + minutes(10)

    assert post(desk, address, reason="Erreur de ville").status_code == 303
    assert ends(running)["Camille"] == END
    assert desk.get(address).status_code == 409


def test_unchanged_wall_is_not_sent_again(
    app: Flask, desk: FlaskClient, running: World, clock: Callable[[datetime], None]
) -> None:
    first = desk.get(f"{BASE}/etat")
    clock(NOON + timedelta(seconds=10))
    again = desk.get(f"{BASE}/etat", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    give_time(desk)
    changed = desk.get(f"{BASE}/etat", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_wall_costs_as_many_statements_for_thirty_as_for_three(
    app: Flask, desk: FlaskClient, running: World
) -> None:
    sent: Counter[str] = Counter()

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent[statement] += 1

    event.listen(running.store.engine, "before_cursor_execute", count)
    assert desk.get(f"{BASE}/etat").text.count("<tr data-key") == 3
    three = sent.total()
    sent.clear()
    _crowd(running, 27)
    sent.clear()
    assert desk.get(f"{BASE}/etat").text.count("<tr data-key") == 30

    assert sent.total() == three
    event.remove(running.store.engine, "before_cursor_execute", count)


def _crowd(world: World, count: int) -> None:
    """More candidates, who have begun."""
    with world.store.writing() as db:
        edition = contest_queries.current_edition(db)
        assert edition is not None
        for number in range(count):
            application, _access = contests.apply(
                db, edition, last_name=f"Nom{number}", first_name="Alix",
                email=f"alix{number}@exemple.fr", company=f"Allô {number}",
                city=places.resolve("Lille")[0], secret=SECRET, now=NOON,
            )  # fmt: skip
            start(db, application.id or 0)


def test_acts_on_one_person_are_told_in_the_singular(desk: FlaskClient, running: World) -> None:
    one = f"?c={running.camille.number}"
    person = unescape(desk.get(f"{BASE}/candidats/{running.camille.number}").text)
    alone = unescape(desk.get(f"{BASE}/actes/remettre{one}").text)
    all_ = unescape(desk.get(f"{BASE}/actes/remettre").text)

    assert "Remettre à sa place…" in person
    assert "Remettre à leur place" not in person + alone
    assert "<h1>Remettre à sa place</h1>" in alone
    assert ">Remettre la copie</button>" in alone
    assert "<h1>Remettre à leur place</h1>" in all_
    assert "« Remettre à sa place »" in unescape(
        desk.get(f"{BASE}/actes/rouvrir{one}").text
    ).replace("\xa0", " ")
