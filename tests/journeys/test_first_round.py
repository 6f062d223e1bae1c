"""The first round without JavaScript: apply, get in, sit, hand in, be ranked, be downloaded."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.world import NOON, PASSWORD, World


def post(client: FlaskClient, page: str, url: str = "", **form: object) -> TestResponse:
    """Post a form with the token of the page it stands on."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert token is not None, page
    return client.post(url or page, data={"csrf_token": token[1], **form})


def enter(client: FlaskClient, world: World, who: str = "camille") -> None:
    """Get in with the printed code."""
    answer = post(client, "/acces", code=getattr(world, who).access.printed.lower())
    assert answer.location == "/mon-espace"


def sit(client: FlaskClient, *, right: int) -> str:
    """Answer ``right`` questions rightly and the others wrongly, and hand in; the paper's address."""
    paper = post(client, "/epreuve/premier-tour", "/epreuve/premier-tour/commencer").location.split(
        "?"
    )[0]
    for number in range(1, 7):
        page = client.get(f"{paper}?q={number}").text
        places = re.findall(
            r'choice-box"[^>]*value="(\d)".*?choice-text">(.*?)</span>', page, re.DOTALL
        )
        good = next((place for place, label in places if label == "La bonne"), "1600")
        bad = next((place for place, label in places if label != "La bonne"), "1600")
        answer = good if number <= right else bad
        form = {"shown": str(number), f"answer-{number}": answer, f"seq-{number}": 0, "go": "next"}
        assert (
            post(client, f"{paper}?q={number}", f"{paper}/page?q={number}", **form).status_code
            == 303
        )
    assert post(client, f"{paper}/recapitulatif", f"{paper}/remise").location == f"{paper}/recu"
    return paper


def organiser(app: Flask) -> FlaskClient:
    """The organiser, signed in."""
    client = app.test_client()
    answer = post(client, "/connexion", email="O@exemple.fr", password=PASSWORD)
    assert answer.location == "/organisation"
    return client


def test_newcomer_applies_and_gets_a_code_that_lets_in(client: FlaskClient) -> None:
    answer = post(
        client, "/candidature", last_name="Ô’Brien", first_name="Zoé", email="zoe@exemple.fr",
        company="Allô", city="saint denis (la réunion)", rules="y",
    )  # fmt: skip
    page = client.get(answer.location).text
    code = re.search(r'class="big-code">([^<]+)<', page)

    assert answer.status_code == 303
    assert code is not None
    assert "Saint-Denis" in page
    assert post(client, "/acces", code=code[1]).location == "/mon-espace"


def test_ambiguous_city_is_asked_without_javascript(client: FlaskClient) -> None:
    form = {
        "last_name": "A", "first_name": "B", "email": "a@exemple.fr", "company": "C",
        "city": "Saint-Denis", "rules": "y",
    }  # fmt: skip

    asked = post(client, "/candidature", **form)
    chosen = post(client, "/candidature", **form, city_code="97411")

    assert asked.status_code == 422
    assert 'value="93066"' in asked.text
    assert 'value="97411"' in asked.text
    assert chosen.status_code == 303


def test_postcode_is_not_taken_for_a_city(client: FlaskClient) -> None:
    form = {
        "last_name": "A", "first_name": "B", "email": "a@exemple.fr", "company": "C",
        "city": "59350", "rules": "y",
    }  # fmt: skip

    answer = post(client, "/candidature", **form)

    assert answer.status_code == 422
    assert "Écrivez le nom de la commune, et non son code postal." in answer.text


def test_first_round_from_the_bell_to_the_downloads(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    world: World = app.extensions["world"]
    for who, right in (("camille", 5), ("dominique", 3), ("claude", 4)):
        browser = app.test_client()
        enter(browser, world, who)
        paper = sit(browser, right=right)
        assert "Votre copie" in browser.get(f"{paper}/recu").text
        assert browser.get("/resultats/premier-tour/moi").status_code == 403

    desk = organiser(app)
    clock(NOON + timedelta(minutes=30))
    stage = "/organisation/etapes/premier-tour"
    assert post(desk, f"{stage}/clore", reason="").status_code == 422
    assert post(desk, f"{stage}/clore", reason="Fin de l’épreuve").status_code == 303
    assert post(desk, f"{stage}/publier", reason="Premier classement").status_code == 303

    rows = json.loads(desk.get(f"{stage}/listes/national.json").data)["rows"]
    assert [(row["first_name"], row["points"], row["nation_rank"], row["city_rank"], row["status"])
            for row in rows] == [
        ("Camille", 5, 1, 1, "qualifié"),
        ("Claude", 4, 2, 1, "qualifié"),
        ("Dominique", 3, 3, 2, "liste complémentaire"),
    ]  # fmt: skip
    csv = desk.get(f"{stage}/listes/qualifies.csv").data
    assert csv.startswith(b"\xef\xbb\xbf")
    assert csv.count(b"\r\n") == 3
    sheet = openpyxl.load_workbook(
        io.BytesIO(desk.get(f"{stage}/listes/national.xlsx").data)
    ).active
    assert sheet.freeze_panes == "A2"
    assert sheet["I2"].value == 5
    mine = app.test_client()
    enter(mine, world)
    assert "Qualifié" in mine.get("/resultats/premier-tour/moi").text


def test_every_page_of_the_desk_opens(app: Flask, client: FlaskClient) -> None:
    desk = organiser(app)

    for page in ("", "/edition", "/candidats", "/decompte", "/etapes/premier-tour"):
        answer = desk.get(f"/organisation{page}")
        assert answer.status_code == 200, page
        assert answer.headers["Cache-Control"] != "public"


def test_candidate_is_refused_at_the_desk(app: Flask, client: FlaskClient) -> None:
    enter(client, app.extensions["world"])

    assert client.get("/organisation").status_code == 403
    assert client.get("/organisation/etapes/premier-tour/listes/national.csv").status_code == 403
