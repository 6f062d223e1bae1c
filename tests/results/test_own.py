"""What a candidate sees of a result, at every phase, through every door: no more than the edition opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.contests import actions as contests
from tests.journeys.test_first_round import enter, organiser, post, sit
from tests.world import EDITION, NOON, World

STAGE = "/organisation/etapes/premier-tour"
MINE = "/resultats/premier-tour/moi"
COPY = "/resultats/premier-tour/copie"
END = NOON + timedelta(minutes=30)

# What each sight puts on a page, and under which names in the JSON.
WORDS = {
    "answers": ("La fausse|La mauvaise|L’erronée", {"answer"}),
    "score": ("score-points", {"points", "maximum"}),
    "sections": (r">3 sur 3<", {"sections"}),
    "key": ("Bonne réponse", {"key"}),
    "explanations": ("Parce que", {"explanation"}),
    "rank": ("poster-number", {"ranks", "status", "place"}),
}


def show(app: Flask, **shows: str) -> None:
    """State what is shown, before anybody begins."""
    text = EDITION.replace("PAGE", "one")
    stated = ", ".join(f"{sight}: {when}" for sight, when in shows.items())
    text = text.replace("    duration: 20\n", f"    duration: 20\n    shows: {{{stated}}}\n")
    with app.extensions["store"].writing() as db:
        contests.load_edition(db, text, file="e", begun=(), by="test", now=NOON)


def seen(browser: FlaskClient) -> tuple[set[str], set[str]]:
    """Which sights the two pages show together, and which names the JSON bears."""
    page = browser.get(MINE)
    copy = browser.get(COPY)
    told = (page.text if page.status_code == 200 else "") + (
        copy.text if copy.status_code == 200 else ""
    )
    answer = browser.get(f"{MINE}.json", headers={"Accept": "application/json"})
    names: set[str] = set()
    if answer.status_code == 200:
        names = set(answer.json) | {name for one in answer.json.get("items", ()) for name in one}
    return {sight for sight, (words, _) in WORDS.items() if re.search(words, told)}, names


ALL = {
    "answers": "handed-in", "score": "handed-in", "sections": "closed", "key": "closed",
    "explanations": "published", "rank": "published",
}  # fmt: skip
PHASES = {
    "handed-in": {"answers", "score"},
    "closed": {"answers", "score", "sections", "key"},
    "published": set(WORDS),
}


def names_of(sights: set[str]) -> set[str]:
    """The names that the JSON bears for these sights, but for those of the answers’ marks."""
    return {name for sight in sights for name in WORDS[sight][1]}


def test_each_sight_opens_at_its_phase_and_at_no_door_before(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    show(app, **ALL)
    browser = app.test_client()
    enter(browser, app.extensions["world"], "camille")
    assert seen(browser) == (set(), set())
    sit(browser, right=4)
    desk = organiser(app)
    clock(END)

    for phase, sights in PHASES.items():
        if phase == "closed":
            post(desk, f"{STAGE}/clore", reason="Fin")
        if phase == "published":
            post(desk, f"{STAGE}/publier", reason="Premier classement", after="0")
        shown, names = seen(browser)
        assert shown == sights, phase
        marks = {"verdict", "points"} if {"answers", "key", "score"} <= sights else set()
        assert names - {"stage", "version", "items", "number"} - marks == names_of(sights) - marks


def test_unless_stated_nothing_is_seen_before_publication_and_no_paper_after(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    browser = app.test_client()
    enter(browser, app.extensions["world"], "camille")
    sit(browser, right=4)
    desk = organiser(app)
    clock(END)
    assert seen(browser) == (set(), set())
    post(desk, f"{STAGE}/clore", reason="Fin")
    assert seen(browser) == (set(), set())
    post(desk, f"{STAGE}/publier", reason="Premier classement", after="0")

    assert seen(browser)[0] == {"score", "sections", "rank"}
    assert browser.get(COPY).status_code == 403


def test_date_opens_at_its_minute(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    show(app, answers='"2026-11-29 18:00"')
    browser = app.test_client()
    enter(browser, app.extensions["world"], "camille")
    sit(browser, right=4)

    opens = datetime.fromisoformat("2026-11-29T17:00:00+00:00")
    clock(opens - timedelta(seconds=1))
    assert browser.get(COPY).status_code == 403
    clock(opens)
    assert browser.get(COPY).status_code == 200
    assert "Mon résultat" in browser.get("/mon-espace").text.replace("mon résultat", "Mon résultat")


@pytest.mark.parametrize("phase", PHASES)
def test_preview_shows_what_the_candidate_will_see(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None], phase: str
) -> None:
    show(app, **ALL)
    world: World = app.extensions["world"]
    browser = app.test_client()
    enter(browser, world, "camille")
    sit(browser, right=4)
    desk = organiser(app)
    clock(END)
    post(desk, f"{STAGE}/clore", reason="Fin")

    page = desk.get(f"{STAGE}/apercu?candidat={world.camille.number}&moment={phase}").text

    assert {sight for sight, (words, _) in WORDS.items() if re.search(words, page)} == PHASES[phase]
    assert browser.get(f"{STAGE}/apercu").status_code == 403


def test_score_that_is_not_open_is_not_told_by_the_register_either(
    app: Flask, client: FlaskClient, clock: Callable[[datetime], None]
) -> None:
    show(app, score="never", sections="never")
    browser = app.test_client()
    enter(browser, app.extensions["world"], "camille")
    sit(browser, right=4)
    desk = organiser(app)
    clock(END)
    post(desk, f"{STAGE}/clore", reason="Fin")
    post(desk, f"{STAGE}/publier", reason="Premier classement", after="0")

    assert seen(browser)[0] == {"rank"}
    assert "Première note" not in browser.get("/resultats/premier-tour/corrections").text


def test_another_candidates_paper_is_nowhere(app: Flask, client: FlaskClient) -> None:
    show(app, **ALL)
    browser, other = app.test_client(), app.test_client()
    enter(browser, app.extensions["world"], "camille")
    enter(other, app.extensions["world"], "claude")
    sit(browser, right=4)

    answers: list[Any] = [other.get(COPY), other.get(MINE), other.get(f"{MINE}.json")]

    assert [one.status_code for one in answers] == [403, 403, 403]
