"""What is told of forms to correct, of too many tries, and of failures on our side.

The table of refusals stands in ``test_errors``.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from quizapp.app import create_app
from quizapp.invigilation.actions import MOST_REPORTS
from quizapp.kit import writer
from quizapp.settings import Settings
from tests.journeys.test_doors import lived, rows, signed_in, token, without_tokens
from tests.journeys.test_errors import GONE, KEPT, NOTHING, STAGE, Told, ask, plain
from tests.journeys.test_first_round import enter, organiser, post
from tests.sitting.running import mine
from tests.world import NOON, World

__all__ = ["lived"]

FIELDS = {
    "last_name": "Ô’Brien-D’Arc", "first_name": "X", "email": "x@exemple.fr", "company": "Allô",
    "city": "Lyon", "rules": "y",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"email": "sans-arobase"}, "Écrivez une adresse comme prenom.nom@exemple.fr."),
        ({"email": f"{'x' * 250}@exemple.fr"}, "254 caractères au plus."),
        ({"email": "a@exemple.fr\r\nBcc: b@exemple.fr"}, "Écrivez une adresse comme"),
        ({"last_name": " "}, "Indiquez votre nom."),
        ({"last_name": "x" * 101}, "100 caractères au plus."),
        ({"last_name": "a\u202eb"}, "Retirez les caractères invisibles."),
        ({"city": "Nulle-Part-sur-Mer"}, "Cette commune n’est pas connue."),
        ({"rules": ""}, "Acceptez le règlement pour vous inscrire."),
        ({"email": "camille@exemple.fr"}, "Une candidature existe déjà avec cette adresse."),
    ],
)
def test_form_says_what_to_correct_and_keeps_what_was_typed(
    client: FlaskClient, app: Flask, changed: dict[str, str], told: str
) -> None:
    before = rows(app.extensions["world"])

    answer = post(client, "/candidature", **{**FIELDS, **changed})

    [name] = changed
    page = plain(answer.text)
    assert answer.status_code == 422
    assert 'class="error-summary" role="alert" tabindex="-1" autofocus' in page
    assert f'<a href="#{name}">{told}' in page
    assert f'id="{name}-error">{told}' in page
    field = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page)
    assert field is not None
    assert f"{name}-error" in field[0]
    kept = {key: value for key, value in FIELDS.items() if key not in (name, "rules")}
    assert [f'value="{value}"' in page for value in kept.values()] == [True] * len(kept)
    assert rows(app.extensions["world"]) == before


@pytest.mark.parametrize(
    ("page", "form", "told", "secret"),
    [
        ("/acces", {"code": "AAAA-AAAA-AA"},
         "Ce code n’est pas reconnu. Vérifiez ses 10 caractères ; O et 0, I et 1 sont acceptés "
         "l’un pour l’autre.", ""),
        ("/acces", {"code": ""}, "Recopiez le code de votre convocation.", ""),
        ("/connexion", {"email": "o@exemple.fr", "password": "pas le bon mot"},
         "Adresse ou mot de passe incorrect.", "pas le bon mot"),
    ],
)  # fmt: skip
def test_way_in_that_is_mistyped_says_so(
    client: FlaskClient, page: str, form: dict[str, str], told: str, secret: str
) -> None:
    answer = post(client, page, **form)

    read = plain(answer.text)
    assert answer.status_code == 422
    assert 'role="alert"' in read
    assert told in read
    assert not secret or secret not in read


def test_too_many_tries_say_how_long_to_wait(client: FlaskClient) -> None:
    for _ in range(10):
        post(client, "/acces", code="AAAA-AAAA-AA")

    case = Told("", "", "/acces", 429, "too_many", "", "", form={"code": "AAAA-AAAA-AA"})
    page, script = (ask(client, case, kind) for kind in ("text/html", "application/json"))

    assert (page.status_code, script.status_code) == (429, 429)
    assert 0 < int(page.headers["Retry-After"]) <= 601
    assert re.search(r"Réessayez dans \d+ min", plain(page.text))
    assert "Votre accès reste valable." in plain(page.text)
    assert (script.json["code"], script.json["safe"]) == ("too_many", "Votre accès reste valable.")


def test_too_many_requests_to_the_desk_are_told_to_be_in_good_hands(
    app: Flask, lived: World
) -> None:
    client = signed_in(app, lived, "claude")
    page = f"{STAGE}/aide"
    for number in range(MOST_REPORTS):
        assert post(client, page, body="Bonjour", key=f"clef-{number:08}").status_code == 303

    answer = post(client, page, body="Encore", key="clef-de-trop")

    assert answer.status_code == 429
    assert "L’organisation les a toutes reçues" in plain(answer.text)
    assert "Vos réponses enregistrées et vos demandes sont conservées." in plain(answer.text)


@contextmanager
def broken(app: Flask, what: str) -> Iterator[None]:
    """A disk that refuses every statement which begins so."""

    def refuse(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().startswith(what):
            raise OperationalError(statement, {}, sqlite3.OperationalError("disk I/O error"))

    engine = app.extensions["store"].engine
    event.listen(engine, "before_cursor_execute", refuse)
    yield
    event.remove(engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize("how", ["disk", "queue"])
def test_answer_that_cannot_be_stored_is_told_and_may_come_again(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    enter(client, app.extensions["world"])
    paper = post(client, STAGE, f"{STAGE}/commencer").location
    held = client.get(paper).text.split('data-pass="')[1].split('"')[0]
    sent = {"answer": ["0"], "seq": 1, "key": "clef-unique"}

    with broken(app, "INSERT INTO answer" if how == "disk" else "nothing"):
        if how == "queue":
            monkeypatch.setattr(writer, "_WAITING", 0)
        refused = client.post(f"{paper}/reponses/1", json=sent, headers={"X-Pass": held})
    monkeypatch.undo()

    assert (refused.status_code, refused.json["code"]) == (503, "not_stored")
    assert refused.headers["Retry-After"] == "3"
    assert refused.json["safe"] == KEPT
    assert refused.json["title"] == "Le serveur n’a pas pu enregistrer"


def test_page_that_cannot_be_read_says_so_without_the_database(tmp_path: Any) -> None:
    app = create_app(
        Settings(
            instance=tmp_path, secret_key="s" * 32, testing=True,
            database_url="postgresql://personne@127.0.0.1:1/rien?connect_timeout=2",
        )
    )  # fmt: skip
    client = app.test_client()

    answers = [client.get(page) for page in ("/", "/connexion")]
    missing = client.get("/nulle-part")

    assert [one.status_code for one in answers] == [503, 503]
    assert [one.headers["Retry-After"] for one in answers] == ["3", "3"]
    read = plain(answers[0].text)
    assert "<h1>Le serveur ne répond pas pour l’instant</h1>" in read
    assert "Réessayez dans quelques secondes." in read
    assert '<a class="button" href="/">Réessayer</a>' in read
    assert "Ce qui était enregistré est conservé." in read
    assert (missing.status_code, GONE in plain(missing.text)) == (404, True)
    app.extensions["store"].dispose()


def test_failure_of_ours_gives_a_reference_and_says_what_is_safe(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(client, app.extensions["world"])
    paper = post(client, STAGE, f"{STAGE}/commencer").location
    app.extensions["pages"] = None  # no paper can be shown any more

    page = client.get(paper, headers={"Accept": "text/html"})
    script = client.get(paper, headers={"Accept": "application/json"})

    read, logged = plain(page.text), "".join(capsys.readouterr())
    reference = re.search(r"<code>([0-9A-Z-]{6,})</code>", read)
    assert reference is not None
    assert (page.status_code, script.status_code) == (500, 500)
    assert "<h1>Une erreur est survenue de notre côté</h1>" in read
    assert f"donnez la référence {reference[1]} à l’organisation" in read
    assert (script.json["code"], script.json["safe"]) == ("error", KEPT)
    assert KEPT in read
    for text in (reference[1], script.json["ref"]):
        assert text in logged  # whoever is told the reference finds the failure
    for text in ("Traceback", "NoneType", ".py"):
        assert text not in read + script.text


def test_sent_twice_is_done_once(app: Flask, client: FlaskClient) -> None:
    """Started twice, handed in twice, gone back after handing in: the same paper, the same receipt."""
    enter(client, app.extensions["world"])
    started = [post(client, "/recus/verifier", f"{STAGE}/commencer").location for _ in range(2)]
    paper = started[0]
    asked = post(client, f"{paper}/recapitulatif", f"{paper}/remise")
    handed = [
        post(client, "/recus/verifier", f"{paper}/remise", confirm="y").location for _ in range(2)
    ]
    receipts = [without_tokens(client.get(page).text) for page in handed]

    assert started == [paper, paper]
    assert asked.status_code == 422
    assert "Cochez cette case pour remettre votre copie ainsi." in plain(asked.text)
    assert handed == [f"{paper}/recu"] * 2
    assert receipts[0] == receipts[1]
    assert client.get(paper).location == f"{paper}/recu"
    assert client.get(f"{paper}/recapitulatif").location == f"{paper}/recu"


def test_too_large_a_file_is_refused_before_it_is_read(app: Flask, lived: World) -> None:
    desk = organiser(app)

    answer = desk.post(
        "/organisation/secours",
        data={"csrf_token": token(desk, "/organisation/secours"), "text": "x" * 1_100_000},
    )

    assert answer.status_code == 413
    assert "Ce que vous envoyez dépasse la limite." in plain(answer.text)
    assert NOTHING in plain(answer.text)


def test_paper_whose_time_is_over_is_handed_in_with_what_was_kept(
    app: Flask, lived: World, clock: Callable[[datetime], None]
) -> None:
    client = signed_in(app, lived, "claude")
    clock(NOON + timedelta(minutes=21))

    led = [client.get(f"/composition/2{page}").location for page in ("", "/recapitulatif")]
    read = plain(client.get("/composition/2/recu").text)

    assert led == ["/composition/2/recu"] * 2
    assert "Votre temps s’est terminé le samedi 28 novembre 2026 à 10 h 25" in read
    assert "votre copie a été remise avec tout ce qui était enregistré." in read
    assert "1 sur 6" in read


def test_paper_with_open_questions_is_handed_in_after_one_more_word(
    app: Flask, client: FlaskClient
) -> None:
    enter(client, app.extensions["world"])
    paper = post(client, STAGE, f"{STAGE}/commencer").location

    asked = post(client, f"{paper}/recapitulatif", f"{paper}/remise")

    read = plain(asked.text)
    assert asked.status_code == 422
    assert 'role="alert"' in read
    assert '<a href="#confirm">Cochez cette case pour remettre votre copie ainsi.</a>' in read
    with app.extensions["store"].reading() as db:
        assert mine(db, app.extensions["world"]).closed_at is None
