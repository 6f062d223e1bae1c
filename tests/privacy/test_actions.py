"""Erasure, on SQLite and on PostgreSQL: nobody is named any more, and the ranking still verifies."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from quizapp import worker
from quizapp.cli import main
from quizapp.contests import queries as contests
from quizapp.contests.tables import Application, Centre
from quizapp.kit.journal import JournalEntry
from quizapp.kit.throttle import Throttle
from quizapp.privacy import actions, queries
from quizapp.results import actions as results
from quizapp.results import drafts
from quizapp.results.tables import Publication
from quizapp.settings import Settings
from quizapp.sitting import actions as sittings
from tests.journeys.test_first_round import enter, organiser, post
from tests.world import NOON, OPENS, SECRET, World

# The last to close are the applications, at 18:00 in Paris.
DUE = datetime.fromisoformat("2027-11-28T17:00:00+00:00")
NAMED = ("Exemple", "Camille", "Dominique", "Claude", "exemple.fr", "Allô")


def everything(db: Session) -> str:
    """Every row about people and acts, as text."""
    tables = (Application, Centre, JournalEntry)
    return "\n".join(
        repr(row.model_dump(exclude={"before", "after"} if table is JournalEntry else set()))
        for table in tables
        for row in db.exec(select(table)).all()
    )


def published(world: World) -> None:
    """The world after its first round, with a ranking of two from Lyon and one from Lille."""
    with world.store.writing() as db:
        plan = contests.plan(db, "premier-tour")
        assert plan is not None
        for adviser in (world.camille, world.dominique, world.claude):
            sittings.start(
                db, plan, application_id=adviser.id, seed=adviser.number, writer="w", now=NOON
            )
        results.close_stage(db, plan, by="o", reason="fin", now=OPENS + timedelta(hours=2))
        results.publish(db, plan, by="o", reason="premier", now=OPENS + timedelta(hours=3))


def test_nobody_is_erased_before_the_stated_day(world: World) -> None:
    worker.tick(world.store, now=DUE - timedelta(seconds=1))

    with world.store.reading() as db:
        assert [one.named for one in queries.retentions(db)] == [3]
        assert all(name in everything(db) for name in NAMED)


def test_worker_erases_everybody_when_the_period_is_over_and_tells_the_journal(
    world: World,
) -> None:
    worker.tick(world.store, now=DUE)
    worker.tick(world.store, now=DUE + timedelta(days=1))

    with world.store.reading() as db:
        told = everything(db)
        acts = db.exec(select(JournalEntry).where(JournalEntry.what == "privacy.expire")).all()
        rows = db.exec(select(Application).order_by(Application.number)).all()
    assert [name for name in NAMED if name.lower() in told.lower()] == []
    assert [(act.who, act.subject, act.before, act.after) for act in acts] == [
        ("worker", "edition:essai", "3 named", "0 named")
    ]
    assert [(row.number, row.city, row.erased_at) for row in rows] == [
        (world.camille.number, "69123", DUE),
        (world.dominique.number, "69123", DUE),
        (world.claude.number, "59350", DUE),
    ]


def test_ranking_still_verifies_after_erasure(world: World) -> None:
    published(world)
    with world.store.writing() as db:
        actions.erase_due(db, by="worker", now=DUE)

    with world.store.writing() as db:
        plan = contests.plan(db, "premier-tour")
        assert plan is not None
        everyone = drafts.groups(db, plan, "nation")
        people = (Application.last_name, Application.first_name, Application.email, Centre.company)
        ranking = [*drafts.rows(db, plan, people, "nation", everyone)]
        again = results.publish(db, plan, by="o", reason="vérification", now=DUE)
        first = db.exec(select(Publication).where(Publication.number == 1)).one()
    assert len(ranking) == 3
    assert {*ranking} == {("", "", None, "")}
    assert again.digest == first.digest


def test_erasing_a_country_goes_on_where_it_stopped(world: World) -> None:
    counts = []
    for _ in range(3):
        with world.store.writing() as db:
            counts.append(actions.erase_due(db, by="worker", now=DUE, limit=2))

    assert counts == [2, 1, 0]


def test_one_person_is_erased_on_request_and_the_others_stay(world: World) -> None:
    for _ in range(2):
        with world.store.writing() as db:
            row = contests.current_edition(db)
            camille = db.get_one(Application, world.camille.id)
            assert row is not None
            actions.erase(db, row, camille, by="o", reason="demande", now=NOON)

    with world.store.reading() as db:
        told = everything(db)
        acts = db.exec(select(JournalEntry).where(JournalEntry.what == "privacy.erase")).all()
        code = contests.application_by_code(db, SECRET, world.camille.access.code)
    assert "Camille" not in told
    assert "Dominique" in told
    assert [(act.who, act.subject, act.why) for act in acts] == [
        ("o", f"application:{world.camille.number}", "demande")
    ]
    assert code is None


def test_failed_tries_are_forgotten_after_a_day(world: World) -> None:
    with world.store.writing() as db:
        db.add(Throttle(key="code:address:192.0.2.1", since=NOON, failures=3))

    worker.tick(world.store, now=NOON + timedelta(hours=23))
    with world.store.reading() as db:
        assert len(db.exec(select(Throttle)).all()) == 1

    worker.tick(world.store, now=NOON + timedelta(hours=25))
    with world.store.reading() as db:
        assert db.exec(select(Throttle)).all() == []


def test_person_erased_is_signed_out_and_unnamed_at_the_desk(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    world: World = app.extensions["world"]
    enter(client, world)
    settings = Settings()
    monkeypatch.setenv("QUIZAPP_DATABASE_URL", world.store.engine.url.render_as_string())

    refused = CliRunner().invoke(main, ["privacy", "erase", "999999", "--reason", "x", "--yes"])
    before = CliRunner().invoke(main, ["privacy", "due"])
    done = CliRunner().invoke(
        main, ["privacy", "erase", world.camille.number, "--reason", "demande", "--yes"]
    )
    after = CliRunner().invoke(main, ["privacy", "due"])

    assert settings.database_url == ""
    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert "essai : 3 nommés, échéance le 28/11/2027." in before.output
    assert "essai : 2 nommés" in after.output
    assert client.get("/mon-espace").status_code == 303
    desk = organiser(app)
    page = desk.get("/organisation/candidats").text
    assert page.count("Nom effacé") == 1
    assert page.count("Nouveau code…") == 2
    assert desk.get(f"/organisation/candidats/{world.camille.number}/code").status_code == 404
    again = post(client, "/acces", code=world.camille.access.printed)
    assert again.status_code == 422


def test_privacy_page_states_the_period_that_the_worker_keeps(
    app: Flask, client: FlaskClient
) -> None:
    page = client.get("/donnees-personnelles").text

    assert "12\xa0mois après la fin de l’édition" in page
    assert "28\xa0novembre 2027" in page
