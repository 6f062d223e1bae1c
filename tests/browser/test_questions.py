"""Every type of question in a real browser: answered, kept, read again; accessible and narrow."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import select

from quizapp.sitting.tables import Answer, Sitting
from tests import world as worlds
from tests.browser.test_candidate import checked, enter, start
from tests.questions.examples import EXAMPLES, FILE
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMES = dict.fromkeys(one.stimulus.case if one.stimulus else one.id for one in EXAMPLES.questions)
SECTION = (
    f"    sections:\n      - {{bank: exemples, title: Exemples, questions: {len(EXAMPLES.questions)},"
    f" scored: no, pick: [{', '.join(NAMES)}]}}\n    ties: [lot]\n"
)
ANSWERS = {
    one.id: one.key or ("1" if one.kind == "survey" else "Bonjour,\n\nje suis navrée.")
    for one in EXAMPLES.questions
}


@pytest.fixture
def edition() -> str:
    """The world's round asks every example, all on one page."""
    return worlds.EDITION.split("    sections:")[0].replace("PAGE", "all") + SECTION


@pytest.fixture(autouse=True)
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples stand for the world's last bank."""
    monkeypatch.setattr(worlds, "SUBSIDIARY", FILE.read_text("utf-8"))


def stored(app: Flask) -> dict[str, str | None]:
    """The last answer to each question."""
    with app.extensions["store"].reading() as db:
        rows = db.exec(select(Answer).order_by(Answer.seq)).all()
    last = {row.item: row.response for row in rows}
    return {one.id: last.get(number) for number, one in enumerate(EXAMPLES.questions, start=1)}


def shown(app: Flask, page: Page) -> dict[str, str | None]:
    """What the page shows of each answer, read as the server would read it."""
    with app.extensions["store"].reading() as db:
        items = db.exec(select(Sitting)).one().paper.items
    fields = """(one) => [...one.querySelectorAll(`[name="answer-${one.dataset.number}"]`)]
        .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
        .map((field) => field.value)"""
    return {
        question.id: question.read(
            page.locator(f"#question-{item.number}").evaluate(fields), item.order
        )
        for question, item in zip(EXAMPLES.questions, items, strict=True)
    }


def answer(sheet: Locator, number: int, *, script: bool) -> None:
    """Answer one question as its key does, by what its fields say."""
    question = EXAMPLES.questions[number - 1]
    name = f'[name="answer-{number}"]'
    kept = ANSWERS[question.id]
    if question.kind in ("short", "free"):
        sheet.locator(name).fill(kept)
    elif question.kind in ("number", "estimate"):
        sheet.locator(name).fill(kept.replace(".", ","))
        if script:
            expect(sheet.locator("[data-understood]")).not_to_be_empty()
    elif question.kind == "gaps":
        sheet.locator(f"input{name}").fill("Fleuve")
        sheet.locator(f"select{name}").select_option(label="l’océan Atlantique")
    elif question.kind == "word":
        sheet.locator(f"{name}[value='{kept}']").check()
    elif getattr(question, "ask", "") == "best-and-worst":
        best, worst = (question.choices[int(one)] for one in kept.split(","))
        for label, text in (("La meilleure réaction", best), ("La moins bonne réaction", worst)):
            menu = sheet.get_by_label(label, exact=True)
            option = menu.locator("option", has_text=text)
            menu.select_option(value=option.get_attribute("value"))
    elif hasattr(question, "rows"):
        for row, right in zip(question.rows, question.right, strict=True):
            sheet.get_by_label(row, exact=True).select_option(label=question.options[right])
    else:
        for chosen in kept.split(","):
            label = question.choices[int(chosen)]
            sheet.locator("label.choice", has_text=label).locator("input").check()


EXPECTED = {**ANSWERS, "ex-trous": '["Fleuve", "0"]'}


def test_every_type_is_answered_kept_and_shown_again(app: Flask, page: Page) -> None:
    world: World = app.extensions["world"]
    enter(page, world.camille)
    start(page)
    checked(page, "types")
    page.locator("#question-4 select").nth(2).select_option(label="Faux")
    expect(page.locator("#question-4 [data-kept]")).to_contain_text("Enregistré")
    assert sorted((stored(app)["ex-kprim"] or "").split(",")) == ["", "", "", "1"]
    for number in range(1, len(EXAMPLES.questions) + 1):
        answer(page.locator(f"#question-{number}"), number, script=True)
    for number in range(1, len(EXAMPLES.questions) + 1):
        expect(page.locator(f"#question-{number} [data-kept]")).to_contain_text("Enregistré")
    expect(page.locator("#kept")).to_contain_text("Enregistré")

    assert stored(app) == EXPECTED

    page.reload()
    page.wait_for_load_state("networkidle")
    checked(page, "types-answered")
    assert shown(app, page) == EXPECTED
    page.locator("[name='flag-15']").check()
    expect(page.locator("#question-15 [data-kept]")).to_contain_text("Enregistré")
    assert stored(app) == EXPECTED


def test_every_type_is_answered_without_script(app: Flask, chromium: Browser, site: str) -> None:
    world: World = app.extensions["world"]
    context = chromium.new_context(
        base_url=site, locale="fr-FR", java_script_enabled=False,
        viewport={"width": 360, "height": 800},
    )  # fmt: skip
    page = context.new_page()
    enter(page, world.camille)
    start(page)
    for number in range(1, len(EXAMPLES.questions) + 1):
        answer(page.locator(f"#question-{number}"), number, script=False)

    page.get_by_role("button", name="Enregistrer").click()

    assert stored(app) == EXPECTED
    context.close()
