"""The page on foreign formats says what the program does."""

from __future__ import annotations

from pathlib import Path

from quizapp.exam.formats import FORMATS
from quizapp.exam.questions.base import TYPES

PAGE = Path(__file__).parents[2] / "docs/bank-formats.md"


def test_every_format_and_what_becomes_of_each_type_is_documented() -> None:
    page = PAGE.read_text("utf-8")

    assert {name for name in {*FORMATS, *TYPES} if f"`{name}`" not in page} == set()
