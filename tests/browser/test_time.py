"""The clock of a candidate in a real browser: extended, paused, set wrong, asleep."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from quizapp.contests import queries as contests
from quizapp.exam.clock import Scope
from quizapp.sitting import actions, timing
from tests.browser.test_candidate import checked, enter, start
from tests.sitting.running import LILLE, LYON, WHY, mine
from tests.world import NOON, World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def composing(app: Flask, page: Page) -> World:
    """Camille composes, in Lyon; the page's own time runs only when it is told to."""
    world: World = app.extensions["world"]
    page.clock.install()
    enter(page, world.camille)
    start(page)
    return world


def extend(world: World, scope: Scope, minutes: int) -> None:
    with world.store.writing() as db:
        plan = contests.plan(db, "premier-tour")
        assert plan is not None
        timing.extend(db, plan, scope=scope, minutes=minutes, now=NOON, **WHY)


def asks(page: Page) -> None:
    """Half a minute passes, in which the page has asked how its sitting stands."""
    with page.expect_response(re.compile("/etat$")):
        page.clock.run_for(30_000)
    page.clock.run_for(1100)


def test_extension_is_on_the_screen_within_thirty_seconds(page: Page, composing: World) -> None:
    asks(page)
    extend(composing, LILLE, 5)
    asks(page)
    expect(page.get_by_text("prolongé")).to_have_count(0)

    extend(composing, LYON, 10)
    asks(page)

    expect(
        page.get_by_text(re.compile(r"Votre temps a été prolongé. Fin à 10\sh\s35"))
    ).to_be_visible()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(30|29|28)\smin"))
    checked(page, "extended")


def test_pause_hides_the_questions_and_stops_the_clock(page: Page, composing: World) -> None:
    with composing.store.writing() as db:
        timing.pause(db, mine(db, composing), now=NOON, **WHY)
    asks(page)
    expect(page.get_by_text("Votre épreuve est en pause")).to_be_visible()
    expect(page.locator("#paper")).to_be_hidden()
    stood = page.get_by_role("timer").inner_text()
    page.clock.run_for(15_000)
    assert page.get_by_role("timer").inner_text() == stood
    checked(page, "paused")

    with composing.store.writing() as db:
        timing.resume(db, mine(db, composing), now=NOON, **WHY)
    asks(page)
    expect(page.get_by_text(re.compile("Votre épreuve reprend. Fin à"))).to_be_visible()
    expect(page.get_by_label(re.compile("La bonne")).first).to_be_visible()


def test_paused_page_comes_back_by_itself(page: Page, composing: World) -> None:
    with composing.store.writing() as db:
        timing.pause(db, mine(db, composing), now=NOON, **WHY)
    page.reload()
    expect(page.get_by_role("heading", name="Votre épreuve est en pause")).to_be_visible()
    expect(page.locator("#paper")).to_have_count(0)
    checked(page, "paused-page")

    with composing.store.writing() as db:
        timing.resume(db, mine(db, composing), now=NOON, **WHY)
    asks(page)
    expect(page.get_by_label(re.compile("La bonne")).first).to_be_visible()


def test_clock_set_by_an_hour_changes_nothing_and_the_server_is_asked(
    page: Page, composing: World
) -> None:
    asks(page)
    before = page.get_by_role("timer").inner_text()
    with page.expect_request(re.compile("/etat$")):
        page.evaluate("const now = Date.now; Date.now = () => now() + 3_600_000")
        page.clock.run_for(1100)

    expect(page.get_by_role("timer")).to_have_text(re.compile(before[:4]))
    expect(page.get_by_text("Le temps est écoulé")).to_have_count(0)


def test_without_an_answer_the_time_is_said_to_be_unsure(page: Page, composing: World) -> None:
    asks(page)
    page.route("**/etat", lambda route: route.abort())
    page.evaluate("const now = Date.now; Date.now = () => now() + 3_600_000")
    page.clock.run_for(1100)
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^environ (20|19|18)\smin"))

    page.unroute("**/etat")
    asks(page)
    expect(page.get_by_role("timer")).not_to_have_text(re.compile("environ"))


def test_portals_answer_moves_no_clock(page: Page, composing: World) -> None:
    asks(page)
    page.route("**/etat", lambda route: route.fulfill(body="<h1>Wi-Fi</h1>", status=200))
    asks(page)

    told = page.get_by_role("timer").inner_text(), page.locator("[data-time]").inner_text()
    assert re.match(r"(20|19|18)\smin", told[0])
    assert told[1] == ""


def test_paper_handed_in_elsewhere_leads_to_its_receipt(page: Page, composing: World) -> None:
    with composing.store.writing() as db:
        plan = contests.plan(db, "premier-tour")
        assert plan is not None
        number = composing.camille.number
        actions.hand_in(db, mine(db, composing), plan, number=number, now=NOON)
    asks(page)
    page.clock.run_for(4000)

    expect(page).to_have_url(re.compile("/recu$"))
