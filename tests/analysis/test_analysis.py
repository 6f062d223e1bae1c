"""The analysis of a round: what pages, report and the file beside a bank say, and for whom."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from quizapp.analysis import queries, report
from quizapp.cli import main
from quizapp.contests import queries as contests
from quizapp.contests.tables import Application
from quizapp.exam import sidecar
from quizapp.exam.bank import parse
from quizapp.exam.lint.entries import Shelf
from quizapp.people import actions as people
from quizapp.results import actions
from quizapp.sitting import actions as sittings
from quizapp.sitting.tables import Answer
from tests.journeys.test_first_round import enter, organiser, post
from tests.sitting.running import plan_in
from tests.world import NOON, OPENS, PASSWORD, World, bank

BASE = "/organisation/etapes/premier-tour/questions"


def close(world: World) -> None:
    """All three sit; Camille takes the first choice of each question, Dominique the second; Claude none."""
    with world.store.writing() as db:
        plan = plan_in(db)
        for adviser in (world.camille, world.dominique, world.claude):
            sitting = sittings.start(
                db, plan, application_id=adviser.id, seed="graine", writer="w", now=NOON
            )
            chosen = {world.camille.id: "0", world.dominique.id: "1"}.get(adviser.id)
            for item in sitting.paper.items if chosen else ():
                if item.bank == "subsidiaire":
                    continue
                db.add(Answer(
                    sitting_id=sitting.id or 0, n=item.number, item=item.number, seq=1,
                    key=f"k{item.number}", response=chosen, link="x" * 64,
                    received_at=NOON + timedelta(seconds=20 * item.number),
                ))  # fmt: skip
        actions.close_stage(db, plan, by="o", reason="fin", now=OPENS + timedelta(hours=2))


def test_analysis_counts_points_answers_and_time(world: World) -> None:
    close(world)
    with world.store.reading() as db:
        found = queries.analysed(db, plan_in(db))

    told = found.analysis
    assert (told.papers, found.sittings) == (3, 3)
    assert sum(item.asked for item in told.items.values()) == 3 * 5  # the estimate earns nothing
    assert told.mean == pytest.approx(5 / 3)  # Camille has all five
    for item in told.items.values():
        assert {one.label for one in item.choices} == {
            "La bonne", "La fausse", "La mauvaise", "L’erronée",
        }  # fmt: skip
        answered = sum(one.count for one in item.choices)
        assert item.omitted == pytest.approx(1 - answered / item.asked)
        assert item.seconds in (None, 20.0)


def test_excluded_candidates_and_late_answers_are_left_out(world: World) -> None:
    close(world)
    with world.store.writing() as db:
        plan = plan_in(db)
        camille = db.get_one(Application, world.camille.id)
        actions.exclude(db, plan, camille, by="o", reason="fraude", now=NOON)
    with world.store.reading() as db:
        found = queries.analysed(db, plan_in(db))

    assert found.analysis.papers == 2
    assert found.analysis.mean == 0


def test_of_very_many_sittings_every_so_manieth_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(world)
    monkeypatch.setattr(queries, "MOST", 2)
    with world.store.reading() as db:
        found = queries.analysed(db, plan_in(db))

    assert (found.analysis.papers, found.sittings) == (1, 3)


def test_analysis_is_computed_anew_when_what_it_rests_on_changes(world: World) -> None:
    close(world)
    with world.store.writing() as db:
        plan = plan_in(db)
        first = queries.latest(db, plan)
        assert queries.latest(db, plan) is first
        claude = db.get_one(Application, world.claude.id)
        actions.exclude(db, plan, claude, by="o", reason="fraude", now=NOON)
        assert queries.latest(db, plan).analysis.papers == 2


def test_pages_are_for_organisers_and_authors_once_the_stage_is_closed(
    app: Flask, client: FlaskClient
) -> None:
    world: World = app.extensions["world"]
    desk = organiser(app)
    assert desk.get(BASE).status_code == 404
    close(world)
    with world.store.writing() as db:
        people.add_staff(db, email="a@exemple.fr", name="Autrice", role="author", password=PASSWORD)
    author = app.test_client()
    post(author, "/connexion", email="a@exemple.fr", password=PASSWORD)
    enter(client, world)

    for order in ("", "?tri=facilite", "?tri=discrimination", "?tri=nom", "?tri=autre"):
        assert desk.get(BASE + order).status_code == 200
    asked = re.findall(rf"{BASE}/relation-client/(re-\d)", author.get(BASE).text)
    assert asked
    page = author.get(f"{BASE}/relation-client/{asked[0]}")
    assert page.status_code == 200
    assert f"Question {asked[0][3:]} de relation-client" in page.text
    assert author.get(f"{BASE}/relation-client/re-99").status_code == 404
    assert client.get(BASE).status_code == 403
    assert client.get(f"{BASE}/relation-client/{asked[0]}").status_code == 403


def fared(advice: str) -> sidecar.Sidecar:
    """What a file beside the bank says of its first question."""
    question = parse(bank("culture-generale", 2)).questions[0]
    kept = sidecar.Fared(
        meaning=sidecar.meaning(question), asked=402, facility=0.5, omitted=0.1, advice=(advice,)
    )
    return sidecar.Sidecar(round="Premier tour", on=NOON.date(), questions={question.id: kept})


def test_file_beside_a_bank_speaks_of_the_very_question_that_was_sat() -> None:
    told, text = fared("Clé à vérifier."), bank("culture-generale", 2)
    other = text.replace("La fausse", "La moins bonne", 1)

    found = list(sidecar.findings(told, Shelf.of(text, "b.yaml", NOON.date())))

    assert [(one.question, one.what) for one in found] == [
        ("cu-0", "Premier tour, 402 réponses : Clé à vérifier.")
    ]
    assert found[0].place.line == 4
    assert list(sidecar.findings(told, Shelf.of(other, "b.yaml", NOON.date()))) == []


def test_report_and_files_are_written_and_shown_by_check(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(world)
    monkeypatch.setattr("quizapp.cli.door.store", lambda: world.store)
    monkeypatch.chdir(tmp_path)
    Path("question_banks").mkdir()
    shelf = Path("question_banks/relation-client.yaml")
    shelf.write_text(bank("relation-client", 4), "utf-8")

    run = CliRunner().invoke(main, ["bank", "stats", "premier-tour"])

    assert run.exit_code == 0, run.output
    assert "3 copies analysées sur 3" in run.output
    written = sidecar.parse(
        Path("question_banks/relation-client.stats.yaml").read_text("utf-8"), "s.yaml"
    )
    assert written is not None
    assert written.questions.keys() <= {"re-0", "re-1", "re-2", "re-3"}
    assert "| question |" in Path("question_banks/premier-tour.stats.md").read_text("utf-8")

    beside = Path("question_banks/relation-client.stats.yaml")
    one = next(iter(written.questions))
    beside.write_text(
        beside.read_text("utf-8").replace("advice: []", "advice: [Clé à vérifier.]"), "utf-8"
    )
    checked = CliRunner().invoke(main, ["bank", "check", str(shelf)])
    assert (
        f"conseil réponses Premier tour, {written.questions[one].asked} réponses" in checked.output
    )


def test_stage_that_is_not_closed_has_no_report(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.cli.door.store", lambda: world.store)

    for stage, told in (("premier-tour", "n’est pas close"), ("autre", "n’existe pas")):
        run = CliRunner().invoke(main, ["bank", "stats", stage])
        assert run.exit_code == 1
        assert told in run.output


def test_report_keeps_a_table_whole_whatever_a_choice_says(world: World) -> None:
    close(world)
    with world.store.reading() as db:
        found = queries.analysed(db, contests.plan_of(db, 1))

    page = report.page("Premier tour", found)

    rows = [line for line in page.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) == 1 + len(found.analysis.items)
    assert {line.count(" | ") for line in rows} == {7}
