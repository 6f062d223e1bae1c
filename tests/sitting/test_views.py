"""Bad input at the candidate's desk: the right status, a sentence in French, and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.exam import receipts
from quizapp.proof import queries as proof
from quizapp.sitting.tables import Answer, Sitting
from tests.journeys.test_first_round import enter, post
from tests.world import NOON, OPENS, World


@pytest.fixture
def paper(app: Flask, client: FlaskClient) -> str:
    """The address of Camille's paper."""
    enter(client, app.extensions["world"])
    page = "/epreuve/premier-tour"
    return post(client, page, f"{page}/commencer").location


def save(client: FlaskClient, paper: str, item: int = 1, **body: Any) -> Any:
    """Save an answer as the page does."""
    whole = {"answer": ["0"], "flagged": False, "seq": 1, "key": "clef-unique", **body}
    return client.post(f"{paper}/reponses/{item}", json=whole, headers=pass_of(client, paper))


def pass_of(client: FlaskClient, paper: str) -> dict[str, str]:
    """The pass that the page carries, as the page sends it."""
    return {"X-Pass": client.get(paper).text.split('data-pass="')[1].split('"')[0]}


def answers(app: Flask) -> int:
    """How many versions of answers are stored."""
    with app.extensions["store"].reading() as db:
        return len(db.exec(select(Answer)).all())


def test_saved_answer_is_acknowledged_with_its_time(
    app: Flask, client: FlaskClient, paper: str
) -> None:
    reply = save(client, paper)

    assert reply.status_code == 200
    assert reply.json["kept"]["number"] == 1
    assert reply.json["kept"]["at"] == "2026-11-28T09:05:00+00:00"
    with app.extensions["store"].reading() as db:
        receipt = receipts.check(reply.json["receipt"], proof.public_keys(db))
        stored, sitting = db.exec(select(Answer)).one(), db.exec(select(Sitting)).one()
    assert (receipt.n, receipt.item, receipt.link) == (1, 1, stored.link)
    assert sitting.seen_at == NOON  # an answer is a sign of life
    assert receipt.answer == receipts.fingerprint(stored.response)
    assert answers(app) == 1


@pytest.mark.parametrize(
    ("item", "body", "status", "code"),
    [
        (7, {}, 422, "invalid_answer"),
        (1, {"answer": ["9"]}, 422, "invalid_answer"),
        (1, {"answer": ["0", "1"]}, 422, "invalid_answer"),
        (6, {"answer": ["douze"]}, 422, "invalid_answer"),
        (1, {"answer": "0"}, 400, "malformed"),
        (1, {"answer": ["x" * 10_001]}, 400, "malformed"),
        (1, {"answer": ["x" * 17_000]}, 413, "malformed"),
        (1, {"seq": 0}, 400, "malformed"),
        (1, {"surprise": True}, 400, "malformed"),
    ],
)
def test_what_cannot_be_an_answer_is_refused(
    app: Flask,
    client: FlaskClient,
    paper: str,
    item: int,
    body: dict[str, Any],
    status: int,
    code: str,
) -> None:
    reply = save(client, paper, item, **body)

    assert (reply.status_code, reply.json["code"]) == (status, code)
    assert reply.json["title"]
    assert answers(app) == 0


def test_malformed_json_is_refused(app: Flask, client: FlaskClient, paper: str) -> None:
    reply = client.post(
        f"{paper}/reponses/1", data="{", content_type="application/json",
        headers=pass_of(client, paper),
    )  # fmt: skip

    assert reply.status_code == 400
    assert answers(app) == 0


@pytest.mark.parametrize("change", ["", "rien", "1.1.a.b.c", "é", "autre"])
def test_answer_without_the_pass_of_this_page_is_refused(
    app: Flask, client: FlaskClient, paper: str, change: str
) -> None:
    own = pass_of(client, paper)["X-Pass"]
    forged = own[:-1] + ("0" if own[-1] != "0" else "1") if change == "autre" else change

    reply = client.post(
        f"{paper}/reponses/1", json={"answer": ["0"], "seq": 1, "key": "clef-unique"},
        headers={"X-Pass": forged.encode().decode("latin-1")},
    )  # fmt: skip

    assert (reply.status_code, reply.json["code"]) == (401, "signed_out")
    assert answers(app) == 0


def test_pass_of_another_sitting_is_refused(app: Flask, client: FlaskClient, paper: str) -> None:
    other = app.test_client()
    enter(other, app.extensions["world"], "claude")
    page = "/epreuve/premier-tour"
    theirs = post(other, page, f"{page}/commencer").location

    reply = client.post(
        f"{theirs}/reponses/1", json={"answer": ["0"], "seq": 1, "key": "clef-unique"},
        headers=pass_of(client, paper),
    )  # fmt: skip

    assert reply.status_code == 401
    assert answers(app) == 0


def test_second_device_takes_over_after_one_confirmation(
    app: Flask, client: FlaskClient, paper: str
) -> None:
    before = pass_of(client, paper)
    phone = app.test_client()
    enter(phone, app.extensions["world"])

    asked = phone.get(paper).text
    post(phone, paper, f"{paper}/ici")
    reply = save(phone, paper)
    old = client.post(
        f"{paper}/reponses/2", json={"answer": ["0"], "seq": 1, "key": "clef-ancienne"},
        headers=before,
    )  # fmt: skip

    assert "data-pass" not in asked
    assert "Continuer ici" in asked
    assert reply.status_code == 200
    assert (old.status_code, old.json["code"]) == (409, "elsewhere")
    assert "Continuer ici" in client.get(paper).text
    assert answers(app) == 1


def test_answer_is_saved_though_the_session_has_ended(
    app: Flask, client: FlaskClient, paper: str
) -> None:
    held = pass_of(client, paper)
    client.delete_cookie("quizapp")

    reply = client.post(
        f"{paper}/reponses/1",
        json={"answer": ["0"], "flagged": False, "seq": 1, "key": "clef-unique"},
        headers=held,
    )

    assert reply.status_code == 200
    assert answers(app) == 1


def test_anothers_sitting_does_not_exist(app: Flask, client: FlaskClient, paper: str) -> None:
    other = app.test_client()
    enter(other, app.extensions["world"], "claude")

    assert other.get(paper).status_code == 404
    assert other.get(f"{paper}/recu").status_code == 404
    unknown = other.get("/composition/999").text.replace("/composition/999", paper)
    assert other.get(paper).text == unknown


def test_answer_after_the_end_is_told_and_does_not_count(
    app: Flask, client: FlaskClient, paper: str, clock: Callable[[datetime], None]
) -> None:
    held = pass_of(client, paper)
    clock(NOON + timedelta(minutes=20, seconds=31))

    reply = client.post(
        f"{paper}/reponses/1", json={"answer": ["0"], "seq": 1, "key": "clef-unique"}, headers=held
    )

    assert (reply.status_code, reply.json["code"]) == (409, "too_late")


def test_nothing_is_shown_before_the_opening(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    enter(client, app.extensions["world"])
    clock(OPENS - timedelta(minutes=1))
    page = "/epreuve/premier-tour"

    waiting = client.get(page)
    token = (
        client.get("/acces").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    )
    early = client.post(f"{page}/commencer", data={"csrf_token": token})

    assert waiting.status_code == 200
    assert "La bonne" not in waiting.text
    assert early.status_code == 403


def test_a_page_never_shows_the_key(client: FlaskClient, paper: str) -> None:
    page = client.get(paper).text

    assert "Parce que." not in page
    assert "Un livre" not in page


def test_wrong_code_ten_times_has_to_wait(app: Flask, client: FlaskClient) -> None:
    world: World = app.extensions["world"]

    statuses = [post(client, "/acces", code="AAAA-AAAA-AA").status_code for _ in range(11)]
    right = post(client, "/acces", code=world.camille.access.printed)
    elsewhere = app.test_client()

    assert statuses == [422] * 10 + [429]
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) > 0
    enter(elsewhere, world)


def test_unknown_link_is_told(client: FlaskClient) -> None:
    answer = client.get("/acces/nimporte-quoi")

    assert answer.status_code == 410
    assert "n’est plus valable" in answer.text


@pytest.mark.parametrize("value", ["", "x" * 10_000, "a\u202eb"])
def test_bad_application_is_refused_field_by_field(client: FlaskClient, value: str) -> None:
    answer = post(
        client, "/candidature", last_name=value, first_name="B", email="a@exemple.fr",
        company="C", city="Lyon", rules="y",
    )  # fmt: skip

    assert answer.status_code == 422
    assert 'href="#last_name"' in answer.text


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for page in ("/", "/acces", "/nulle-part", "/static/css/base.css"):
        with client.get(page) as answer:
            headers = answer.headers
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
