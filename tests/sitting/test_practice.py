"""Practice: the pages of the day with their answers at once, and nothing of it anywhere else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from quizapp.banks import actions as banks
from quizapp.banks.queries import banks_of
from quizapp.contests import actions as contests
from quizapp.contests import queries
from quizapp.exam.edition_stage import PracticeStage
from quizapp.exam.problems import RefusedError
from quizapp.results import actions as results
from quizapp.results.queries import counts
from quizapp.results.tables import Draft
from quizapp.sitting import actions
from quizapp.sitting.queries import begun
from quizapp.sitting.tables import Sitting
from tests.journeys.test_first_round import enter, organiser, post, sit
from tests.world import EDITION, NOON, OPENS, World, bank

BEFORE = OPENS - timedelta(days=1)


def load(db: Session, text: str) -> None:
    """Load an edition, with the practice bank that comes with the program."""
    edition, started = text.replace("PAGE", "one"), begun(db)
    row = contests.load_edition(db, edition, file="e.yaml", begun=started, by="test", now=BEFORE)
    plans = [*queries.plans(db, row), *queries.tries(db, row)]
    banks.load_practice(db, plans, by="test", now=BEFORE)
    banks.pin_banks(db, plans, begun=started, file="e.yaml")


def with_practice(lines: str) -> str:
    """The edition of the world with these lines under ``practice``."""
    return EDITION.replace("rules:", f"practice: {lines}\nrules:")


@pytest.fixture
def practising(app: Flask, client: FlaskClient, clock: Callable[[datetime], None]) -> FlaskClient:
    """Camille, the day before, where one may practise twice."""
    world: World = app.extensions["world"]
    with world.store.writing() as db:
        load(db, with_practice("{tries: 2, questions: 4}"))
    clock(BEFORE)
    enter(client, world)
    return client


def practise(client: FlaskClient) -> str:
    """Begin a try, and hand it in with one answer; the address of its paper."""
    paper = post(client, "/entrainement", "/entrainement/commencer").location
    field = re.search(r'name="(answer-1)"[^>]*?(?:value="(\d+)")?', client.get(paper).text)
    assert field is not None
    form = {"shown": "1", "answer-1": field[2] or "0", "seq-1": 0}
    post(client, paper, f"{paper}/page", **form)
    handed = post(client, f"{paper}/recapitulatif", f"{paper}/remise", confirm="y")
    assert handed.location == f"{paper}/recu"
    return paper


def test_every_page_of_a_try_says_that_it_does_not_count(practising: FlaskClient) -> None:
    begun = post(practising, "/entrainement", "/entrainement/commencer").location
    pages = [practising.get(path).text for path in (begun, f"{begun}/recapitulatif")]
    paper = practise(practising)
    pages += [practising.get(f"{paper}{path}").text for path in ("/recu", "/correction")]

    assert paper == begun
    for page in (*pages, practising.get("/entrainement").text):
        assert "Rien de ce que vous faites ici ne compte." in page
        assert "/aide" not in page.split("<main", 1)[1].split("</main>", 1)[0]
    assert "Copie d’entraînement" in practising.get(f"{paper}/recu.txt").text


def test_answers_are_shown_at_once_and_only_after_handing_in(practising: FlaskClient) -> None:
    paper = post(practising, "/entrainement", "/entrainement/commencer").location

    early = practising.get(f"{paper}/correction")
    practise(practising)
    page = practising.get(f"{paper}/correction").text

    assert early.location == f"{paper}/recu"
    assert page.count('class="question review"') == 4
    assert re.search(r"points sur\s4, pour vous seul", page)
    assert page.count("Explication") == 4


def test_tries_follow_one_another_and_end(practising: FlaskClient) -> None:
    papers = [practise(practising), practise(practising)]

    third = post(practising, "/verification", "/entrainement/commencer")

    assert papers[0] != papers[1]
    assert third.status_code == 403
    assert "Vous avez fait tous vos essais." in practising.get("/entrainement").text


def test_it_ends_when_the_round_opens(
    practising: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    clock(OPENS)

    page = practising.get("/entrainement").text

    assert "L’entraînement est fermé." in page
    assert "M’entraîner" not in practising.get("/mon-espace").text


def test_real_paper_has_no_correction(
    app: Flask, practising: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    practise(practising)
    clock(NOON)

    paper = sit(practising, right=3)

    assert practising.get(f"{paper}/correction").status_code == 404


def test_it_touches_nothing_of_the_round(
    app: Flask, practising: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    world: World = app.extensions["world"]
    practise(practising)
    clock(NOON)

    with world.store.writing() as db:
        edition = queries.current_edition(db)
        assert edition is not None
        plan = queries.plan(db, "premier-tour")
        assert plan is not None
        assert [one.key for one in queries.plans(db, edition)] == ["premier-tour"]
        before = counts(db, plan, now=NOON)
        results.close_stage(db, plan, by="test", reason="Fin", now=NOON)
        ranked = db.exec(select(Draft)).all()

    assert (before.started, before.handed_in, ranked) == (0, 0, [])


@pytest.mark.parametrize(
    "path",
    [
        "/organisation/etapes/entrainement-1",
        "/organisation/etapes/entrainement-1/clore",
        "/organisation/etapes/entrainement-1/publier",
        "/organisation/etapes/entrainement-1/listes/national.csv",
        "/surveillance/entrainement-1",
    ],
)
def test_no_desk_has_a_page_for_it(app: Flask, practising: FlaskClient, path: str) -> None:
    practise(practising)

    assert organiser(app).get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/epreuve/entrainement-1", "/resultats/entrainement-1/moi", "/aide/entrainement-1"]
)
def test_no_page_of_the_round_opens_for_it(practising: FlaskClient, path: str) -> None:
    practise(practising)

    assert practising.get(path).status_code == 404


def test_edition_page_says_how_one_practises(app: Flask, practising: FlaskClient) -> None:
    page = organiser(app).get("/organisation/edition").text.replace("\u00a0", " ")

    assert "Entraînement : 4 questions de la banque « entrainement »" in page
    assert "2 essais par candidat, jusqu’au samedi 28 novembre 2026 à 10 h 00." in page


def test_only_the_practice_bank_is_drawn_from(app: Flask, practising: FlaskClient) -> None:
    practise(practising)

    with app.extensions["store"].reading() as db:
        sitting = db.exec(select(Sitting)).one()
        assert {item.bank for item in sitting.paper.items} == {"entrainement"}
        assert set(banks_of(db, sitting.stage_id)) == {"entrainement"}


def test_time_of_the_person_holds_and_expiry_hands_in(world: World) -> None:
    with world.store.writing() as db:
        load(db, with_practice("{duration: 5}"))
        edition = queries.current_edition(db)
        assert edition is not None
        first = queries.tries(db, edition)[0]
        at = OPENS - timedelta(minutes=1)
        sitting = actions.start(
            db, first, application_id=world.camille.id, seed="s", writer="w", now=at
        )
        assert sitting.ends_at == at + timedelta(minutes=5)  # the opening of the round cuts nothing
        closed = actions.close_expired(db, now=at + timedelta(minutes=6))

    assert closed == 1


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("{bank: relation-client}", "sert aussi à l’entraînement"),
        ("{opens: 2026-11-02 10:00, closes: 2026-11-01 10:00}", "ne suit pas son ouverture"),
        ("{opens: 2026-03-29 02:30}", "n’existe pas"),
        ("{tries: 0}", "trop petit"),
    ],
)
def test_practice_that_would_do_harm_is_refused(world: World, lines: str, told: str) -> None:
    with world.store.writing() as db, pytest.raises(RefusedError, match=told):
        load(db, with_practice(lines))


def test_stage_may_not_bear_the_name_of_a_try(world: World) -> None:
    with world.store.writing() as db, pytest.raises(RefusedError, match="nom d’un essai"):
        load(db, EDITION.replace("stage: premier-tour", "stage: entrainement-3"))


def test_bank_that_holds_a_question_of_the_round_is_refused(world: World) -> None:
    text = bank("maison", 4).replace("Question 2 de maison", "  QUESTION 1 de relation-client")
    with world.store.writing() as db:
        banks.load_bank(db, text, file="m.yaml", by="test", now=BEFORE)
        with pytest.raises(RefusedError, match="« ma-2 » de la banque d’entraînement « maison »"):
            load(db, with_practice("{bank: maison, questions: 3}"))


def test_bank_of_ones_own_must_be_loaded(world: World) -> None:
    with world.store.writing() as db, pytest.raises(RefusedError):
        load(db, with_practice("{bank: maison}"))


def test_it_can_be_refused(world: World) -> None:
    with world.store.writing() as db:
        load(db, with_practice("no"))
        edition = queries.current_edition(db)
        assert edition is not None

        assert queries.tries(db, edition) == []


def test_once_begun_only_its_hours_change(world: World) -> None:
    with world.store.writing() as db:
        load(db, EDITION)
        edition = queries.current_edition(db)
        assert edition is not None
        first = queries.tries(db, edition)[0]
        assert isinstance(first.says, PracticeStage)
        actions.start(
            db, first, application_id=world.camille.id, seed="s", writer="w", now=BEFORE
        )  # fmt: skip

        load(db, with_practice("{closes: 2026-11-20 10:00}"))
        with pytest.raises(RefusedError, match="seules ses heures"):
            load(db, with_practice("{questions: 3}"))
        with pytest.raises(RefusedError, match="seules ses heures"):
            load(db, with_practice("no"))


def test_fewer_tries_before_anyone_has_begun(world: World) -> None:
    with world.store.writing() as db:
        load(db, with_practice("{tries: 4}"))
        load(db, with_practice("{tries: 2}"))
        edition = queries.current_edition(db)
        assert edition is not None

        assert [one.key for one in queries.tries(db, edition)] == [
            "entrainement-1",
            "entrainement-2",
        ]
