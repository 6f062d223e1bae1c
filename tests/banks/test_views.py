"""The author's desk: the first page of an author, and what it tells of the banks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.banks import actions
from quizapp.people import actions as people
from quizapp.people.tables import ROLES
from quizapp.people.views import LANDINGS
from tests import world as worlds
from tests.journeys.test_first_round import post
from tests.world import NOON, PASSWORD, World


def staff(app: Flask, role: str) -> FlaskClient:
    """A browser in which somebody of this role has signed in."""
    world: World = app.extensions["world"]
    with world.store.writing() as db:
        people.add_staff(db, email="q@exemple.fr", name="Q", role=role, password=PASSWORD)
    client = app.test_client()
    client.landing = post(  # type: ignore[attr-defined]
        client, "/connexion", email="q@exemple.fr", password=PASSWORD
    ).location
    return client


def table(page: str, bank: str) -> list[list[str]]:
    """The cells of a bank's table, line by line."""
    section = page.split(f'id="bank-{bank}"')[1].split("</section>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


@pytest.mark.parametrize(
    ("role", "landing"), [("organiser", "/organisation"), ("author", "/banques")]
)
def test_each_role_lands_on_a_page_that_it_may_open(
    app: Flask, client: FlaskClient, role: str, landing: str
) -> None:
    browser = staff(app, role)

    assert browser.landing == landing  # type: ignore[attr-defined]
    assert browser.get(landing).status_code == 200


def test_every_role_has_a_landing() -> None:
    assert set(LANDINGS) == set(ROLES)


def test_author_sees_no_desk_but_the_banks(app: Flask, client: FlaskClient) -> None:
    browser = staff(app, "author")

    page = browser.get("/banques").text

    assert browser.get("/organisation").status_code == 403
    assert re.findall(r'<nav class="mainmenu".*?</nav>', page, re.DOTALL)[0].count("<a ") == 1


def test_desk_counts_questions_by_topic_and_difficulty(app: Flask, client: FlaskClient) -> None:
    page = staff(app, "author").get("/banques").text

    assert "3 banques chargées, 10 questions en tout." in page
    assert table(page, "culture-generale") == [
        ["Thème", "Facile", "Moyenne", "Difficile", "Ensemble"],
        ["Thème", "5", "0", "0", "5"],
    ]
    assert table(page, "subsidiaire")[1] == ["Estimation", "0", "1", "0", "1"]


def test_desk_tells_the_version_and_which_one_a_stage_keeps(
    app: Flask, client: FlaskClient
) -> None:
    world: World = app.extensions["world"]
    before = staff(app, "author").get("/banques").text
    with world.store.writing() as db:
        text = worlds.bank("relation-client", 6)
        actions.load_bank(db, text, file="b.yaml", by="test", now=NOON + timedelta(hours=1))
    after = staff(app, "author").get("/banques").text

    older = "Premier tour, déjà commencée avec une version plus ancienne"
    assert (before.count("Premier tour"), before.count(older)) == (3, 0)
    assert (after.count("Premier tour"), after.count(older)) == (3, 1)
    assert "2, chargée le samedi 28" in after


@pytest.mark.parametrize("who", ["anyone", "candidate"])
def test_banks_are_the_staffs_alone(app: Flask, client: FlaskClient, who: str) -> None:
    if who == "candidate":
        post(client, "/acces", code=app.extensions["world"].camille.access.printed)

    answer = client.get("/banques")

    assert answer.status_code == (403 if who == "candidate" else 303)
    assert "chargées" not in answer.text
