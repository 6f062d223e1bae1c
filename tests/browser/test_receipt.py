"""A receipt in a real browser: downloaded after the round, shown on the public page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.test_candidate import checked, choose, enter, kept, start
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def verdict(page: Page, role: str, title: str) -> None:
    """The page says this, and says it aloud."""
    expect(page.get_by_role(role).get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role(role)).to_be_focused()


def test_downloaded_receipt_is_shown_and_checked(app: Flask, page: Page, tmp_path: Path) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    choose(page)
    kept(page)
    page.get_by_role("button", name="Récapitulatif").click()
    page.get_by_label(re.compile("sans réponse")).check()
    page.get_by_role("button", name="Remettre ma copie").click()
    checked(page, "receipt")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Télécharger le reçu").click()
    file = tmp_path / "recu.txt"
    coming.value.save_as(file)

    page.get_by_role("main").get_by_role("link", name="Vérifier un reçu").click()
    checked(page, "verify")
    page.get_by_label("Fichier du reçu").set_input_files(file)
    page.get_by_role("button", name="Vérifier").click()
    verdict(page, "status", "Ce reçu est authentique")
    checked(page, "verify-authentic")

    page.get_by_label("Ou texte du reçu").fill(file.read_text("utf-8"))
    page.get_by_role("button", name="Vérifier").click()
    verdict(page, "status", "Ce reçu est authentique")

    page.get_by_label("Ou texte du reçu").fill(
        file.read_text("utf-8").replace("1 sur 6", "6 sur 6")
    )
    page.get_by_role("button", name="Vérifier").click()
    verdict(page, "alert", "Ce reçu n’est pas authentique")
    expect(
        page.get_by_text("Le texte de présentation, en haut du fichier, a été modifié.")
    ).to_be_visible()
    checked(page, "verify-altered")

    token = re.findall(r"qr1\S+", file.read_text("utf-8"))[0]
    page.get_by_label("Ou texte du reçu").fill(f"{token}\n{token}")
    page.get_by_role("button", name="Vérifier").click()
    checked(page, "verify-answers")
    page.get_by_role("button", name="Vérifier").click()
    checked(page, "verify-nothing")
