"""The check of a machine in a real browser: what it tries is really tried, and told in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_candidate import checked

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def told(page: Page, check: str) -> list[str]:
    """The word and the sentence of a check, once all are done."""
    expect(page.locator("[data-again]")).to_be_enabled()
    row = page.locator(f'[data-check="{check}"]')
    return [row.locator("[data-word]").inner_text(), row.locator("[data-said]").inner_text()]


def test_sound_machine_is_ready_and_leaves_nothing_behind(page: Page) -> None:
    page.clock.install(time="2026-11-28T09:05:00Z")
    page.goto("/verification")

    words = [told(page, check)[0] for check in ("browser", "storage", "network", "cookies")]
    left = page.evaluate("async () => (await indexedDB.databases()).map(({ name }) => name)")

    checked(page, "preflight")
    assert words == ["Prêt"] * 4
    assert "quizapp-check" not in [*left, page.evaluate("document.cookie")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 200, "content_type": "text/html", "body": "<p>Bienvenue</p>"}, "à la place du serveur"),
        (None, "Aucune réponse d’essai n’est arrivée"),
    ],
)  # fmt: skip
def test_network_that_keeps_answers_back_is_told(
    page: Page, answer: dict[str, Any] | None, said: str
) -> None:
    def instead(route: Route) -> None:
        route.fulfill(**answer) if answer else route.abort()

    page.route("**/verification/reponses/*", instead)
    page.goto("/verification")

    word, sentence = told(page, "network")

    assert word == "À régler"
    assert said in sentence
    assert "à régler avant le jour" in page.locator("[data-verdict]").inner_text()


def test_storage_that_keeps_nothing_is_told(page: Page) -> None:
    page.add_init_script("IDBObjectStore.prototype.put = () => { throw new Error('plein'); };")
    page.goto("/verification")

    assert told(page, "storage")[0] == "À régler"


def test_difference_of_the_clock_is_told_without_blame(page: Page) -> None:
    page.clock.set_fixed_time("2026-11-28T09:08:12Z")
    page.goto("/verification")

    word, sentence = told(page, "clock")

    assert word == "À savoir"
    assert re.search(r"avance de 3 min 1\d s sur le serveur", sentence.replace("\u00a0", " "))
