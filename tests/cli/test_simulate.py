"""Simulated advisers on a running server: what was acknowledged is stored, and the ranking is right."""

from __future__ import annotations

import json
import random
import socketserver
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlmodel import select

from quizapp.cli import main
from quizapp.cli.browser import Browser
from quizapp.cli.simulate import _arrivals
from quizapp.contests import queries
from quizapp.results import actions
from quizapp.results.ranking import rerank
from quizapp.results.tables import Score
from quizapp.sitting.tables import Answer
from tests import rehearsal
from tests import world as worlds
from tests.world import NOON, OPENS, World


@pytest.fixture
def banks(tmp_path: Path) -> Path:
    """The folder of the world's banks."""
    folder = tmp_path / "banks"
    folder.mkdir()
    (folder / "c.yaml").write_text(worlds.bank("culture-generale", 5), "utf-8")
    (folder / "r.yaml").write_text(worlds.bank("relation-client", 4), "utf-8")
    (folder / "s.yaml").write_text(worlds.SUBSIDIARY, "utf-8")
    return folder


def simulate(*words: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["simulate", *map(str, words)])


@pytest.mark.parametrize("edition", [worlds.EDITION, worlds.PACED], ids=["open", "paced"])
def test_what_was_acknowledged_is_stored_and_the_export_equals_the_slow_reference(
    app: Flask, site: str, banks: Path, tmp_path: Path
) -> None:
    world: World = app.extensions["world"]
    kept_file = tmp_path / "kept.json"

    run = simulate(
        "--url", site, "--banks", banks, "--candidates", 8, "--at-once", 4, "--over", 0.1,
        "--pause", 0.001, "--kept", kept_file,
    )  # fmt: skip

    assert run.exit_code == 0, run.output
    assert "0 erreur(s)." in run.output
    kept = json.loads(kept_file.read_text("utf-8"))
    with world.store.writing() as db:
        plan = queries.plan(db, "premier-tour")
        assert plan is not None
        actions.close_stage(db, plan, by="test", reason="fin", now=NOON + timedelta(minutes=30))
    with world.store.reading() as db:
        assert len(kept) == 8
        assert rehearsal.missing(db, plan, kept) == 0
        assert rehearsal.differences(db, plan) == 0


def test_rehearsal_sees_a_lost_answer_and_a_wrong_mark(
    app: Flask, site: str, banks: Path, tmp_path: Path
) -> None:
    world: World = app.extensions["world"]
    kept_file = tmp_path / "kept.json"
    simulate("--url", site, "--banks", banks, "--candidates", 3, "--kept", kept_file)
    kept = json.loads(kept_file.read_text("utf-8"))
    with world.store.writing() as db:
        plan = queries.plan(db, "premier-tour")
        assert plan is not None
        actions.close_stage(db, plan, by="test", reason="fin", now=NOON + timedelta(minutes=30))
        score = db.exec(select(Score)).first()
        assert score is not None
        score.points += 1
        rerank(db, plan)

    with world.store.reading() as db:
        assert rehearsal.differences(db, plan) > 0
    with world.store.writing() as db:
        lost = db.exec(select(Answer)).first()
        assert lost is not None
        versions = select(Answer).where(
            Answer.sitting_id == lost.sitting_id, Answer.item == lost.item
        )
        for version in db.exec(versions).all():
            db.delete(version)
    with world.store.reading() as db:
        assert rehearsal.missing(db, plan, kept) == 1


def test_refusal_of_the_server_is_an_error(
    site: str, banks: Path, clock: Callable[[datetime], None]
) -> None:
    clock(OPENS + timedelta(hours=2))

    run = simulate("--url", site, "--banks", banks, "--candidates", 2)

    assert run.exit_code == 1
    assert "2 × attente : 403" in run.output


def test_server_that_does_not_answer_is_told_at_once(banks: Path) -> None:
    run = simulate("--url", "http://127.0.0.1:9", "--banks", banks)

    assert run.exit_code == 1
    assert run.output == ("Rien ne répond à http://127.0.0.1:9. Lancez d’abord : quizapp demo\n")


def test_address_that_is_none_is_refused(banks: Path) -> None:
    run = simulate("--url", "127.0.0.1", "--banks", banks)

    assert (run.exit_code, run.output) == (1, "« 127.0.0.1 » n’est pas une adresse web.\n")


class _Once(socketserver.BaseRequestHandler):
    """Answers one request, promises to stay, and goes."""

    def handle(self) -> None:
        self.request.recv(10_000)
        self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def test_browser_comes_again_when_the_server_has_closed_an_idle_connection() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Once) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        browser = Browser(f"http://127.0.0.1:{server.server_address[1]}")

        try:
            told = [browser.get("/").text, browser.get("/").text]
        finally:
            browser.close()
            server.shutdown()
            thread.join()
    assert told == ["ok", "ok"]


def test_most_come_when_the_bell_rings_and_all_come_in_time() -> None:
    arrivals = _arrivals(random.Random(1), 1_000, 600)

    assert arrivals == sorted(arrivals)
    assert arrivals[0] >= 0
    assert arrivals[-1] <= 600
    assert 600 < sum(at < 150 for at in arrivals) < 750


def test_no_spread_is_all_at_once() -> None:
    assert _arrivals(random.Random(1), 3, 0) == [0, 0, 0]
