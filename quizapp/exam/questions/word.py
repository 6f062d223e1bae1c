"""A word, or several, to pick in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import StringConstraints, model_validator

from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import Question, register
from quizapp.exam.questions.shown import Shown
from quizapp.exam.scoring import Tally

MOST = 150
_SEVERAL_MOST = 48  # one answer posts fifty values at most, « Je ne sais pas » among them


@dataclass(frozen=True, slots=True)
class Word:
    """A word as shown: its text, the value it posts (empty if it cannot be picked)."""

    text: str
    value: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Words:
    """The text in words, and whether several are to be picked."""

    words: tuple[Word, ...]
    several: bool


@register("word", keys={"find"})
class PickedWord(Question):
    """A text whose right words stand in square brackets; an answer is the picked words' numbers.

    Words are numbered from 0 as they follow one another; what stands alone without a letter or a
    digit, such as a dash, is not one.
    """

    rules: ClassVar[tuple[str, ...]] = ("all-or-nothing", "right-minus-wrong")

    find: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]

    @model_validator(mode="after")
    def _brackets_fit(self) -> Self:
        if not self._right or any(bad in " ".join(self._tokens) for bad in "[]"):
            raise ValueError(
                "Le mot à trouver n’est pas indiqué, ou pas seul.|"
                " Mettez-le entre crochets, mot par mot : « je [rapelle] demain »."
            )
        most = _SEVERAL_MOST if len(self._right) > 1 else MOST
        if not 3 <= len(self._pickable) <= most:
            raise ValueError(f"Le texte compte trop ou trop peu de mots.| De 3 à {most} mots.")
        return self

    @property
    def _marked(self) -> list[tuple[str, bool]]:
        """Each token without its brackets, and whether it had some."""
        return [
            (re.sub(r"\[([^\[\]]+)\]", r"\1", token), bool(re.search(r"\[[^\[\]]+\]", token)))
            for token in self.find.split()
        ]

    @property
    def _tokens(self) -> list[str]:
        return [text for text, _right in self._marked]

    @property
    def _pickable(self) -> list[str]:
        return [text for text in self._tokens if _is_word(text)]

    @property
    def _right(self) -> set[int]:
        words = [right for text, right in self._marked if _is_word(text)]
        return {number for number, right in enumerate(words) if right}

    def _read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:  # noqa: ARG002
        places = set(posted) - {""}
        allowed = {str(number): number for number in range(len(self._pickable))}
        if not places <= allowed.keys():
            raise NotAnAnswerError("Ce mot n’est pas dans le texte.")
        if len(places) > 1 and len(self._right) == 1:
            raise NotAnAnswerError("Un seul mot est demandé.")
        return ",".join(map(str, sorted(allowed[place] for place in places))) or None

    def _show(self, order: Sequence[int], answer: str | None) -> Shown:  # noqa: ARG002
        chosen = answer.split(",") if answer else []
        words: list[Word] = []
        number = 0
        for text in self._tokens:
            value = str(number) if _is_word(text) else ""
            number += bool(value)
            words.append(Word(text, value, value in chosen))
        return Shown(self.kind, self.stem, body=Words(tuple(words), len(self._right) > 1))

    def _told(self, answer: str) -> str:
        words = self._pickable
        return " | ".join(words[int(number)].strip("«».,;:!?()") for number in answer.split(","))

    def _tally(self, answer: str) -> Tally:
        picked = {int(number) for number in answer.split(",")}
        right = len(picked & self._right)
        return Tally(right, len(picked) - right, of=len(self._right))

    @property
    def key(self) -> str:
        """The numbers of the right words."""
        return ",".join(map(str, sorted(self._right)))


def _is_word(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
