"""What a real browser seals, the server opens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from quizapp.exam.rescue import Pending, Rescue, open_file
from quizapp.exam.signing import AlteredError
from tests.exam.test_rescue import CANDIDATE, KEYS, NOON, PAGE, SECRET, STAGE

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
