"""A candidate's way in a real browser, and every screen checked for accessibility and width."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import select

from quizapp.exam import receipts, rescue
from quizapp.proof import queries as proof
from quizapp.sitting.tables import Answer, Sitting
from tests.world import PASSWORD, SECRET, Adviser, World

PHONE = {"width": 360, "height": 740}
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


def front(page: Page) -> Locator:
    """The question in front."""
    return page.locator(".question:visible")


def choose(page: Page, label: str = "La bonne") -> None:
    """Choose an answer of the question in front."""
    front(page).get_by_label(re.compile(label)).check()


def kept(page: Page) -> None:
    """Wait until the bar says that everything is kept."""
    expect(page.locator("#kept[data-state='kept']")).to_have_text(
        re.compile(r"^Enregistré à \d+\sh\s\d\d\smin\s\d\d\ss$"), timeout=20_000
    )


def responses(world: World) -> dict[int, str | None]:
    """The answers that count, by item."""
    with world.store.reading() as db:
        rows = db.exec(select(Answer).where(~Answer.late).order_by(Answer.seq))  # type: ignore[arg-type]
        return {row.item: row.response for row in rows}


def test_every_answer_is_kept_as_it_is_given(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    for number in range(1, 6):
        expect(page.locator("[data-place]")).to_have_text(f"Question {number} sur 6")
        choose(page)
        kept(page)
        page.get_by_role("button", name="Question suivante").click()
    front(page).get_by_role("textbox").fill("1 700")
    front(page).get_by_role("textbox").blur()
    kept(page)
    page.get_by_role("button", name="Récapitulatif").click()
    page.get_by_role("button", name="Remettre ma copie").click()

    expect(page).to_have_url(re.compile("/recu$"))
    assert responses(world) == {1: "0", 2: "0", 3: "0", 4: "0", 5: "0", 6: "1700"}
    with world.store.reading() as db:
        sitting = db.exec(select(Sitting)).one()
    assert (sitting.answered, sitting.closed_by) == (6, "candidate")


def test_whole_paper_can_be_answered_without_network(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)

    page.context.set_offline(True)
    for _ in range(5):
        choose(page)
        page.get_by_role("button", name="Question suivante").click()
    expect(page.locator("#kept")).to_have_text(re.compile(r"^Hors ligne\s: 5 réponses gardées"))
    before = responses(world)
    page.context.set_offline(False)
    kept(page)

    assert before == {}
    assert responses(world) == dict.fromkeys(range(1, 6), "0")


def test_answers_outlive_a_reload_and_a_closed_tab(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    page.route("**/reponses/*", lambda route: route.abort())
    choose(page)
    expect(page.locator("#kept")).to_have_text(re.compile(r"^Hors ligne\s: 1 réponse gardée"))
    paper, context = page.url, page.context

    page.close()
    again = context.new_page()
    again.goto(paper)
    kept(again)

    expect(front(again).get_by_label(re.compile("La bonne"))).to_be_checked()
    assert responses(world) == {1: "0"}


def test_answers_that_wait_can_be_taken_away_as_a_sealed_file(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    app.config["RESCUE_AFTER"] = 0
    enter(page, world.camille)
    start(page)
    page.context.set_offline(True)
    choose(page)
    with page.expect_download() as told:
        page.get_by_role("button", name=re.compile("fichier de secours")).click()

    text = told.value.path().read_text("utf-8")
    with world.store.reading() as db:
        opened = rescue.open_file(text, proof.rescue_keys(db, SECRET), SECRET)
    assert [(one.item, one.seq) for one in opened.pending] == [(1, 1)]


def test_device_keeps_the_server_s_word_for_each_answer(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    choose(page)
    kept(page)
    page.get_by_role("button", name="Récapitulatif").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Remettre ma copie").click()
    with page.expect_download() as told:
        page.get_by_role("link", name="Accusés gardés par cet appareil").click()

    with world.store.reading() as db:
        receipt = receipts.check(
            told.value.path().read_text("utf-8").strip(), proof.public_keys(db)
        )
    assert (receipt.item, receipt.n) == (1, 1)


def test_answer_of_a_public_network_is_no_acknowledgement(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    page.route("**/reponses/*", lambda route: route.fulfill(status=200, body="<h1>Wi-Fi</h1>"))
    choose(page)

    expect(page.locator("[data-strip]")).to_contain_text(
        "Le réseau a répondu à la place du serveur"
    )
    expect(page.locator("#kept")).not_to_have_text(re.compile("Enregistré"))
    page.unroute("**/reponses/*")
    kept(page)
    assert responses(world) == {1: "0"}


def test_newest_tab_writes_and_the_older_one_says_why_it_does_not(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    second = page.context.new_page()
    second.goto(page.url)
    second.wait_for_load_state("networkidle")

    expect(page.locator("[data-strip]")).to_contain_text("ouverte dans un autre onglet")
    expect(page.locator("#paper")).to_have_attribute("inert", "")
    choose(second)
    kept(second)
    page.get_by_role("link", name="Continuer ici").click()
    expect(second.locator("[data-strip]")).to_contain_text("ouverte dans un autre onglet")
    expect(front(page).get_by_label(re.compile("La bonne"))).to_be_checked()


def test_second_device_takes_over_and_the_first_is_told(
    app: Flask, page: Page, chromium: Browser, site: str
) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    context = chromium.new_context(base_url=site, locale="fr-FR", viewport=PHONE)
    phone = context.new_page()
    enter(phone, world.camille)
    phone.goto(page.url)
    checked(phone, "elsewhere")
    phone.get_by_role("button", name="Continuer ici").click()
    choose(phone)
    kept(phone)

    choose(page, "La fausse")

    expect(page.locator("[data-strip]")).to_contain_text("continue sur un autre appareil")
    assert responses(world) == {1: "0"}
    context.close()


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
    choose(page)
    kept(page)
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
