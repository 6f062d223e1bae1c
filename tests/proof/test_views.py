"""The page where anybody checks a receipt."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.exam import receipts, signing
from quizapp.exam.receipt_file import verify_file
from quizapp.proof import queries
from tests.exam.test_receipts import KEY, RECEIPT
from tests.journeys.test_first_round import enter, sit
from tests.world import SECRET

PAGE = "/recus/verifier"


@pytest.fixture
def file(app: Flask, client: FlaskClient) -> str:
    """The receipt that Camille downloads."""
    enter(client, app.extensions["world"])
    paper = sit(client, right=3)
    answer = client.get(f"{paper}/recu.txt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="recu-premier-tour.txt"'
    return answer.text


def show(app: Flask, text: str = "", upload: bytes | None = None) -> TestResponse:
    """Show a receipt as somebody who is not signed in."""
    stranger = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', stranger.get(PAGE).text)
    assert token is not None
    form: dict[str, object] = {"csrf_token": token[1], "text": text}
    if upload is not None:
        form["file"] = (io.BytesIO(upload), "recu.txt")
    return stranger.post(PAGE, data=form, content_type="multipart/form-data")


def verdict(answer: TestResponse) -> str:
    """The one sentence that counts."""
    found = re.search(r'<h2 class="notice-title">(.*?)</h2>', answer.text)
    assert found is not None
    return found[1]


def test_downloaded_receipt_is_authentic_for_a_stranger_with_the_public_keys(
    app: Flask, file: str
) -> None:
    keys = signing.read_keys(app.test_client().get("/recus/cles.json").text)

    found = verify_file(file, keys)

    assert found.problems == ()
    assert found.says is not None
    assert (found.says.answered, len(found.says.chain)) == (6, 6)
    assert file.startswith(
        "REÇU DE COPIE\n\nConcours d’essai\nPremier tour\n\nCandidat\u00a0: 000001\n"
    )
    assert "Pour le vérifier\u00a0: http://localhost:8000/recus/verifier\n" in file


def test_receipt_page_prints_the_code_that_the_file_bears(client: FlaskClient, file: str) -> None:
    code = re.search(r"\ncode: (\S+)\n", file)
    assert code is not None

    paper = re.search(r'href="(/composition/\d+)/recu', client.get("/mon-espace").text)
    assert paper is not None
    assert f'class="big-code">{code[1]}<' in client.get(f"{paper[1]}/recu").text


@pytest.mark.parametrize("as_file", [True, False])
def test_authentic_receipt_is_said_to_be(app: Flask, file: str, as_file: bool) -> None:
    # A browser posts a pasted text with the line ends of the form.
    pasted = file.replace("\n", "\r\n")
    answer = show(app, upload=file.encode()) if as_file else show(app, pasted)

    assert (answer.status_code, verdict(answer)) == (200, "Ce reçu est authentique")
    assert "essai/premier-tour" in answer.text
    assert 'role="status"' in answer.text


def test_altered_receipt_is_said_to_be_and_where(app: Flask, file: str) -> None:
    answer = show(app, file.replace("candidat: 000001", "candidat: 000002"))

    assert verdict(answer) == "Ce reçu n’est pas authentique"
    assert "Le maillon 1 est celui d’une autre copie" in answer.text
    assert "authentique</h2>" in answer.text
    assert 'role="alert"' in answer.text


def test_receipt_of_one_answer_is_told(app: Flask, client: FlaskClient) -> None:
    with app.extensions["store"].reading() as db:
        key = queries.signing_key(db, SECRET)
    assert key is not None
    token = receipts.sign(RECEIPT, key)

    one, two = show(app, token), show(app, f"{token}\n{token}")
    forged = show(app, f"{token}\n{receipts.sign(RECEIPT, KEY)}")

    assert verdict(one) == "Ce reçu est authentique"
    assert "Question 7" in one.text
    assert verdict(two) == "Ces reçus sont authentiques"
    assert verdict(forged) == "Ce reçu n’est pas authentique"
    assert f"Reçu 2 : La clé « {KEY.id} » n’est pas une clé de ce serveur." in forged.text


@pytest.mark.parametrize(
    ("text", "upload", "status", "sentence"),
    [
        ("", None, 422, "Choisissez le fichier d’un reçu, ou collez son texte."),
        (" \n", None, 422, "Choisissez le fichier d’un reçu, ou collez son texte."),
        ("", b"\xff\xfe", 422, "Ce fichier n’est pas un texte"),
        ("x" * 400_001, None, 422, "Ce texte est trop long pour un reçu."),
        ("bonjour", None, 200, "Ce texte n’est ni un reçu de copie ni un reçu de réponse."),
        ("<script>", None, 200, "Ce texte n’est ni un reçu de copie ni un reçu de réponse."),
    ],
)
def test_what_is_no_receipt_is_told_so(
    app: Flask, client: FlaskClient, text: str, upload: bytes | None, status: int, sentence: str
) -> None:
    answer = show(app, text, upload)

    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_file_that_is_far_too_large_is_refused_unread(client: FlaskClient) -> None:
    answer = client.post(
        PAGE, content_type="multipart/form-data; boundary=x", data=b"--x\r\n" + b"x" * 1_000_001
    )

    assert (answer.status_code, "Envoi trop volumineux" in answer.text) == (413, True)


def test_guessing_is_slowed_down(app: Flask, client: FlaskClient, file: str) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(PAGE).text)
    assert token is not None

    def tried(text: str) -> int:
        return client.post(PAGE, data={"csrf_token": token[1], "text": text}).status_code

    assert [tried(file) for _ in range(11)] == [200] * 11
    assert [tried("bonjour") for _ in range(11)] == [200] * 10 + [429]
    assert client.get(PAGE).status_code == 200


def test_public_keys_hold_nothing_private(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/recus/cles.json")

    assert (answer.json["format"], len(answer.json["keys"])) == ("quizapp-keys-1", 1)
    assert set(answer.json["keys"][0]) == {"id", "algorithm", "public", "created_at"}
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_receipt_of_another_candidate_does_not_exist(
    app: Flask, client: FlaskClient, file: str
) -> None:
    other = app.test_client()
    enter(other, app.extensions["world"], "claude")

    assert other.get("/composition/1/recu.txt").status_code == 404
