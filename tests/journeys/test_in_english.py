"""The screens in English: a candidate's way and the organiser's desk; French stays the default."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.invigilation.filters import Act
from quizapp.web import i18n
from tests.journeys.test_first_round import enter, post, sit
from tests.world import NOON, OPENS, PASSWORD

CATALOGUE = Path(i18n.__file__).parents[1] / "translations" / "en.po"
CONTENT = {"Thème"}  # a topic in the small world’s banks


class InEnglish(FlaskClient):
    """A browser that asks for English, and refuses a page on which a translated text is French."""

    def get(self, *asked: object, **more: object) -> TestResponse:
        """The answer; its texts stand between tags or in what a screen reader is told."""
        answer = super().get(*asked, headers={"Accept-Language": "en-GB,en;q=0.9,fr;q=0.5"}, **more)
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            texts = re.findall(
                r'(?:>|aria-label="|placeholder=")\s*([^<>"]+?)\s*(?=[<"])', answer.text
            )
            assert '<html lang="en">' in answer.text, asked
            assert set(texts) & french() - CONTENT == set(), asked
        return answer


def french() -> set[str]:
    """What the catalogue turns into other words."""
    with CATALOGUE.open("rb") as stream:
        return {
            one.id
            for one in read_po(stream)
            if isinstance(one.id, str) and one.id and one.id != one.string and "%" not in one.id
        }


@pytest.fixture
def english(app: Flask, clock: Callable[[datetime], None]) -> FlaskClient:
    """A browser in English, at five past the opening."""
    clock(NOON)
    return InEnglish(app, app.response_class)


def test_candidate_goes_through_the_first_round(
    app: Flask, english: FlaskClient, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    world = app.extensions["world"]
    enter(client, world, "claude")
    sit(client, right=2)  # in French: what is rendered once for all must not be shown to others

    clock(OPENS - timedelta(minutes=10))
    home, form = english.get("/").text, english.get("/candidature").text
    enter(english, world)
    own, waiting = english.get("/mon-espace").text, english.get("/epreuve/premier-tour").text
    clock(NOON)
    ready = english.get("/epreuve/premier-tour").text
    paper = sit(english, right=5)
    receipt = english.get(f"{paper}/recu").text
    file = english.get(f"{paper}/recu.txt").text

    assert "I already have a code" in home
    assert "Send my application" in form
    assert "Application no. 000001 · Lyon" in own
    assert "The test opens on Saturday 28\u00a0November 2026, 10:00." in waiting
    assert "All times are in Paris time." in waiting
    assert "Your time, 20 minutes, begins when you press “Start the test”." in ready
    assert "You handed it in on Saturday 28\u00a0November 2026, 10:05." in receipt
    assert "Candidate: 000001\nPaper closed on: Saturday 28\u00a0November 2026, 10:05" in file


def test_organiser_reads_every_desk(app: Flask, english: FlaskClient) -> None:
    post(english, "/connexion", email="O@exemple.fr", password=PASSWORD)

    page = english.get("/organisation").text
    act = english.get("/surveillance/premier-tour/actes/prolonger?c=000001").text

    assert "The test is open: 0 under way, 0 handed in, 3 not yet started." in page
    assert "1 candidate who has not started will have this time." in act
    for desk in (
        "/banques", "/organisation/candidats", "/organisation/candidats/000001/code",
        "/organisation/edition", "/organisation/secours", "/organisation/etapes/premier-tour",
        "/organisation/etapes/premier-tour/clore", "/surveillance/premier-tour",
        "/surveillance/premier-tour/candidats/000001", "/surveillance/premier-tour/demandes",
        "/surveillance/premier-tour/messages", "/surveillance/premier-tour/navigateurs",
        "/surveillance/premier-tour/temps",
        *(f"/surveillance/premier-tour/actes/{act.value}" for act in Act),
    ):  # fmt: skip
        assert english.get(desk).status_code == 200, desk


def test_message_about_more_time_stays_in_the_language_of_the_contest(
    app: Flask, english: FlaskClient, client: FlaskClient
) -> None:
    enter(client, app.extensions["world"])
    post(english, "/connexion", email="O@exemple.fr", password=PASSWORD)
    act = "/surveillance/premier-tour/actes/prolonger?c=000001"

    done = post(english, act, minutes=5, reason="Panne", announce="y", **seen(english, act))

    assert done.status_code == 303
    assert "L’organisation vous donne 5 minutes de plus." in client.get(
        "/epreuve/premier-tour/aide"
    ).text.replace("\u00a0", " ")


def seen(client: FlaskClient, act: str) -> dict[str, str]:
    """What the form of an act carries: what its reader has seen, and the key of this press."""
    found = dict(re.findall(r'name="(seen|key)"[^>]*value="([^"]+)"', client.get(act).text))
    assert found.keys() == {"seen", "key"}
    return found


def test_public_pages_are_english(english: FlaskClient) -> None:
    for page in (
        "/acces", "/reglement", "/donnees-personnelles", "/accessibilite", "/recus/verifier",
        "/connexion",
    ):  # fmt: skip
        assert english.get(page).status_code == 200, page
    assert "Page not found" in english.get("/nulle-part").text


def test_language_is_chosen_at_the_foot_of_a_page_and_kept(client: FlaskClient) -> None:
    answer = post(client, "/", "/langue/en", next="/candidature")
    page = client.get(answer.location).text
    post(client, "/", "/langue/fr", next="/")

    assert (answer.status_code, answer.location) == (303, "/candidature")
    assert '<html lang="en">' in page
    assert '<button class="link-button" lang="fr">Français</button>' in page
    assert '<html lang="fr">' in client.get("/").text


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ({}, "Ce choix n’existe pas dans cette question."),
        ({"Accept-Language": "fr"}, "Ce choix n’existe pas dans cette question."),
        ({"Accept-Language": "en"}, "This choice does not exist in this question."),
    ],
)
def test_refusal_at_the_counter_is_told_in_the_language_of_the_page(
    app: Flask, client: FlaskClient, asked: dict[str, str], detail: str
) -> None:
    enter(client, app.extensions["world"])
    paper = post(client, "/epreuve/premier-tour", "/epreuve/premier-tour/commencer").location
    own = client.get(paper).text.split('data-pass="')[1].split('"')[0]

    answer = client.post(
        f"{paper.split('?')[0]}/reponses/1",
        json={"answer": ["99"], "flagged": False, "seq": 1, "key": "a" * 32},
        headers={"X-Pass": own, **asked},
    )

    assert (answer.status_code, answer.json["detail"]) == (422, detail)
