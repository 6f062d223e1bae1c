"""The preview of a bank: what candidates will see, the key and the remarks, again after each save."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from quizapp.cli.preview import create_preview
from quizapp.exam import bank
from tests.cli.test_bank import BROKEN, GOOD, WARNED


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A bank of one question."""
    made = tmp_path / "b.yaml"
    made.write_text(GOOD, "utf-8")
    return made


@pytest.fixture
def browser(file: Path) -> FlaskClient:
    """A browser on the preview of that bank."""
    return create_preview(file, lambda: date(2026, 11, 28)).test_client()


def page(browser: FlaskClient, path: str = "/") -> str:
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def tried(browser: FlaskClient, place: str) -> str:
    """The page after choosing what stands at ``place``."""
    form = page(browser)
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    answer = browser.post(
        "/question/un", data={"csrf_token": token[1], "answer-1": place}, follow_redirects=True
    )
    return answer.get_data(as_text=True)


def test_preview_shows_the_question_its_key_and_no_remark(browser: FlaskClient) -> None:
    shown = page(browser)

    assert "Que dit-on en décrochant\u00a0?" in shown
    assert "La salutation vient avant toute question." in shown
    assert "Rien à reprendre" in shown
    assert "Signaler" not in shown  # nobody reads reports here
    assert len(re.findall(r'<input class="choice-box"', shown)) == 3
    assert len(re.findall(r'<input class="choice-box"[^>]* checked', shown)) == 0


def test_preview_follows_the_file(browser: FlaskClient, file: Path) -> None:
    before = browser.get("/version").json
    file.write_text(WARNED, "utf-8")

    assert browser.get("/version").json != before
    assert "QA301" in page(browser)


def test_preview_tells_why_a_bank_cannot_be_read(browser: FlaskClient, file: Path) -> None:
    file.write_text(BROKEN, "utf-8")

    told = page(browser, "/question/un")

    assert "Ligne 6, colonne 17." in told
    assert "« dur » n’est pas un nombre entier." in told


@pytest.mark.parametrize("body", [b"\xff\xfe", b"", b"bank: [", b"# rien"])
def test_preview_of_no_bank_at_all_is_a_page(browser: FlaskClient, file: Path, body: bytes) -> None:
    file.write_bytes(body)

    assert "Cette banque ne se lit pas encore" in page(browser)


def test_answer_is_marked(browser: FlaskClient) -> None:
    marks = {place: re.search(r"<strong>([01]/1)</strong> pour «\u00a0?\s?(\w+)", tried(browser, place))
             for place in "012"}  # fmt: skip

    assert sorted((mark[1], mark[2]) for mark in marks.values() if mark) == [
        ("0/1", "Allô"), ("0/1", "Oui"), ("1/1", "Bonjour"),
    ]  # fmt: skip


def test_no_answer_and_an_impossible_one_are_told(browser: FlaskClient) -> None:
    assert "<strong>0/1</strong> sans réponse." in tried(browser, "")
    assert "Ce choix n’existe pas dans cette question." in tried(browser, "9")


def test_attempt_is_forgotten_when_the_file_changes(browser: FlaskClient, file: Path) -> None:
    assert "<strong>0/1</strong>" in tried(browser, "")
    file.write_text(GOOD.replace("[Allô, Oui]", "[Allô, Oui, Non]"), "utf-8")

    assert "<strong>0/1</strong>" not in page(browser)


def test_choices_can_be_shuffled_otherwise(browser: FlaskClient) -> None:
    orders = {
        tuple(re.findall(r'<span class="choice-text">([^<]+)', page(browser, f"/question/un?shuffle={at}"))[:3])
        for at in range(12)
    }  # fmt: skip

    assert len(orders) > 2


def test_preview_answers_this_machine_only_and_guards_its_form(browser: FlaskClient) -> None:
    assert browser.get("/version", headers={"Host": "ailleurs.example"}).status_code == 400
    assert browser.post("/question/un", data={"answer-1": "0"}).status_code == 400
    assert "script-src 'self'" in browser.get("/version").headers["Content-Security-Policy"]


EXAMPLES = Path(__file__).parents[2] / "question_banks/examples/types.yaml"


@pytest.mark.parametrize("name", bank.parse(EXAMPLES.read_text("utf-8")).by_id)
def test_every_type_is_shown_answered_by_nothing_and_reviewed(name: str) -> None:
    browser = create_preview(EXAMPLES, lambda: date(2026, 11, 28)).test_client()
    form = page(browser, f"/question/{name}")
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token

    answer = browser.post(
        f"/question/{name}", data={"csrf_token": token[1], "answer-1": ""}, follow_redirects=True
    )

    assert answer.status_code == 200
    assert 'id="review-1"' in answer.get_data(as_text=True)
    assert 'role="status"' in answer.get_data(as_text=True)
