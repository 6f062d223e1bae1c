"""A composite case: its parts are questions, and its first part answers for what the case says."""

from __future__ import annotations

from datetime import date

from quizapp.exam import bank, source
from quizapp.exam.layout import laid_out
from quizapp.exam.lint.linting import lint

CASE = """\
bank: cas
title: Cas
questions:
  - id: cas-1
    topic: accueil
    difficulty: 1
    text: Un client rappelle pour l'échange promis.{above}
    source: AFNOR, NF Service
    parts:
      - text: Que lui dites-vous d’abord\u00a0?
        answer: Bonjour
        wrong: [Allô, Oui]
        explanation: La salutation vient avant toute question.
      - text: Que n’écrivez-vous **pas** dans sa fiche\u00a0?{beside}
        answer: Votre humeur
        wrong: [Le motif, La suite promise]
        explanation: La fiche sert à ceux qui rappelleront, et non à celui qui écrit.
"""


def told(above: str = "", beside: str = "") -> list[tuple[int, str, str]]:
    text = CASE.format(above=above, beside=beside)
    return [
        (one.place.line, one.code, one.question)
        for one in lint({"c.yaml": text}, date(2026, 11, 28))
    ]


def test_first_part_answers_for_the_text_of_the_case() -> None:
    assert told() == [(7, "QA303", "cas-1.1")]


def test_silence_in_the_head_of_a_case_is_that_of_its_first_part() -> None:
    assert told(above=" # lint: QA303 parce que l’apostrophe est celle du message reçu") == []


def test_silence_in_a_later_part_is_its_own() -> None:
    silent = " # lint: QA303 parce que l’apostrophe est celle du message reçu"

    assert told(beside=silent) == [(7, "QA303", "cas-1.1"), (14, "QA002", "cas-1.2")]


def test_case_is_laid_out_and_keeps_its_meaning() -> None:
    text = CASE.format(above=" # ici", beside=" # et là").replace(
        "      - text", "      -   text", 1
    )
    text = text.replace("        answer: Bonjour", "          answer: Bonjour").replace(
        "        wrong: [Allô, Oui]", "          wrong: [Allô, Oui]"
    ).replace("        explanation: La salut", "          explanation: La salut")  # fmt: skip

    tidy = laid_out(text, source.read(text, "c.yaml"))

    assert tidy == CASE.format(above=" # ici", beside=" # et là")
    assert bank.parse(tidy).digest == bank.parse(text).digest
