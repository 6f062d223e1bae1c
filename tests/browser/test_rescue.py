"""What a real browser seals, the server opens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import segno
from flask import Flask
from playwright.sync_api import Page, expect

from quizapp.exam.rescue import Pending, Rescue, open_file
from quizapp.exam.rescue_parts import join
from quizapp.exam.signing import AlteredError
from tests.browser.test_candidate import choose, enter, start
from tests.exam.test_rescue import CANDIDATE, KEYS, NOON, PAGE, SECRET, STAGE
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LONG = 'Élève, œuvre, naïf, 日本, 😀 \u2028 " \\ ' * 200
PENDING = [
    {"number": 1, "answer": ["0", "2"], "flagged": False, "seq": 4, "key": "a" * 36, "at": 0},
    {"number": 41, "answer": [LONG], "flagged": True, "seq": 1, "key": "b-1234567", "url": "/x"},
    {"number": 2, "answer": [], "flagged": False, "seq": 9, "key": "c" * 36},
]
SEAL = """async ([pending, page]) => {
  const rescue = await import("/static/js/sitting/rescue.js");
  return [rescue.canSeal(), await rescue.seal(pending, page), await rescue.seal(pending, page)];
}"""
DOWNLOAD = """async (text) => {
  const rescue = await import("/static/js/sitting/rescue.js");
  rescue.download(text, "secours-000123.json");
}"""


@pytest.fixture
def sealed(page: Page) -> Any:
    """Whether the browser can, and one thing sealed twice."""
    page.goto("/")
    return page.evaluate(SEAL, [PENDING, PAGE])


def test_what_the_browser_seals_the_server_opens(sealed: Any) -> None:
    able, file, _again = sealed

    opened = open_file(file, KEYS, SECRET)

    assert able
    assert opened == Rescue(
        STAGE, CANDIDATE, NOON, opened.sealed_at,
        (
            Pending(1, 4, "a" * 36, ("0", "2"), False, None),
            Pending(41, 1, "b-1234567", (LONG,), True, None),
            Pending(2, 9, "c" * 36, (), False, None),
        ),
    )  # fmt: skip


def test_nothing_sealed_twice_looks_the_same(sealed: Any) -> None:
    _able, one, other = map(json.loads, ("true", *sealed[1:]))

    assert not {one[name] for name in ("ephemeral", "iv", "sealed")} & {
        other[name] for name in ("ephemeral", "iv", "sealed")
    }


def test_what_the_browser_sealed_cannot_be_given_to_another(sealed: Any) -> None:
    with pytest.raises(AlteredError):
        open_file(sealed[1].replace(CANDIDATE, "000124"), KEYS, SECRET)


def test_file_is_downloaded_as_it_was_sealed(page: Page, sealed: Any, tmp_path: Path) -> None:
    with page.expect_download() as coming:
        page.evaluate(DOWNLOAD, sealed[1])
    coming.value.save_as(tmp_path / "f")

    assert coming.value.suggested_filename == "secours-000123.json"
    assert (tmp_path / "f").read_text("utf-8") == sealed[1]


CODES = """async ([file, uqr, lengths]) => {
  const link = Object.assign(document.createElement("link"), { href: uqr });
  link.dataset.part = "uqr";
  document.head.append(link);
  const codes = await import("/static/js/sitting/codes.js");
  const parts = await codes.parts(file);
  const texts = lengths.map((length) => parts.join("").slice(0, length));
  const drawn = await Promise.all([...parts, ...texts].map(codes.drawn));
  return [parts, texts, drawn.map(({ data, version, maskPattern }) => [data, version, maskPattern])];
}"""
# What a code holds without padding, by its version at level M (ISO/IEC 18004, table 7).
FULL = {2: 26, 7: 122, 13: 331, 17: 504}


def test_codes_of_the_browser_say_the_whole_file_and_are_qr_codes(page: Page, sealed: Any) -> None:
    lengths = list(FULL.values())
    parts, texts, drawn = page.evaluate(CODES, [sealed[1], "/static/js/vendor/uqr.js", lengths])

    assert json.loads(join("\n".join(reversed(parts)))) == json.loads(sealed[1])
    assert len(parts) > 5
    assert max(version for _, version, _ in drawn) == 17
    for text, (modules, version, mask) in zip(texts, drawn[len(parts) :], strict=True):
        again = segno.make(
            text, error="m", version=version, mask=mask, mode="byte", boost_error=False
        )
        assert FULL[version] == len(text)
        assert [[bool(one) for one in row] for row in again.matrix] == modules


@pytest.mark.parametrize("width", [1280, 360])
def test_page_without_network_shows_the_codes(app: Flask, page: Page, width: int) -> None:
    world: World = app.extensions["world"]
    app.config["RESCUE_AFTER"] = 0
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, world.camille)
    start(page)
    page.context.set_offline(True)
    choose(page)
    page.get_by_role("button", name="Les montrer en codes QR").click()

    dialog = page.get_by_role("dialog", name="Mes réponses en attente, en codes QR")
    expect(dialog.get_by_role("img").first).to_be_visible()
    count = dialog.get_by_role("img").count()
    assert dialog.get_by_role("img", name=f"Code {count} sur {count}").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    dialog.get_by_role("button", name="Fermer et continuer").click()
    expect(dialog).to_have_count(0)
    page.context.set_offline(False)
