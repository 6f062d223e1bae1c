"""A candidate's way in a real browser, and every screen checked for accessibility and width."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from sqlmodel import select

from quizapp.sitting.tables import Answer, Sitting
from tests.world import PASSWORD, Adviser, World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def checked(page: Page, name: str) -> None:
    """No serious violation, and no sideways scroll, on a desktop and on a phone."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
        assert serious == [], (name, width)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, (name, width)
        if folder := os.environ.get("QUIZAPP_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}-{width}.png")
    page.set_viewport_size({"width": 1280, "height": 900})


def enter(page: Page, who: Adviser) -> None:
    """Get in with the printed code."""
    page.goto("/acces")
    page.get_by_label("Code d’accès").fill(who.access.printed)
    page.get_by_role("button", name="Entrer").click()


def start(page: Page) -> None:
    """Begin the first round."""
    page.goto("/epreuve/premier-tour")
    page.get_by_role("button", name="Commencer l’épreuve").click()
    page.wait_for_load_state("networkidle")


def test_newcomer_applies_with_the_city_list(page: Page) -> None:
    page.goto("/candidature")
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label("Nom", exact=True).fill("Hoarau")
    page.get_by_label("Adresse électronique").fill("zoe@exemple.fr")
    page.get_by_label("Entreprise").fill("Allô")
    city = page.get_by_role("combobox")
    city.press_sequentially("saint den")
    page.get_by_role("option", name=re.compile("Réunion")).click()
    page.get_by_label("J’ai lu le règlement").check()
    page.locator("form button.button").last.click()

    expect(page).to_have_url(re.compile("/candidature/confirmee"))
    expect(page.get_by_text("Saint-Denis (La Réunion)").first).to_be_visible()
    checked(page, "applied")


def test_every_answer_is_kept_as_it_is_given(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    for _ in range(5):
        page.get_by_label(re.compile("La bonne")).check()
        expect(page.get_by_text(re.compile("Enregistré à")).first).to_be_visible()
        page.get_by_role("button", name="Question suivante").click()
    page.get_by_role("textbox").fill("1 700")
    page.get_by_role("textbox").blur()
    expect(page.get_by_text(re.compile("Enregistré à")).first).to_be_visible()
    page.get_by_role("button", name="Récapitulatif").click()
    page.get_by_role("button", name="Remettre ma copie").click()

    expect(page).to_have_url(re.compile("/recu$"))
    with world.store.reading() as db:
        sitting = db.exec(select(Sitting)).one()
        kept = {row.item: row.response for row in db.exec(select(Answer).order_by(Answer.seq))}
    assert kept == {1: "0", 2: "0", 3: "0", 4: "0", 5: "0", 6: "1700"}
    assert (sitting.answered, sitting.closed_by) == (6, "candidate")


def test_answer_given_without_network_is_kept_when_it_returns(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    page.wait_for_load_state("networkidle")

    page.context.set_offline(True)
    page.get_by_label(re.compile("La bonne")).check()
    expect(page.get_by_text(re.compile("Hors ligne", re.IGNORECASE)).first).to_be_visible()
    expect(page.get_by_text(re.compile("Enregistré à"))).to_have_count(0)
    page.context.set_offline(False)

    expect(page.get_by_text(re.compile("Enregistré à")).first).to_be_visible(timeout=20_000)
    with world.store.reading() as db:
        assert [row.response for row in db.exec(select(Answer))] == ["0"]


def test_every_screen_of_the_candidate_is_accessible(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    for name, address in (
        ("home", "/"), ("apply", "/candidature"), ("rules", "/reglement"), ("sign_in", "/acces"),
        ("privacy", "/donnees-personnelles"), ("accessibility", "/accessibilite"),
        ("staff", "/connexion"), ("missing", "/nulle-part"), ("styleguide", "/styleguide"),
    ):  # fmt: skip
        page.goto(address)
        checked(page, name)
    page.goto(f"/acces/{world.camille.access.token}")
    checked(page, "access_link")
    page.locator("main form button").click()
    checked(page, "my_page")
    page.goto("/epreuve/premier-tour")
    checked(page, "waiting")
    page.get_by_role("button", name="Commencer l’épreuve").click()
    page.get_by_label(re.compile("La bonne")).check()
    expect(page.get_by_text(re.compile("Enregistré à")).first).to_be_visible()
    checked(page, "paper")
    page.get_by_role("button", name="Récapitulatif").click()
    checked(page, "summary")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Remettre ma copie").click()
    checked(page, "receipt")


def test_every_screen_of_the_desk_is_accessible(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    page.context.clear_cookies()
    page.goto("/connexion")
    page.get_by_label("Adresse électronique").fill("o@exemple.fr")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/organisation$"))
    checked(page, "dashboard")
    desk = "/organisation/etapes/premier-tour"
    for name, address in (
        ("edition", "/organisation/edition"), ("candidates", "/organisation/candidats"),
        ("stage", desk), ("close", f"{desk}/clore"),
    ):  # fmt: skip
        page.goto(address)
        checked(page, name)
    page.get_by_label("Motif").fill("Fin de l’épreuve")
    page.locator("main form button").first.click()
    checked(page, "ranking")
    page.goto(f"{desk}/publier")
    page.get_by_label("Motif").fill("Premier classement")
    page.locator("main form button").first.click()
    page.context.clear_cookies()
    enter(page, world.camille)
    page.goto("/resultats/premier-tour/moi")
    checked(page, "mine")
