"""A silence keeps one rule quiet at one question, with its reason; anything else is told."""

from __future__ import annotations

from datetime import date

import pytest

from quizapp.exam.lint.linting import lint

BANK = """\
bank: essai
title: Essai
{head}questions:
{above}  - id: un
    topic: accueil
    difficulty: 1
    text: Quelle attitude n’est pas recommandée face à un client en colère\u00a0?{beside}
{inside}    answer: Hausser le ton
    wrong: [Écouter, Reformuler, Proposer]
    explanation: Le ton monte de part et d’autre, et la demande n’est plus entendue.
    source: AFNOR, NF Service
{below}  - id: deux
    topic: accueil
    difficulty: 1
    text: |
      Que dit-on en décrochant\u00a0?
      # lint\u00a0: QA201 parce que ce n’est pas un commentaire
    answer: Bonjour
    wrong: [Allô, Oui]
    explanation: La salutation vient avant toute question.
    source: AFNOR, NF Service
"""
REASON = "# lint: QA201 parce que la consigne le souligne"


def told(**lines: str) -> list[str]:
    """What is found, as ``line code``."""
    empty = dict.fromkeys(("head", "above", "beside", "inside", "below"), "")
    text = BANK.format_map({**empty, **lines})
    return [f"{one.place.line} {one.code}" for one in lint({"b.yaml": text}, date(2026, 11, 28))]


def test_without_a_silence_the_rule_speaks() -> None:
    assert told() == ["7 QA201"]


@pytest.mark.parametrize(
    "lines",
    [
        {"inside": f"    {REASON}\n"},
        {"inside": f"{REASON}\n"},
        {"beside": f" {REASON}"},
        {"above": f"  {REASON}\n"},
        {"below": f"    {REASON}\n"},
        {"inside": "    #lint:qa201,QA201 car la consigne le souligne.\n"},
    ],
)
def test_silence_with_a_reason_is_kept_at_its_question(lines: dict[str, str]) -> None:
    assert told(**lines) == []


@pytest.mark.parametrize("reason", ["", "parce que", "parce que oui", "voulu", "-"])
def test_silence_without_a_reason_is_told(reason: str) -> None:
    assert "QA001" in " ".join(told(inside=f"    # lint: QA201 {reason}\n"))


def test_silence_without_any_reason_silences_nothing() -> None:
    assert told(inside="    # lint: QA201\n") == ["7 QA201", "8 QA001"]


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("# lint: QA101 parce que la formule est légale", ["7 QA201", "8 QA002"]),
        ("# lint: QA999 parce que la formule est légale", ["7 QA201", "8 QA002"]),
        ("# lint: parce que la formule est légale", ["7 QA201", "8 QA002"]),
        ("# lint: QA201, QA101 parce que la consigne le souligne", ["8 QA002"]),
    ],
)
def test_silence_that_silences_nothing_is_told(comment: str, found: list[str]) -> None:
    assert told(inside=f"    {comment}\n") == found


def test_silence_of_one_question_leaves_the_next_alone() -> None:
    assert told(below=f"  {REASON}\n") == ["7 QA201", "12 QA002"]


def test_silence_above_the_questions_speaks_of_the_bank() -> None:
    assert told(head=f"{REASON}\n") == ["3 QA002", "8 QA201"]
