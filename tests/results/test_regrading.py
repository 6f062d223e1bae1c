"""The desk of corrections and versions, through its pages; and what candidates read of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.contests import actions as contests
from quizapp.contests import queries
from quizapp.people import actions as people
from quizapp.results.tables import Correction, Publication, RankingCheck
from quizapp.sitting.tables import Sitting
from tests.journeys.test_first_round import enter, organiser, post, sit
from tests.results.simulated import plan_of
from tests.world import EDITION, NOON, PASSWORD, World

STAGE = "/organisation/etapes/premier-tour"
DESK = f"{STAGE}/corrections"
MINE = "/resultats/premier-tour/moi"


@pytest.fixture
def desk(app: Flask, client: FlaskClient, clock: Callable[[datetime], None]) -> FlaskClient:
    """The organiser, after Camille, Dominique and Claude have sat and the first version is out."""
    for who, right in (("camille", 5), ("dominique", 3), ("claude", 4)):
        browser = app.test_client()
        enter(browser, app.extensions["world"], who)
        sit(browser, right=right)
    signed_in = organiser(app)
    clock(NOON + timedelta(minutes=30))
    post(signed_in, f"{STAGE}/clore", reason="Fin de l’épreuve")
    return signed_in


def candidate(app: Flask, who: str) -> FlaskClient:
    browser = app.test_client()
    enter(browser, app.extensions["world"], who)
    return browser


def second(app: Flask) -> FlaskClient:
    """Another organiser, signed in."""
    with app.extensions["store"].writing() as db:
        people.add_staff(
            db, email="p@exemple.fr", name="Perrine", role="organiser", password=PASSWORD
        )
    client = app.test_client()
    post(client, "/connexion", email="p@exemple.fr", password=PASSWORD)
    return client


def ask_for_two(app: Flask) -> None:
    text = EDITION.replace("PAGE", "one").replace(
        "name: Concours", "two_people: yes\nname: Concours"
    )
    with app.extensions["store"].writing() as db:
        contests.load_edition(db, text, file="e", begun={"premier-tour"}, by="test", now=NOON)


def first_question(app: Flask, who: str) -> str:
    """The question at the head of somebody’s paper."""
    adviser = getattr(app.extensions["world"], who)
    with app.extensions["store"].reading() as db:
        sitting = db.exec(select(Sitting).where(Sitting.application_id == adviser.id)).one()
        return sitting.paper.items[0].question


def proposed(app: Flask, desk: FlaskClient, kind: str = "void", **form: object) -> str:
    """The address of a proposal on Camille’s first question."""
    page = f"{DESK}/nouvelle/culture-generale/{first_question(app, 'camille')}"
    key = re.search(r'name="key"[^>]*value="([^"]+)"', desk.get(page).text)
    assert key is not None
    answer = post(
        desk, page, **{"kind": kind, "reason": "Énoncé ambigu", "key": key[1], "weight": "", **form}
    )
    assert answer.status_code == 303, answer.text
    return answer.location


def applied(desk: FlaskClient, page: str) -> int:
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', desk.get(page).text)
    assert seen is not None
    return post(desk, page, f"{page}/appliquer", seen=seen[1]).status_code


def publish(desk: FlaskClient, reason: str) -> int:
    after = re.search(r'name="after"[^>]*value="([^"]+)"', desk.get(f"{STAGE}/publier").text)
    return post(
        desk, f"{STAGE}/publier", reason=reason, after=after[1] if after else "0"
    ).status_code


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\xa0", " ").split())


def test_question_is_voided_and_version_two_says_so(app: Flask, desk: FlaskClient) -> None:
    publish(desk, "Premier classement")
    before = text_of(candidate(app, "camille").get(MINE).text)
    page = proposed(app, desk)
    shown = text_of(desk.get(page).text)
    assert "Rien n’est encore fait" in shown
    assert text_of(candidate(app, "camille").get(MINE).text) == before

    assert applied(desk, page) == 303
    assert text_of(candidate(app, "camille").get(MINE).text) == before  # until it is published
    assert publish(desk, "Une question neutralisée") == 303

    mine = text_of(candidate(app, "camille").get(MINE).text)
    assert "Classement corrigé le samedi 28 novembre 2026 à 10 h 35 (version 2)." in mine
    assert "Question 1 de votre sujet : question neutralisée." in mine
    assert "sur 4" in mine
    assert "2 sur 2" in mine  # the void one left the section’s maximum too


def test_register_explains_a_total_from_the_first_mark_to_the_last(
    app: Flask, desk: FlaskClient
) -> None:
    world: World = app.extensions["world"]
    publish(desk, "Premier classement")
    page = proposed(app, desk, "weight", weight="3")
    register = text_of(desk.get(DESK).text)
    assert "1 proposition attend une décision" in register

    applied(desk, page)
    publish(desk, "Question comptée trois fois")
    register = text_of(desk.get(f"{DESK}?candidat={world.camille.number}").text)

    assert "1 correction appliquée." in register
    assert "Première note 5" in register
    assert "Note actuelle 7 sur 7" in register


def test_everybody_reads_the_errata_once_published_and_no_key_in_them(
    app: Flask, desk: FlaskClient
) -> None:
    anyone = app.test_client()
    assert anyone.get("/resultats/premier-tour/corrections").status_code == 404
    publish(desk, "Premier classement")
    applied(desk, proposed(app, desk, "accept", given="1"))
    assert "La fausse" in desk.get(DESK).text
    hidden = anyone.get("/resultats/premier-tour/corrections").text
    assert "autre réponse acceptée" not in hidden  # applied, and not yet published

    publish(desk, "Une autre réponse est juste")

    told = anyone.get("/resultats/premier-tour/corrections").text
    assert "autre réponse acceptée" in told
    assert "La fausse" not in told
    mine = text_of(candidate(app, "dominique").get("/resultats/premier-tour/corrections").text)
    assert "Première note 3" in mine


def test_proposer_cannot_apply_where_the_edition_asks_for_two(
    app: Flask, desk: FlaskClient
) -> None:
    ask_for_two(app)
    page = proposed(app, desk)
    shown = desk.get(page).text
    assert "/appliquer" not in shown
    other = second(app)
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', other.get(page).text)
    assert seen is not None

    assert post(desk, page, f"{page}/appliquer", seen=seen[1]).status_code == 403
    assert applied(other, page) == 303


def test_ranking_is_checked_by_one_and_published_by_another(app: Flask, desk: FlaskClient) -> None:
    ask_for_two(app)
    page = f"{STAGE}/publier"
    assert post(desk, page, reason="Seul", after="0").status_code == 409
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', desk.get(page).text)
    assert seen is not None
    assert post(desk, page, f"{STAGE}/verifier", reason="Relu", seen=seen[1]).status_code == 303
    assert post(desk, page, reason="Seul", after="0").status_code == 409
    assert "Vous avez vérifié ce classement" in desk.get(page).text.replace("\xa0", " ")

    assert publish(second(app), "À deux") == 303

    with app.extensions["store"].reading() as db:
        row = db.exec(select(Publication)).one()
        check = db.exec(select(RankingCheck)).one()
        assert (row.checked_by, row.checked_at) == (check.by, check.at)
        assert row.by != check.by


def test_ranking_that_changed_since_it_was_checked_is_not_published(
    app: Flask, desk: FlaskClient
) -> None:
    ask_for_two(app)
    other = second(app)
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', desk.get(f"{STAGE}/publier").text)
    assert seen is not None
    post(desk, f"{STAGE}/publier", f"{STAGE}/verifier", reason="Relu", seen=seen[1])
    applied(other, proposed(app, desk))

    assert post(other, f"{STAGE}/publier", reason="À deux", after="0").status_code == 409
    assert "a changé depuis la dernière vérification" in other.get(f"{STAGE}/publier").text


def test_pressing_publish_twice_makes_one_version(app: Flask, desk: FlaskClient) -> None:
    form = {"reason": "Premier classement", "after": "0"}
    assert post(desk, f"{STAGE}/publier", **form).status_code == 303
    assert post(desk, f"{STAGE}/publier", **form).status_code == 303
    assert post(desk, f"{STAGE}/publier", reason="Autre", after="0").status_code == 409

    with app.extensions["store"].reading() as db:
        assert [one.number for one in db.exec(select(Publication)).all()] == [1]


def test_version_is_compared_with_the_one_before(app: Flask, desk: FlaskClient) -> None:
    publish(desk, "Premier classement")
    applied(desk, proposed(app, desk, "full"))
    publish(desk, "Points donnés")

    page = text_of(desk.get(f"{STAGE}/versions/2?liste=tous").text)

    assert "Depuis la version 1" in page
    assert "tous les points donnés à chacun" in page
    assert desk.get(f"{STAGE}/versions/1").status_code == 200
    assert desk.get(f"{STAGE}/versions/3").status_code == 404


def test_effect_that_changed_is_shown_beside_the_one_that_was_read(
    app: Flask, desk: FlaskClient
) -> None:
    page, other = proposed(app, desk), proposed(app, desk, "full")
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"', desk.get(other).text)
    assert seen is not None
    applied(desk, page)

    answer = post(desk, other, f"{other}/appliquer", seen=seen[1])

    assert answer.status_code == 409
    assert "Ce que vous aviez lu" in answer.text
    assert applied(desk, other) == 303


def test_correction_is_undone_and_withdrawn_through_the_pages(
    app: Flask, desk: FlaskClient
) -> None:
    page = proposed(app, desk)
    assert post(desk, page, f"{page}/retirer").status_code == 303
    again = proposed(app, desk)
    applied(desk, again)
    key = re.search(r'name="key"[^>]*value="([^"]+)"', desk.get(f"{again}/annuler").text)
    assert key is not None

    undo = post(desk, f"{again}/annuler", reason="Elle était juste", key=key[1]).location
    assert applied(desk, undo) == 303

    assert "Cette correction a été annulée depuis" in desk.get(again).text
    with app.extensions["store"].reading() as db:
        assert queries.plan(db, "premier-tour") is not None
        rows = db.exec(select(Correction).order_by(Correction.id)).all()  # type: ignore[arg-type]
        assert [(one.kind, one.place) for one in rows] == [
            ("void", None), ("void", 1), ("undo", 2),
        ]  # fmt: skip
        assert plan_of(db).row.closed_at is not None


def test_question_and_its_form_are_refused_to_others(app: Flask, desk: FlaskClient) -> None:
    page = f"{DESK}/nouvelle/culture-generale/{first_question(app, 'camille')}"

    assert candidate(app, "camille").get(page).status_code == 403
    assert desk.get(f"{DESK}/nouvelle/culture-generale/absente").status_code == 404
    assert desk.get(f"{DESK}/questions?q=question 1").status_code == 200
    assert post(desk, page, kind="accept", given="", reason="r", key="k" * 9).status_code == 422
