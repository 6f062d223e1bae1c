"""The one layout: the same meaning and comments, and laid out again the same text."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.exam import bank, source
from quizapp.exam.comments import comments
from quizapp.exam.layout import laid_out
from quizapp.exam.lint.typography import mended_text

UNTIDY = """\
# yaml-language-server: $schema=bank.schema.json

"bank":   essai   # le nom


title: 'L’essai'
questions:   # il y en a deux
- source: Archives


  id: a-1
  wrong:
  - Un      # trop court
  - "Deux"
  # une fin
  text: >-
    Que
    dire ?
  # lint: QA101 parce que la formule est légale
  answer: "trois: quatre"
  topic: accueil
  explanation: |
    Un.

    # pas un commentaire
  difficulty: 1
  # fin de la première



# la seconde
-   {id: a-2, topic: accueil, difficulty: 2, text: "a # b", estimate: 12, explanation: c,   # ici
     source: d}
# fin
"""
TIDY = """\
# yaml-language-server: $schema=bank.schema.json

bank: essai # le nom

title: L’essai
questions: # il y en a deux
  - id: a-1
    topic: accueil
    difficulty: 1
    # fin de la première
    # une fin
    text: Que dire ?
    wrong:
      - Un # trop court
      - Deux
    # lint: QA101 parce que la formule est légale
    answer: "trois: quatre"
    explanation: |
      Un.

      # pas un commentaire
    source: Archives

  # la seconde
  - id: a-2 # ici
    topic: accueil
    difficulty: 2
    text: "a # b"
    estimate: 12
    explanation: c
    source: d
# fin
"""


def tidy(text: str) -> str:
    return laid_out(text, source.read(text, "b.yaml"))


def test_layout_is_the_one_layout() -> None:
    assert tidy(UNTIDY) == TIDY
    assert tidy(TIDY) == TIDY


def test_layout_changes_texts_only_when_asked() -> None:
    assert "topic: ACCUEIL" in laid_out(
        TIDY, source.read(TIDY, "b.yaml"), lambda path, value: value.upper()
    )


def test_typography_of_keys_that_are_texts_is_mended_and_still_names_the_choices() -> None:
    text = """\
bank: b
title: B
questions:
  - id: q-1
    topic: appels
    difficulty: 1
    text: Que dites-vous\u00a0?
    answers: ["Qui l'appelle ?", De 9 h à 13 h]
    wrong: [Rien]
    fractions:
      "Qui l'appelle ?": 1/2
      De 9 h à 13 h: 1/2
      Rien: 0
    explanation: C’est l’usage.
    source: Archives
"""

    mended = laid_out(text, source.read(text, "b.yaml"), mended_text)

    assert mended == text.replace("l'appelle ?", "l’appelle\u00a0?").replace(" h", "\u00a0h")
    assert bank.parse(mended)


WORDS = st.sampled_from(
    ["oui", "No", "012", "-1", "- a", "a: b", "a :", "a #b", "#", "'", '"', "a, b", "[a]", "{b}",
     "&c", "*d", "!e", "%f", "@g", "`h`", "|", ">", "?", "? i", "---", "...", "é", "«\u00a0j\u00a0»",
     "k\\n", "l\tm", "~", "=", "<<", "🙂"]
)  # fmt: skip
LINE = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
BLOCK = st.lists(LINE | st.just("") | st.just("  indent"), min_size=1, max_size=4).map("\n".join)
NOTES = st.text(alphabet="ab:#'\"[]{}é -", max_size=8).map(lambda text: f"# {text.strip()}")


@st.composite
def questions(draw: st.DrawFn, number: int) -> list[str]:
    """One question in any legal writing, with comments anywhere."""
    keys = {
        "id": f"q-{number}", "topic": draw(LINE), "difficulty": "2", "text": f"x{draw(BLOCK)}x",
        "answer": "w" + draw(LINE), "wrong": ["v" + draw(LINE), "u" + draw(LINE)],
        "explanation": f"{draw(BLOCK)}y{draw(st.sampled_from(['', chr(10), chr(10) * 2]))}",
        "source": draw(LINE),
    }  # fmt: skip
    lines: list[str] = []
    for key in draw(st.permutations(list(keys))):
        value = keys[key]
        note = draw(st.just("") | NOTES.map(lambda text: f" {text}"))
        if isinstance(value, list) and draw(st.booleans()):
            lines += [f"{key}:{note}"]
            for one in value:
                lines += [f"  - {json.dumps(one, ensure_ascii=False)}{note}"]
                lines += draw(st.lists(NOTES.map(lambda text: f"  {text}"), max_size=1))
        elif isinstance(value, list):
            end = draw(st.sampled_from(["]", f"{note}\n    ]"]))
            body = ", ".join(json.dumps(one, ensure_ascii=False) for one in value)
            lines += f"{key}: [{body}{end}{note}".split("\n")
        else:
            lines += [f"{key}: {json.dumps(value, ensure_ascii=False)}{note}"]
        lines += draw(
            st.lists(NOTES.map(lambda text: " " * draw(st.integers(0, 6)) + text), max_size=2)
        )
        lines += [""] * draw(st.integers(0, 2))
    return [("- " if place == 0 else "  ") + line for place, line in enumerate(lines)]


@st.composite
def files(draw: st.DrawFn) -> str:
    count = draw(st.integers(1, 3))
    body = [line for number in range(count) for line in draw(questions(number))]
    head = draw(st.lists(NOTES, max_size=2))
    foot = draw(st.lists(NOTES | st.just(""), max_size=2))
    return "\n".join([*head, "bank: b", "title: t # c", *head, "questions:", *body, *foot]) + "\n"


@given(files())
@settings(deadline=None, max_examples=300)
def test_layout_keeps_meaning_and_comments_and_comes_to_rest(text: str) -> None:
    once = tidy(text)

    assert bank.parse(once).digest == bank.parse(text).digest
    assert said(once) == said(text)
    assert tidy(once) == once


def said(text: str) -> Counter[str]:
    return Counter(comment.text for comment in comments(text))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_layout_of_windows_lines_is_the_same(end: str) -> None:
    assert tidy(UNTIDY.replace("\n", end)) == TIDY
