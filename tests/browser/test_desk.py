"""The desk and two candidates in real browsers: what a city is given, that city alone sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_candidate import checked, enter, start
from tests.browser.test_time import asks
from tests.sitting.running import END, ends, minutes
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def other(chromium: Browser, site: str) -> Iterator[Page]:
    """Another browser."""
    context = chromium.new_context(base_url=site, locale="fr-FR")
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(chromium: Browser, site: str) -> Iterator[Page]:
    """The organiser's browser, at the wall."""
    context = chromium.new_context(base_url=site, locale="fr-FR")
    page = context.new_page()
    page.goto("/connexion")
    page.get_by_label("Adresse électronique").fill("o@exemple.fr")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Me connecter").click()
    page.wait_for_url("**/organisation")
    yield page
    context.close()


def test_time_given_to_a_city_is_on_the_open_pages_of_that_city_alone(
    app: Flask, page: Page, other: Page, desk: Page
) -> None:
    world: World = app.extensions["world"]
    for browser, who in ((page, world.camille), (other, world.claude)):
        browser.clock.install()
        enter(browser, who)
        start(browser)
        asks(browser)

    desk.goto("/surveillance/premier-tour")
    desk.get_by_label("Ville").select_option(label="Lyon (Rhône)")
    desk.get_by_role("button", name="Afficher").click()
    expect(desk.get_by_role("row", name=re.compile("Exemple Camille"))).to_be_visible()
    expect(desk.get_by_role("row", name=re.compile("Exemple Claude"))).to_have_count(0)
    checked(desk, "wall")
    desk.get_by_role("button", name="Donner du temps…").click()
    expect(desk.get_by_text("Rien n’est encore fait.")).to_be_visible()
    checked(desk, "act")
    desk.get_by_label("Minutes").fill("10")
    desk.get_by_label("Motif").fill("Coupure de courant")
    desk.get_by_role("button", name="Donner ce temps").click()
    expect(desk.get_by_text("2 candidats ont plus de temps.")).to_be_visible()

    asks(page)
    asks(other)
    told = re.compile("L’organisation vous donne 10 minutes de plus")
    expect(page.get_by_text(re.compile(r"Votre temps a été prolongé"))).to_be_visible()
    expect(page.get_by_text(told).first).to_be_visible()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(30|29|28)\smin"))
    expect(other.get_by_text(re.compile("prolongé"))).to_have_count(0)
    expect(other.get_by_text(told)).to_have_count(0)
    expect(other.get_by_role("timer")).to_have_text(re.compile(r"^(20|19|18)\smin"))
    assert ends(world) == {"Camille": END + minutes(10), "Claude": END}
