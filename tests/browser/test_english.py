"""The screens in English in a real browser: the switch, the words of the scripts, the same care."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.test_candidate import checked, enter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_candidate_chooses_english_and_sits_in_it(app: Flask, page: Page) -> None:
    enter(page, app.extensions["world"].camille)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Français")).to_be_visible()
    checked(page, "english-my-page")

    page.goto("/epreuve/premier-tour")
    page.get_by_role("button", name="Start the test").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^\d+ min \d\d s$"))
    page.locator(".choice").first.click()
    expect(page.locator("#kept")).to_have_text(re.compile(r"^Saved at \d\d:\d\d:\d\d$"))
    checked(page, "english-paper")
