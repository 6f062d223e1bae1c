"""What changed in meaning between two versions of a bank, for whoever reviews it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from quizapp.exam.bank import Bank
from quizapp.exam.questions.base import Question


class Reach(StrEnum):
    """What a change can move."""

    MARK = "mark"
    DRAW = "draw"
    READING = "reading"
    NOTHING = "nothing"

    @property
    def word(self) -> str:
        """The reach in French."""
        return {
            "mark": "change la note",
            "draw": "change le tirage",
            "reading": "change la lecture",
            "nothing": "ne change rien pour le candidat",
        }[self]


# A key that is not here belongs to its type, and may change the mark.
_KEYS = {
    "text": ("énoncé", Reach.READING),
    "stimulus": ("texte du cas", Reach.READING),
    "exclude": ("exclusions", Reach.DRAW),
    "weight": ("points", Reach.MARK),
    "scoring": ("règle de notation", Reach.MARK),
    "topic": ("thème", Reach.DRAW),
    "difficulty": ("difficulté", Reach.DRAW),
    "tags": ("étiquettes", Reach.DRAW),
    "explanation": ("explication", Reach.NOTHING),
    "source": ("source", Reach.NOTHING),
    "true_until": ("sûre jusqu’au", Reach.NOTHING),
    "last": ("choix laissé à la fin", Reach.READING),
    "unit": ("unité", Reach.READING),
    "type": ("type", Reach.MARK),
    "answer": ("bonne réponse", Reach.MARK),
    "answers": ("bonnes réponses", Reach.MARK),
    "wrong": ("mauvais choix", Reach.MARK),
    "estimate": ("valeur à estimer", Reach.MARK),
}
_TELL_THE_KEY = {"answer", "answers", "estimate"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a question, or the bank, now says otherwise; ``old`` or ``new`` may be empty."""

    question: str
    key: str
    name: str
    reach: Reach
    old: str
    new: str


def changes(old: Bank, new: Bank) -> list[Change]:
    """Every change of meaning: of the bank, of questions in the order of ``new``, then those gone."""
    found = [
        Change("", key, name, Reach.READING, before, after)
        for key, name, before, after in (
            ("bank", "nom de la banque", old.slug, new.slug),
            ("title", "titre de la banque", old.title, new.title),
        )
        if before != after
    ]
    for question in new.questions:
        if (earlier := old.by_id.get(question.id)) is None:
            found.append(
                Change(question.id, "added", "question ajoutée", Reach.DRAW, "", question.text)
            )
        else:
            found += _between(earlier, question)
    found += [
        Change(question.id, "removed", "question retirée", Reach.DRAW, question.text, "")
        for question in old.questions
        if question.id not in new.by_id
    ]
    order = [question.id for question in new.questions if question.id in old.by_id]
    if order != [question.id for question in old.questions if question.id in new.by_id]:
        found.append(Change("", "order", "ordre des questions", Reach.DRAW, "", ""))
    return found


def _between(old: Question, new: Question) -> Iterator[Change]:
    before = {"type": old.kind, **_said(old)}
    after = {"type": new.kind, **_said(new)}
    differing = [key for key in {**after, **before} if before.get(key) != after.get(key)]
    for key in differing:
        name, reach = _KEYS.get(key, (key, Reach.MARK))
        told = _told(before.get(key)), _told(after.get(key))
        if reach is not Reach.MARK and _spaceless(told[0]) == _spaceless(told[1]):
            name, reach = f"{name}, espaces seulement", Reach.NOTHING
        yield Change(new.id, key, name, reach, *told)
    keys = old.told(old.key), new.told(new.key)
    if keys[0] != keys[1] and not _TELL_THE_KEY.intersection(differing):
        yield Change(new.id, "key", "clé", Reach.MARK, *keys)


def _said(question: Question) -> dict[str, Any]:
    said = question.meaning()
    return {
        key: value
        for key, value in said.items()
        if key not in ("id", "kind", "type") and value not in (None, [], "")
    }


def _spaceless(text: str) -> str:
    return "".join(text.split())


def _told(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " | ".join(value)
    if value is None or isinstance(value, str | int):
        return "" if value is None else str(value)
    return json.dumps(value, ensure_ascii=False)
