"""Aiken: one question a paragraph, its choices lettered, and a line that names the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.exam.bank import Bank
from quizapp.exam.formats import markdown
from quizapp.exam.formats.base import (
    Exported,
    Format,
    Imported,
    Loss,
    NotCarriedError,
    Outlet,
    Tell,
    register,
)
from quizapp.exam.formats.entries import Entry
from quizapp.exam.formats.intake import Intake
from quizapp.exam.formats.texts import decoded
from quizapp.exam.questions.choice import Single
from quizapp.exam.questions.true_false import TrueFalse

_CHOICE = re.compile(r"([A-Z])[.)]\s+(.*)", re.DOTALL)
_MOST = 50  # lines of a question
_ANSWER = re.compile(r"ANSWER\s*:\s*([A-Z])", re.IGNORECASE)
_IS_IT = re.compile(rb"^\s*ANSWER\s*:\s*[A-Z]\s*$", re.IGNORECASE | re.MULTILINE)
_OUTLET = Outlet("Aiken", frozenset({"text"}))


def read(raw: bytes, file: str) -> Imported:
    """The bank of a file: single choices."""
    intake = Intake(file)
    for line, lines in _questions(decoded(raw, file, intake.losses)):
        with intake.item(lines[0], line=line) as item:
            intake.add(_entry(lines), item)
    return intake.imported()


def _questions(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of each question, which ends with its answer, and the number of the first."""
    lines: list[str] = []
    first = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        bare = line.strip()
        if not bare and lines and _CHOICE.match(lines[-1]):
            yield first, lines
            lines = []
        if bare:
            first = first if lines else number
            lines.append(bare)
        if _ANSWER.match(bare):
            yield first, lines
            lines = []
    if lines:
        yield first, lines


def _entry(lines: list[str]) -> Entry:
    if len(lines) > _MOST:
        raise NotCarriedError("elle a trop de lignes")
    start = next((at for at, line in enumerate(lines) if _CHOICE.match(line)), len(lines))
    stem, rest = lines[:start], lines[start:]
    choices: dict[str, str] = {}
    right = ""
    for line in rest:
        if found := _ANSWER.fullmatch(line):
            right = found[1].upper()
        elif found := _CHOICE.fullmatch(line):
            choices[found[1]] = markdown.from_plain(found[2].strip())
        else:
            raise NotCarriedError(f"la ligne « {line[:40]} » n’est ni un choix ni « ANSWER: »")
    if not stem:
        raise NotCarriedError("elle n’a pas d’énoncé avant ses choix")
    if right not in choices:
        raise NotCarriedError(
            f"« ANSWER: {right} » ne nomme aucun choix" if right else "la ligne « ANSWER: » manque"
        )
    wrong = [text for letter, text in choices.items() if letter != right]
    return {"text": markdown.from_plain(" ".join(stem)), "answer": choices[right], "wrong": wrong}


def write(bank: Bank) -> Exported:
    """Single choices; what else a question says has no place here."""
    losses: list[Loss] = []
    made = [text for _, text in _OUTLET.made(bank, losses)]
    return Exported("\n".join(made).encode(), len(made), tuple(losses))


@_OUTLET.writes("single", carries="answer wrong fractions")
def _single(question: Single, tell: Tell) -> str:
    if question.fractions is not None:
        tell("Aiken n’a pas de part des points par choix", "fractions", "scoring")
    return _paragraph(question, question.choices, 0, tell)


@_OUTLET.writes("true-false", carries="true")
def _true_false(question: TrueFalse, tell: Tell) -> str:
    tell("reviendra comme un choix entre « Vrai » et « Faux »", "type")
    return _paragraph(question, question.choices, int(question.key), tell)


def _paragraph(
    question: Single | TrueFalse, choices: tuple[str, ...], right: int, tell: Tell
) -> str:
    if question.stimulus:
        raise NotCarriedError("Aiken n’a pas de texte commun à plusieurs questions")
    stem = markdown.to_plain(question.text, tell, "text")
    if _CHOICE.match(stem) or _ANSWER.match(stem):
        raise NotCarriedError("Aiken prendrait son énoncé pour un choix")
    letters = [chr(ord("A") + number) for number in range(len(choices))]
    lines = [stem]
    for letter, choice in zip(letters, choices, strict=True):
        lines.append(f"{letter}. {markdown.to_plain(choice, tell, 'answer')}")
        if markdown.from_plain(choice) != choice:
            tell("la mise en forme n’est pas gardée", "wrong", "last")
    return "\n".join([*lines, f"ANSWER: {letters[right]}", ""])


register(
    Format("aiken", "Aiken", (".aiken", ".txt"), lambda raw: bool(_IS_IT.search(raw)), read, write)
)
