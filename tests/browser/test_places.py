"""The choice of a city in a real browser: without JavaScript, and by its arrondissement."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def plain_page(chromium: Browser, site: str) -> Iterator[Page]:
    """A page in a browser that runs no script, on a phone."""
    context = chromium.new_context(
        base_url=site,
        locale="fr-FR",
        viewport={"width": 360, "height": 800},
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


def fill(page: Page, city: str, email: str = "zoe@exemple.fr") -> None:
    """The application of Zoé Hoarau, from this city."""
    page.goto("/candidature")
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label("Nom", exact=True).fill("Hoarau")
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Entreprise").fill("Allô")
    page.get_by_label("Ville du centre").fill(city)
    page.get_by_label("J’ai lu le règlement").check()


def send(page: Page) -> None:
    """Send the application."""
    page.get_by_role("button", name="Envoyer ma candidature").click()


def test_shared_name_is_asked_and_then_chosen_without_javascript(plain_page: Page) -> None:
    fill(plain_page, "Saint-Denis")
    send(plain_page)

    question = plain_page.get_by_role("group", name="Laquelle de ces communes ?")
    labels = question.get_by_role("radio")
    expect(labels).not_to_have_count(0)
    expect(plain_page.get_by_label("Nom", exact=True)).to_have_value("Hoarau")
    question.get_by_label("Saint-Denis (La Réunion)").check()
    send(plain_page)

    expect(plain_page).to_have_url(re.compile("/candidature/confirmee"))
    expect(plain_page.get_by_text("Saint-Denis (La Réunion)").first).to_be_visible()


def test_shared_name_sent_again_without_a_choice_is_asked_again(plain_page: Page) -> None:
    fill(plain_page, "Saint-Denis")
    send(plain_page)
    send(plain_page)

    expect(plain_page.get_by_role("group", name="Laquelle de ces communes ?")).to_be_visible()
    expect(plain_page).to_have_url(re.compile("/candidature$"))


@pytest.mark.parametrize(
    ("typed", "city"),
    [("Lyon 3e", "Lyon"), ("Paris 15", "Paris"), ("Marseille 8e", "Marseille"), ("69003", "Lyon")],
)
def test_arrondissement_is_its_city_without_javascript(
    plain_page: Page, typed: str, city: str
) -> None:
    fill(plain_page, typed)
    send(plain_page)

    expect(plain_page).to_have_url(re.compile("/candidature/confirmee"))
    expect(plain_page.get_by_text(re.compile(rf"\b{city}\b")).first).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "city"),
    [("Lyon 3e", "Lyon"), ("Paris 15", "Paris"), ("Marseille 8e", "Marseille")],
)
def test_arrondissement_is_proposed_as_its_city(page: Page, typed: str, city: str) -> None:
    page.goto("/candidature")
    box = page.get_by_role("combobox")
    box.press_sequentially(typed)

    expect(page.get_by_role("option").first).to_contain_text(city)
    page.get_by_role("option").first.click()

    expect(box).to_have_value(re.compile(rf"^{city}( \(|$)"))
