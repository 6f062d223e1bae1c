"""The file beside a bank that says how its questions fared: written by ``bank stats``, read by ``check``.

It names the round, its day, and for each question a few figures and what to look at. A question that
was changed since has another ``meaning``: its figures speak of another question, and are not shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from quizapp.exam.advice import advise
from quizapp.exam.lint.entries import Shelf
from quizapp.exam.lint.rules import Finding, Severity
from quizapp.exam.problems import RefusedError
from quizapp.exam.questions.base import Question
from quizapp.exam.source import read
from quizapp.exam.statistics import Item

SUFFIX = ".stats.yaml"
CODE = "réponses"  # in the place of a rule's code


class Fared(BaseModel):
    """How one question fared; see ``statistics.Item`` for the figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    meaning: str
    asked: int
    facility: float
    index: float | None = None
    item_rest: float | None = None
    omitted: float
    advice: tuple[str, ...] = ()


class Sidecar(BaseModel):
    """How the questions of a bank fared in a round, by identifier."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    round: str
    on: date
    questions: dict[str, Fared]


def write(title: str, on: date, items: Iterable[tuple[Question, Item]]) -> str:
    """The file of these questions."""
    told: dict[str, Any] = {
        "round": title,
        "on": on.isoformat(),
        "questions": {question.id: _fared(question, item) for question, item in items},
    }
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=110)


def parse(text: str, file: str) -> Sidecar | None:
    """The file in ``text``; None if it is not one."""
    try:
        return Sidecar.model_validate(read(text, file).value)
    except (RefusedError, ValidationError):
        return None


def fared(sidecar: Sidecar, question: Question) -> Fared | None:
    """How this very question fared; None if it was not asked, or is not the same any more."""
    found = sidecar.questions.get(question.id)
    return found if found and found.meaning == meaning(question) else None


def findings(sidecar: Sidecar, shelf: Shelf) -> Iterator[Finding]:
    """What the answers say, as remarks beside those of the rules."""
    for entry in shelf.entries:
        if found := fared(sidecar, entry.question):
            for told in found.advice:
                what = f"{sidecar.round}, {found.asked} réponses : {told}"
                yield Finding(entry.at("id"), CODE, Severity.ADVICE, what, "", entry.question.id)


def meaning(question: Question) -> str:
    """A short fingerprint of what makes it this question."""
    said = json.dumps(question.meaning(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _fared(question: Question, item: Item) -> dict[str, Any]:
    return {
        "meaning": meaning(question),
        "asked": item.asked,
        "facility": round(item.facility, 3),
        "index": None if item.index is None else round(item.index, 3),
        "item_rest": None if item.item_rest is None else round(item.item_rest, 3),
        "omitted": round(item.omitted, 3),
        "advice": advise(item),
    }
