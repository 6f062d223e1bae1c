"""Bad networks by chance: what a page ever showed as kept is stored, and what it shows at the end is kept.

Each round is a script drawn from its seed: answers, moves, a network that is gone, answers for
itself, is busy, slow, or loses the server's word after the commit; the page reloaded or closed, the
clock stepped, a second tab. ``make networks`` plays 200 rounds, the tests a few:

    QUIZAPP_NETWORKS=200 python -m pytest tests/browser/test_networks.py
"""

from __future__ import annotations

import os
import random
import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Route, expect
from playwright.sync_api import Error as PlaywrightError
from sqlmodel import select

from quizapp.contests import actions as contests
from quizapp.contests.queries import current_edition
from quizapp.people import places
from quizapp.sitting import queries
from quizapp.sitting.answers import Answers
from quizapp.sitting.queries import Seat
from quizapp.sitting.tables import Answer, Sitting
from tests.browser.test_candidate import enter, front, start
from tests.world import OPENS, SECRET, Adviser, World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROUNDS = int(os.environ.get("QUIZAPP_NETWORKS", "6"))
AT_ONCE = 10  # rounds on one server
STEPS = 14
CHOICES = """() => Object.fromEntries([...document.querySelectorAll(".question")].map((question) => [
  question.dataset.number,
  [...question.querySelectorAll("input:checked")]
    .filter((one) => one.name.startsWith("answer-"))
    .map((one) => one.value),
]))"""
# Each time the bar says that all is kept, what stands on the page is noted.
WATCH = f"""addEventListener("DOMContentLoaded", () => {{
  const kept = document.getElementById("kept");
  if (!kept) return;
  new MutationObserver(() => {{
    if (kept.dataset.state === "kept") window.shown(({CHOICES})());
  }}).observe(kept, {{ attributeFilter: ["data-state"], childList: true }});
}});"""
STEP_CLOCK = "(ms) => { const real = Date.now.bind(Date); Date.now = () => real() + ms; }"


class Round:
    """One candidate's paper under one script."""

    def __init__(self, app: Flask, context: BrowserContext, who: Adviser, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world: World = app.extensions["world"]
        self.answers: Answers = app.extensions["answers"]
        self.context, self.who = context, who
        self.mode, self.script = "open", [f"seed {seed}"]
        self.held: list[Route] = []
        self.shown: list[dict[str, list[str]]] = []
        context.expose_binding("shown", lambda _source, told: self.shown.append(told))
        context.add_init_script(WATCH)
        context.route("**/reponses/*", self.on_the_way)
        self.page = context.new_page()

    def on_the_way(self, route: Route) -> None:
        """What the network makes of an answer."""
        if self.mode == "gone":
            route.abort()
        elif self.mode == "portal":
            route.fulfill(status=200, content_type="text/html", body="<p>Bienvenue</p>")
        elif self.mode == "busy":
            route.fulfill(status=503, content_type="text/html", body="<p>Plus tard</p>")
        elif self.mode == "lost":
            route.fetch()  # stored, and its word never arrives
            route.abort()
        elif self.mode == "slow":
            self.held.append(route)
        else:
            route.continue_()

    def play(self) -> None:
        """The whole script, then a sound network, then the comparison."""
        enter(self.page, self.who)
        start(self.page)
        acts = (
            self.answer,
            self.answer,
            self.answer,
            self.move,
            self.change,
            self.change,
            self.rare,
        )
        for _ in range(STEPS):
            self.chance.choice(acts)()
        self.heal()
        self.end()
        self.compare()

    def note(self, what: str) -> None:
        """Remember the script, for the message of a failure."""
        self.script.append(what)

    def answer(self) -> None:
        """Choose something of the question in front, if it has choices."""
        boxes = front(self.page).locator("input[type=radio]")
        if boxes.count():
            place = self.chance.randrange(boxes.count())
            self.note(f"choose {place}")
            # Wherever the page has scrolled to, and whatever strip has just opened above it.
            boxes.nth(place).evaluate("one => one.click()")

    def move(self) -> None:
        """Go to a neighbouring question."""
        name = self.chance.choice(("Question suivante", "Question précédente"))
        button = self.page.get_by_role("button", name=name)
        if button.is_visible():
            self.note(name)
            button.click()

    def change(self) -> None:
        """Another network."""
        self.release()
        self.mode = self.chance.choice(("open", "gone", "portal", "busy", "lost", "slow"))
        self.note(self.mode)

    def rare(self) -> None:
        """What happens to a page."""
        act = self.chance.choice(
            (self.reload, self.reopen, self.second_tab, self.step, self.unplug)
        )
        self.note(act.__name__)
        act()

    def reload(self) -> None:
        """Load the page again."""
        self.page.reload(wait_until="networkidle" if self.mode == "open" else "load")
        self.settle()

    def reopen(self) -> None:
        """Close the tab, and come back."""
        url = self.page.url
        self.page.close()
        self.page = self.context.new_page()
        self.page.goto(url)
        self.settle()

    def second_tab(self) -> None:
        """Open the paper once more; the older tab gives way and stays open."""
        url = self.page.url
        self.page = self.context.new_page()
        self.page.goto(url)
        self.settle()

    def step(self) -> None:
        """Let the device's clock jump."""
        self.page.evaluate(STEP_CLOCK, self.chance.choice((-3_600_000, 90_000, 7_200_000)))

    def unplug(self) -> None:
        """No network at all while two answers are given."""
        self.context.set_offline(True)
        self.answer()
        self.move()
        self.answer()
        self.context.set_offline(False)

    def settle(self) -> None:
        """The whole paper is in the page."""
        expect(self.page.locator(".question")).to_have_count(6)

    def release(self) -> None:
        """What was slow goes on."""
        while self.held:
            route = self.held.pop()
            try:
                route.continue_()
            except PlaywrightError:  # its page is closed
                self.note("went with its page")

    def heal(self) -> None:
        """A sound network again, of which the page is told."""
        self.mode = "open"
        self.release()
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def end(self) -> None:
        """All is kept; where an older page's answer came between, the page says so, and it is chosen anew."""
        ended = self.page.locator("#kept:is([data-state='kept'], [data-state='refused'])")
        for _ in range(4):
            self.page.goto(self.page.url.partition("?")[0])
            self.settle()
            self.answer()
            expect(ended).to_be_visible(timeout=20_000)
            if ended.get_attribute("data-state") == "kept":
                return
            self.note("refused")
        raise AssertionError(self.script)

    def compare(self) -> None:
        """The database against what was shown, at any time and at the end."""
        self.page.reload()
        self.settle()
        seen = self.page.evaluate(CHOICES)
        with self.world.store.reading() as db:
            sitting = db.exec(select(Sitting).where(Sitting.application_id == self.who.id)).one()
            number = sitting.id or 0
            stored = queries.responses(queries.answers_of(db, number))
            rows = db.exec(select(Answer).where(Answer.sitting_id == number, ~Answer.late)).all()  # type: ignore[arg-type]
        seat = self.answers.seat(number, self.who.id)
        assert seat is not None
        ever = {(row.item, row.response) for row in rows}
        for told in self.shown:
            missing = self.read(seat, told).items() - ever
            assert not missing, (missing, self.script)
        assert self.read(seat, seen) == stored, self.script

    def read(self, seat: Seat, told: dict[str, list[str]]) -> dict[int, str]:
        """What stands on a page, as it is stored."""
        found = {
            int(item): self.answers.read(
                seat, item=int(item), posted=[one for one in values if one]
            )
            for item, values in told.items()
        }
        return {item: response for item, response in found.items() if response is not None}


def newcomer(world: World, seed: int) -> Adviser:
    """One more candidate, who has not begun."""
    with world.store.writing() as db:
        edition = current_edition(db)
        assert edition is not None
        row, access = contests.apply(
            db, edition, last_name="Essai", first_name="Réseau", email=f"r{seed}@exemple.fr",
            company="Allô", city=places.resolve("Lyon")[0], secret=SECRET, now=OPENS,
        )  # fmt: skip
        return Adviser(row.id or 0, row.number, access)


@pytest.mark.parametrize("first", range(0, ROUNDS, AT_ONCE))
def test_what_was_shown_as_kept_is_kept(
    app: Flask, chromium: Browser, site: str, first: int
) -> None:
    told: dict[str, Any] = {"shown": 0, "answers": 0}
    for seed in range(first, min(first + AT_ONCE, ROUNDS)):
        context = chromium.new_context(base_url=site, locale="fr-FR")
        played = Round(app, context, newcomer(app.extensions["world"], seed), seed)
        played.play()
        told["shown"] += len(played.shown)
        told["answers"] += len(re.findall("choose", " ".join(played.script)))
        context.close()

    assert told["shown"] > AT_ONCE, told
    assert told["answers"] > AT_ONCE, told
