"""The report on papers that are alike: after closing, for organisers, noted, and never a proof."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from quizapp.app import create_app
from quizapp.banks.queries import banks_of
from quizapp.contests import actions as contests
from quizapp.contests import queries as contest_queries
from quizapp.contests.tables import Application
from quizapp.kit.journal import JournalEntry
from quizapp.kit.store import Store
from quizapp.people import places
from quizapp.results import actions, likeness
from quizapp.results.tables import Score
from quizapp.settings import Settings
from quizapp.sitting import actions as sittings
from quizapp.sitting.keeping import Version, keep
from quizapp.sitting.tables import Sitting
from tests import world as worlds
from tests.journeys.test_first_round import enter, organiser
from tests.sitting.running import END, minutes, plan_in
from tests.world import EDITION, NOON, SECRET, World, bank

BASE = "/organisation/etapes/premier-tour/ressemblances"


def long_edition() -> str:
    """The world's edition, with a paper of thirty-one questions that all share."""
    return EDITION.replace("questions: 3}", "questions: 15}").replace(
        "questions: 2}", "questions: 15}"
    )


def sit_all(world: World) -> tuple[str, str]:
    """Twelve candidates are wrong everywhere; the first two, of Lyon and of Lille, in one way."""
    with world.store.writing() as db:
        edition = contest_queries.current_edition(db)
        assert edition is not None
        people = [world.camille.id, world.claude.id]
        for n in range(10):
            one, _access = contests.apply(
                db, edition, last_name=f"Nom{n}", first_name="P", email=f"p{n}@exemple.fr",
                company="Allô", city=places.resolve("Lyon")[0], secret=SECRET, now=NOON,
            )  # fmt: skip
            people.append(one.id or 0)
        banks = banks_of(db, plan_in(db).id)
        for place, number in enumerate(people):
            sitting = sittings.start(
                db, plan_in(db), application_id=number, seed="graine", writer="ici", now=NOON
            )
            owner = db.get_one(Application, number)
            for item in sitting.paper.items[:30]:
                key = int(banks[item.bank].by_id[item.question].key)
                wrong = [one for one in range(4) if one != key]
                response = str(wrong[0] if place < 2 else wrong[1 + (place + item.number) % 2])
                version = Version(
                    sitting=sitting.id or 0, application=number, stamp=owner.stamp, writer="ici",
                    stage="essai/premier-tour", candidate=owner.number, item=item.number, seq=1,
                    key=f"clef-{item.number}", response=response, flagged=False, at=NOON,
                    grace=minutes(0),
                )  # fmt: skip
                keep(db.connection(), [version])
    return world.camille.number, world.claude.number


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Callable[[Store], World]:
    """How the world is built here: with longer banks and papers."""
    monkeypatch.setattr(worlds, "bank", lambda slug, _count: bank(slug, 15))
    return lambda store: worlds.build(store, edition=long_edition())


@pytest.fixture
def alike(store: Store, world: Callable[[Store], World]) -> tuple[World, tuple[str, str]]:
    """The small world with a round in which two have the same wrong answers, closed."""
    made = world(store)
    pair = sit_all(made)
    with made.store.writing() as db:
        actions.close_stage(db, plan_in(db), by="test", reason="fin", now=END + minutes(5))
    return made, pair


def test_pair_with_the_same_wrong_answers_is_told(alike: tuple[World, tuple[str, str]]) -> None:
    made, pair = alike

    with made.store.reading() as db:
        report = likeness.likeness(db, plan_in(db)).report

    # The eleven others agree by halves: only these two chose what nobody else did.
    first = report.pairs[0]
    assert {first.first, first.second} == set(pair)
    assert (first.common, first.both_wrong, first.alike) == (30, 30, 30)
    assert report.compared == 66


def test_report_moves_no_score(alike: tuple[World, tuple[str, str]]) -> None:
    made, _pair = alike

    def scores() -> list[tuple[object, ...]]:
        with made.store.reading() as db:
            return [tuple(one.model_dump().values()) for one in db.exec(select(Score)).all()]

    before = scores()
    with made.store.reading() as db:
        likeness.likeness(db, plan_in(db))

    assert scores() == before
    assert len(before) == 12


@pytest.fixture
def round_(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Callable[[datetime], None]
) -> tuple[Flask, World, tuple[str, str]]:
    """The application on that round, not yet closed."""
    monkeypatch.setattr(worlds, "bank", lambda slug, _count: bank(slug, 15))
    app = create_app(Settings(instance=tmp_path, secret_key=SECRET.decode(), testing=True))  # type: ignore[arg-type]
    made = worlds.build(app.extensions["store"], edition=long_edition())
    app.extensions["world"] = made
    pair = sit_all(made)
    clock(END + minutes(10))
    return app, made, pair


def close(made: World) -> None:
    with made.store.writing() as db:
        actions.close_stage(db, plan_in(db), by="test", reason="fin", now=END + minutes(5))


def text(client: FlaskClient, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200, page
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text))).replace("\xa0", " ")


def looks(made: World) -> list[tuple[str, str, str]]:
    with made.store.reading() as db:
        found = db.exec(select(JournalEntry).where(JournalEntry.what == "likeness.view")).all()
        return [(one.who, one.subject, one.after) for one in found]


def test_nothing_opens_before_the_closing(round_: tuple[Flask, World, tuple[str, str]]) -> None:
    app, made, (first, second) = round_
    desk = organiser(app)

    for page in (BASE, f"{BASE}/{first}/{second}"):
        assert desk.get(page).status_code == 409
    assert desk.get("/organisation/etapes/premier-tour/listes/ressemblances.csv").status_code == 404
    assert looks(made) == []


def test_list_names_the_pair_and_says_what_it_is_not(
    round_: tuple[Flask, World, tuple[str, str]],
) -> None:
    app, made, (first, second) = round_
    close(made)
    desk = organiser(app)

    page = text(desk, BASE)

    assert f"n° {first} et n° {second}" in page
    assert "Ceci n’est pas une preuve, et ne suffit jamais à sanctionner." in page
    assert "cette liste serait restée vide au moins 95 fois sur 100" in page
    assert "villes différentes" in page
    assert "moins d’une fois sur 1 000 000" in page


def test_two_papers_stand_side_by_side(round_: tuple[Flask, World, tuple[str, str]]) -> None:
    app, made, (first, second) = round_
    close(made)
    desk = organiser(app)

    page = text(desk, f"{BASE}/{first}/{second}")

    assert page.count("Même réponse fausse") == 30
    assert "Bonne réponse : La bonne" in page
    assert "Ceci n’est pas une preuve" in page
    assert "donnée par 16 % de ceux qui se trompent" in page


def test_every_look_is_written_down(round_: tuple[Flask, World, tuple[str, str]]) -> None:
    app, made, (first, second) = round_
    close(made)
    desk = organiser(app)

    desk.get(BASE)
    desk.get(f"{BASE}/{first}/{second}")

    assert looks(made) == [
        ("staff:1", "stage:premier-tour", "report"),
        ("staff:1", "stage:premier-tour", f"{first} {second}"),
    ]


def test_only_pairs_of_the_list_are_shown_and_only_to_organisers(
    round_: tuple[Flask, World, tuple[str, str]],
) -> None:
    app, made, (first, second) = round_
    close(made)
    desk, candidate, stranger = organiser(app), app.test_client(), app.test_client()
    enter(candidate, made)

    assert desk.get(f"{BASE}/{first}/{made.dominique.number}").status_code == 404
    assert desk.get(f"{BASE}/{first}/999999").status_code == 404
    for page in (BASE, f"{BASE}/{first}/{second}"):
        assert candidate.get(page).status_code == 403
        assert stranger.get(page).status_code == 303


def test_list_is_taken_away_with_its_warning(round_: tuple[Flask, World, tuple[str, str]]) -> None:
    app, made, (first, second) = round_
    close(made)

    sheet = organiser(app).get("/organisation/etapes/premier-tour/listes/ressemblances.csv")

    lines = sheet.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Numéro;Nom;Autre numéro;Autre nom;")
    assert lines[1].split(";")[:3:2] == [first, second]
    assert lines[1].endswith("villes différentes;indice à examiner, jamais une preuve")


def test_round_without_common_questions_says_so(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    made: World = app.extensions["world"]
    with made.store.writing() as db:
        sittings.start(
            db, plan_in(db), application_id=made.camille.id, seed="g", writer="w", now=NOON
        )
        assert db.exec(select(Sitting)).one()
        actions.close_stage(db, plan_in(db), by="test", reason="fin", now=END + minutes(5))
    clock(END + minutes(10))

    assert "n’a assez de questions en commun" in text(organiser(app), BASE)
