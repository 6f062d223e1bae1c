"""The shipped banks are what their authors are asked for: nothing to mend, and in canonical layout."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quizapp.exam import source
from quizapp.exam.layout import laid_out
from quizapp.exam.lint.linting import lint
from quizapp.exam.lint.typography import mended_text

ROOT = Path(__file__).parents[2] / "question_banks"
BANKS = sorted(ROOT.rglob("*.yaml"))
CONTEST = date(2026, 11, 28)  # a fixed day: the same commit is not found wanting later


def test_check_finds_nothing_within_and_between_banks_nor_a_silence_without_reason() -> None:
    texts = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in BANKS}

    assert [str(finding) for finding in lint(texts, CONTEST)] == []


@pytest.mark.parametrize("file", BANKS, ids=lambda file: file.stem)
def test_fmt_changes_nothing(file: Path) -> None:
    text = file.read_text("utf-8")

    assert laid_out(text, source.read(text, file.name)) == text
    assert laid_out(text, source.read(text, file.name), mended_text) == text
