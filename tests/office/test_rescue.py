"""A rescue file at the organiser's desk: what becomes of each answer, told and journalled."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.exam import rescue
from quizapp.kit.journal import JournalEntry
from quizapp.proof import queries as proof
from quizapp.sitting import queries
from tests.exam.test_rescue import VERSION, seal
from tests.exam.test_rescue_parts import split
from tests.journeys.test_first_round import enter, post
from tests.sitting.test_views import save
from tests.world import NOON, PASSWORD, SECRET, World


@pytest.fixture
def paper(app: Flask, client: FlaskClient) -> str:
    """The address of Camille's paper."""
    enter(client, app.extensions["world"])
    page = "/epreuve/premier-tour"
    return post(client, page, f"{page}/commencer").location


def version(item: int, seq: int, answer: str, key: str) -> dict[str, Any]:
    """One version that waited on the device."""
    return {**VERSION, "item": item, "seq": seq, "key": key, "answer": [answer], "flagged": False}


def bring(app: Flask, *pending: dict[str, Any], changed: bool = False) -> Any:
    """Import a file with these versions, as an organiser."""
    world: World = app.extensions["world"]
    with world.store.reading() as db:
        key = next(iter(proof.rescue_keys(db, SECRET).values()))
    page = rescue.for_page(
        key, SECRET, stage="essai/premier-tour", candidate=world.camille.number, at=NOON
    )
    text = seal(page, pending=list(pending))
    if changed:
        text = text.replace(world.camille.number, world.dominique.number)
    office = app.test_client()
    post(office, "/connexion", email="o@exemple.fr", password=PASSWORD)
    return post(
        office, "/organisation/secours", file=(io.BytesIO(text.encode()), "secours-reponses.json")
    )


def responses(app: Flask, paper: str) -> dict[int, str]:
    """The answers that count."""
    with app.extensions["store"].reading() as db:
        return queries.responses(queries.answers_of(db, int(paper.rsplit("/", 1)[1])))


def test_answers_of_a_rescue_file_are_kept_and_each_is_told(
    app: Flask, client: FlaskClient, paper: str
) -> None:
    save(client, paper, 1, seq=1, key="clef-une")
    save(client, paper, 2, seq=1, key="clef-deux")
    save(client, paper, 3, seq=5, key="clef-trois")

    report = bring(
        app, version(1, 1, "0", "clef-une"), version(2, 2, "1", "clef-neuve"),
        version(3, 4, "1", "clef-vieille"), version(4, 1, "1", "clef-quatre"),
        version(5, 1, "9", "clef-cinq"),
    ).text  # fmt: skip

    for told in (
        "Déjà enregistrée", "elle remplace la précédente", "Une réponse plus récente compte déjà",
        "Nouvelle : enregistrée", "Ce choix n’existe pas",
    ):  # fmt: skip
        assert told.replace(" :", "\u00a0:") in report or told in report
    assert sorted(responses(app, paper)) == [1, 2, 3, 4]
    with app.extensions["store"].reading() as db:
        entry = db.exec(select(JournalEntry).where(JournalEntry.what == "rescue.import")).one()
    assert entry.after == "new: 1, replaced: 1, known: 1, older: 1, refused: 1"


def test_what_is_brought_after_the_end_is_evidence_only(
    app: Flask, paper: str, clock: Callable[[datetime], None]
) -> None:
    clock(NOON + timedelta(minutes=21))

    report = bring(app, version(1, 1, "0", "clef-tardive"))

    assert "gardée, sans compter" in report.text
    assert responses(app, paper) == {}


def test_changed_file_is_refused_and_changes_nothing(app: Flask, paper: str) -> None:
    report = bring(app, version(1, 1, "0", "clef-unique"), changed=True)

    assert report.status_code == 422
    assert responses(app, paper) == {}


def bring_codes(app: Flask, codes: list[str]) -> Any:
    """Paste codes, as an organiser."""
    office = app.test_client()
    post(office, "/connexion", email="o@exemple.fr", password=PASSWORD)
    return post(office, "/organisation/secours", codes="\n".join(codes))


def codes_of(app: Flask, *pending: dict[str, Any]) -> list[str]:
    """What the codes of Camille's page say."""
    world: World = app.extensions["world"]
    with world.store.reading() as db:
        key = next(iter(proof.rescue_keys(db, SECRET).values()))
    page = rescue.for_page(
        key, SECRET, stage="essai/premier-tour", candidate=world.camille.number, at=NOON
    )
    return split(seal(page, pending=list(pending)), 200)


def test_codes_in_any_order_are_a_file(app: Flask, paper: str) -> None:
    codes = codes_of(app, version(2, 1, "1", "clef-numero-2"))

    reply = bring_codes(app, [*reversed(codes), codes[0]])

    assert reply.status_code == 200
    assert "Nouvelle : enregistrée, elle compte" in reply.text.replace("\u00a0", " ")
    assert set(responses(app, paper)) == {2}


def test_missing_code_is_named_and_nothing_changes(app: Flask, paper: str) -> None:
    codes = codes_of(app, version(2, 1, "1", "clef-numero-2"))

    reply = bring_codes(app, [codes[0], *codes[2:]])

    assert reply.status_code == 422
    assert f"Il manque, sur {len(codes)} codes, celui-ci ou ceux-ci : 2." in reply.text.replace(
        "\u00a0", " "
    )
    assert responses(app, paper) == {}
