"""A paced paper in a real browser: a question's time runs out, the next opens, nothing leads back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from quizapp.sitting import timing
from tests import world as worlds
from tests.browser.test_candidate import checked, choose, enter, kept, responses, start
from tests.sitting.running import WHY, mine
from tests.world import NOON, World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Clock = Callable[[datetime], None]


@pytest.fixture
def edition() -> str:
    """A paced one."""
    return worlds.PACED


@pytest.fixture
def composing(app: Flask, page: Page) -> World:
    """Camille has read what the first part asks; the page's own time runs only when it is told to."""
    world: World = app.extensions["world"]
    page.clock.install()
    enter(page, world.camille)
    start(page)
    return world


def place(page: Page, number: int) -> None:
    """Question ``number`` is in front, alone on the page."""
    told = re.compile(rf"^Question {number} sur 6")
    expect(page.locator("[data-place]")).to_have_text(told, timeout=20_000)
    assert page.locator(".question").count() == 1


def asks(page: Page) -> None:
    """Half a minute passes for the page, in which it has asked how its sitting stands."""
    with page.expect_response(re.compile("/etat$")):
        page.clock.run_for(30_000)
    page.clock.run_for(1100)


def begin(page: Page) -> None:
    """Press « Commencer cette partie »."""
    page.get_by_role("button", name="Commencer cette partie").click()
    page.wait_for_load_state("networkidle")


def test_question_times_run_out_and_the_way_leads_only_forward(
    page: Page, clock: Clock, composing: World
) -> None:
    expect(page.get_by_text("l’on ne revient pas en arrière").first).to_be_visible()
    checked(page, "next-part")
    begin(page)
    place(page, 1)
    expect(page.locator("[data-step-clock]")).to_have_text(re.compile(r"^[34]\d\ss pour répondre$"))
    checked(page, "step-question")
    choose(page)
    kept(page)

    clock(NOON + timedelta(seconds=20))
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-step-clock]")).to_have_text(re.compile(r"^[12]\d\ss pour répondre$"))

    clock(NOON + timedelta(seconds=47))
    with page.expect_request(re.compile("/suite$")):
        asks(page)
    place(page, 2)
    expect(page.locator("[data-step-clock]")).to_have_text(re.compile(r"^[34]\d\ss pour répondre$"))
    page.goto(page.url + "?q=1")
    place(page, 2)
    expect(page.get_by_text("On ne revient pas en arrière : la question 1")).to_be_visible()
    page.go_back()
    place(page, 2)
    assert responses(composing) == {1: "0"}


def test_next_question_is_asked_once_however_often_one_presses(
    page: Page, composing: World
) -> None:
    begin(page)
    choose(page)
    page.get_by_role("button", name="Question suivante").dblclick()
    place(page, 2)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Question suivante").focus()
    page.keyboard.press("Enter")
    place(page, 3)
    page.get_by_role("button", name="Partie suivante").click()

    expect(page.get_by_role("heading", name="Relation client")).to_be_visible()
    expect(page.get_by_role("link", name="Revenir à la partie en cours")).to_be_visible()
    begin(page)
    expect(page.locator("[data-step-clock]")).to_have_text(
        re.compile(r"^4\smin\s\d+\ss pour cette partie$")
    )
    assert page.locator(".question").count() == 2
    checked(page, "step-part")
    page.get_by_role("button", name="Question suivante").click()
    page.get_by_role("button", name="Question précédente").click()
    expect(page.locator("[data-place]")).to_have_text("Question 4 sur 6")


def test_lost_network_is_told_with_its_price_and_the_answer_waits(
    page: Page, composing: World
) -> None:
    begin(page)
    page.context.set_offline(True)
    choose(page)
    strip = page.locator("[data-strip]")
    expect(strip).to_contain_text("Le temps de la question continue")
    expect(page.locator("#kept")).to_have_text(re.compile(r"^Hors ligne\s: 1 réponse gardée"))
    page.get_by_role("button", name="Question suivante").click()
    expect(strip).to_contain_text("la suite s’ouvrira dès son retour")
    place(page, 1)
    page.clock.run_for(50_000)
    expect(strip).to_contain_text(re.compile("Le temps de cette question (est écoulé|continue)"))
    checked(page, "step-offline")

    page.context.set_offline(False)  # the page is told, and tries again within a second or two
    place(page, 2)
    assert responses(composing) == {1: "0"}


def test_pause_stops_the_questions_clock_and_hiding_holds_for_it_too(
    page: Page, composing: World
) -> None:
    begin(page)
    page.get_by_role("button", name="Masquer").click()
    page.clock.run_for(1100)
    expect(page.locator("[data-step-clock]")).to_have_text("Moins d’une minute pour répondre")
    with composing.store.writing() as db:
        timing.pause(db, mine(db, composing), now=NOON, **WHY)
    asks(page)
    page.clock.run_for(60_000)
    expect(page.locator("#paper")).to_be_hidden()
    expect(page.get_by_text("Le temps de cette question est écoulé")).to_have_count(0)

    with composing.store.writing() as db:
        timing.resume(db, mine(db, composing), now=NOON, **WHY)
    asks(page)
    place(page, 1)


def test_choice_made_before_the_script_has_come_is_kept_too(page: Page, composing: World) -> None:
    held: list[Route] = []
    page.route("**/js/sitting.js*", lambda route: held.append(route))
    page.get_by_role("button", name="Commencer cette partie").click(no_wait_after=True)
    expect(page.locator("[data-place]")).to_have_text("Question 1 sur 6")
    choose(page)
    assert responses(composing) == {}
    for one in held:
        one.continue_()

    kept(page)
    assert responses(composing) == {1: "0"}
