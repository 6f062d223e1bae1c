"""A practice paper in a real browser: marked on every page, and its answers at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.test_candidate import checked, enter
from tests.sitting.test_practice import BEFORE, load, with_practice
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_practice_from_the_own_page_to_the_answers(
    app: Flask, page: Page, clock: Callable[[datetime], None]
) -> None:
    world: World = app.extensions["world"]
    with world.store.writing() as db:
        load(db, with_practice("{questions: 12}"))
    clock(BEFORE)
    band = page.get_by_text("Rien de ce que vous faites ici ne compte.")

    enter(page, world.camille)
    page.get_by_role("link", name="M’entraîner").click()
    checked(page, "practice")
    page.get_by_role("button", name="Commencer un essai").click()
    page.wait_for_load_state("networkidle")
    expect(band).to_be_visible()
    checked(page, "practice-paper")
    page.get_by_role("button", name="Récapitulatif").click()
    expect(band).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Remettre ma copie").click()
    expect(band).to_be_visible()
    checked(page, "practice-receipt")
    page.get_by_role("link", name="Voir la correction").click()
    expect(band).to_be_visible()
    checked(page, "practice-answers")

    expect(page.get_by_text(re.compile(r"0 points? sur\s12, pour vous seul"))).to_be_visible()
    expect(page.locator(".review")).to_have_count(12)
