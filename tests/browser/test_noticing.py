"""In a real browser: what is noted is said at once, and what somebody typed is theirs to copy."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlmodel import select

from quizapp.sitting.tables import Fact
from tests.browser.test_candidate import checked, enter, start
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def composing(app: Flask, page: Page) -> World:
    """Camille composes; the page's own time runs only when it is told to."""
    world: World = app.extensions["world"]
    page.clock.install()
    enter(page, world.camille)
    start(page)
    return world


def leave(page: Page, seconds: int) -> None:
    page.evaluate(HIDE, True)
    page.clock.run_for(seconds * 1000)
    page.evaluate(HIDE, False)


def kinds(world: World) -> list[tuple[str, int | None]]:
    with world.store.reading() as db:
        return [(one.kind, one.seconds) for one in db.exec(select(Fact)).all()]


def test_leaving_the_page_is_noted_and_said(page: Page, composing: World) -> None:
    leave(page, 1)
    with page.expect_response(re.compile("/faits$")):
        leave(page, 14)

    said = page.get_by_role("status").filter(has_text="Noté")
    expect(said).to_contain_text(re.compile(r"page quittée pendant 14\ss\."))
    assert kinds(composing) == [("left", 14)]
    checked(page, "noted")
    page.get_by_role("button", name="J’ai lu").click()
    expect(page.get_by_text("Noté :")).to_have_count(0)


def test_copying_of_the_question_is_noted_and_of_a_typed_answer_is_not(
    page: Page, composing: World
) -> None:
    page.evaluate(
        """() => {
          const typed = document.createElement("input");
          document.getElementById("main").append(typed);
          typed.dispatchEvent(new ClipboardEvent("copy", { bubbles: true }));
        }"""
    )
    with page.expect_response(re.compile("/faits$")):
        page.evaluate(
            """() => document.querySelector(".stem").dispatchEvent(
              new ClipboardEvent("copy", { bubbles: true }))"""
        )

    expect(page.get_by_text("Noté : texte copié depuis la page.")).to_be_visible()
    assert kinds(composing) == [("copying", None)]
