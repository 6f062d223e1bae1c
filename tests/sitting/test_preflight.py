"""The check of a machine: what the page says without a script, what is sent, and what is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.sitting import checks
from quizapp.sitting.checks import Checked, Checks
from quizapp.sitting.tables import Answer, MachineCheck
from tests.journeys.test_first_round import enter, organiser
from tests.world import NOON, OPENS, SECRET, World

READY = dict.fromkeys(Checks.model_fields, "ready")
TRIAL = {"answer": ["0"], "flagged": False, "seq": 3, "key": "essai-12345678"}


def test_page_is_for_anybody_and_says_what_the_simple_mode_is(client: FlaskClient) -> None:
    page = client.get("/verification")

    assert page.status_code == 200
    assert "Sans JavaScript : le mode simple" in page.text.replace("\u00a0", " ")
    assert page.text.count('data-check="') == len(Checks.model_fields)


def test_links_lead_to_it_from_home_own_page_and_waiting_room(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    clock(OPENS - timedelta(hours=1))
    enter(client, app.extensions["world"])

    for page in ("/", "/mon-espace", "/epreuve/premier-tour"):
        assert 'href="/verification"' in client.get(page).text, page


def test_trial_answer_is_heard_with_its_key_and_kept_nowhere(
    app: Flask, client: FlaskClient
) -> None:
    reply = client.post("/verification/reponses/3", json=TRIAL)

    assert reply.json == {
        "heard": {"number": 3, "seq": 3, "key": "essai-12345678"},
        "now": NOON.isoformat(),
    }
    with app.extensions["store"].reading() as db:
        assert db.exec(select(Answer)).all() == []


@pytest.mark.parametrize(("body", "status"), [({"answer": 1}, 400), ({**TRIAL, "seq": 0}, 400)])
def test_trial_that_is_no_answer_is_refused(client: FlaskClient, body: Any, status: int) -> None:
    assert client.post("/verification/reponses/3", json=body).status_code == status


def test_candidate_counts_once_with_the_last_check(world: World) -> None:
    with world.store.writing() as db:
        for candidate, changes in (
            ("000001", {"storage": "mend", "network": "mend"}),
            ("000002", {"clock": "note"}),
            ("000001", {"storage": "mend"}),
        ):
            told = Checks.model_validate({**READY, **changes})
            checks.keep(
                db, edition_id=1, candidate=candidate, checks=told, secret=SECRET, now=NOON
            )  # fmt: skip
        rows = db.exec(select(MachineCheck)).all()

        assert checks.counted(db, 1) == Checked(2, 1, (("storage", 1),))
        assert checks.counted(db, 2) == Checked(0, 0, ())
    assert not {"000001", "000002"} & {row.trace for row in rows}


def tell(client: FlaskClient, words: dict[str, Any]) -> int:
    """Send the words as the page does; the status."""
    token = client.get("/verification").text.split('csrf-token" content="')[1].split('"')[0]
    headers = {"X-CSRFToken": token}
    return client.post("/verification", json=words, headers=headers).status_code


def test_told_words_are_counted_on_the_desk(app: Flask, client: FlaskClient) -> None:
    enter(client, app.extensions["world"])

    statuses = [
        tell(client, {**READY, "network": "mend"}),
        tell(client, {**READY, "width": "mend"}),
    ]

    assert statuses == [204, 204]
    told = "1 candidat a vérifié son poste ; 1 a quelque chose à régler (largeur de l’écran 1)."
    assert told in organiser(app).get("/organisation").text.replace("\u00a0", " ")


@pytest.mark.parametrize("changes", [{"storage": "lente"}, {"nom": "ready"}, {"storage": None}])
def test_what_is_not_one_word_per_check_is_refused(
    app: Flask, client: FlaskClient, changes: dict[str, Any]
) -> None:
    enter(client, app.extensions["world"])

    assert tell(client, {**READY, **changes}) == 400

    with app.extensions["store"].reading() as db:
        assert db.exec(select(MachineCheck)).all() == []
