"""``blueprint check``: whether every paper can be drawn, and whether they are worth the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quizapp.cli import main
from tests.cli.test_bank import GOOD

EDITION = """\
edition: essai-2026
name: Essai 2026
zone: Europe/Paris
rules: {version: "1", text: Aucune.}
applications: {opens: 2026-01-01 10:00, closes: 2026-02-01 10:00}
stages:
  - stage: tour
    title: Premier tour
    kind: quiz
    opens: 2026-03-01 10:00
    closes: 2026-03-01 12:00
    duration: 20
    group: nation
    quota: 1
    sections:
      - {bank: essai, title: Essai, questions: 2%s}
"""
QUESTION = GOOD[GOOD.index("  - id") :]
BANK = GOOD + QUESTION.replace("un", "deux") + QUESTION.replace("un", "trois").replace(
    "difficulty: 1", "difficulty: 3"
)  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b.yaml").write_text(BANK, "utf-8")


def check(more: str = "", *options: str) -> Result:
    Path("e.yaml").write_text(EDITION % more, "utf-8")
    return CliRunner().invoke(main, ["blueprint", "check", "e.yaml", "b.yaml", *options])


def test_papers_of_one_difficulty_pass() -> None:
    answer = check(", difficulty: {1: 1, 3: 1}")

    assert answer.output == (
        "Premier tour : 2 questions.\n  Chaque tirage se remplit.\n"
        "  Degré moyen 2,00 ; le plus facile 2,00, le plus difficile 2,00 ; écart 0,00.\n"
    )
    assert answer.exit_code == 0


def test_papers_too_unlike_are_refused_above_the_bound() -> None:
    assert check().exit_code == 1
    assert "le plus facile 1,00, le plus difficile 2,00 ; écart 1,00" in check().output
    assert check("", "--bound", "1").exit_code == 0


def test_shortage_is_refused() -> None:
    answer = check(", difficulty: {2: 2}")

    assert answer.exit_code == 1
    assert "ne suffisent pas à en tirer 2" in answer.output


def test_unreadable_edition_is_refused() -> None:
    Path("e.yaml").write_text("edition: [", "utf-8")

    answer = CliRunner().invoke(main, ["blueprint", "check", "e.yaml", "b.yaml"])

    assert answer.exit_code == 1
    assert "rien n’a été vérifié" in answer.output
