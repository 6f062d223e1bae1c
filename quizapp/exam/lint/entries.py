"""What rules look at: the questions of a bank, each with the places of what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from quizapp.exam import bank
from quizapp.exam import source as yaml_source
from quizapp.exam.bank import Bank
from quizapp.exam.comments import Comment, behind
from quizapp.exam.lint import words
from quizapp.exam.problems import Place
from quizapp.exam.questions.base import Question
from quizapp.exam.source import Path, Source

# Keys whose values are not sentences.
NOT_PROSE = {"id", "type", "true_until", "tags"}


class Said(NamedTuple):
    """One text of a question; of a key that is a text, such as a statement, the path ends with it."""

    path: Path
    text: str
    place: Place


@dataclass(frozen=True, eq=False)
class Entry:
    """One question of a bank, as it stands in its file."""

    question: Question
    path: Path
    shelf: Shelf

    @property
    def source(self) -> Source:
        """The file it stands in."""
        return self.shelf.source

    @property
    def today(self) -> date:
        """The day on which it is checked."""
        return self.shelf.today

    @cached_property
    def right(self) -> tuple[str, ...]:
        """The right choices; none where a type has no choices."""
        return self._choices("right")

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        """The wrong choices; none where a type has no choices."""
        return self._choices("wrong")

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """All choices that are texts."""
        return self._choices("choices")

    @cached_property
    def last(self) -> tuple[str, ...]:
        """The choices that stay at the end."""
        return self._choices("last")

    @cached_property
    def told(self) -> str:
        """The right answer as a line of text."""
        return self.question.told(self.question.key)

    @cached_property
    def subject(self) -> frozenset[str]:
        """The words that tell what is asked, and what is answered."""
        return words.subject(self.question.text) | words.subject(self.told)

    @cached_property
    def prose(self) -> tuple[Said, ...]:
        """Every sentence that the file says in this question, among them keys such as statements.

        The first part of a case answers for what the case says, too.
        """
        entry: Any = self.source.value
        for step in self.path:
            entry = entry[step]
        said = [(self.path, entry)]
        if len(self.path) > 2 and self.path[-1] == 0:
            case = self.source.value["questions"][self.path[1]]
            said.append((self.path[:2], {**case, "parts": ""}))
        return tuple(
            found
            for path, keys in said
            for key, value in keys.items()
            if key not in NOT_PROSE
            for found in _texts(value, (*path, key), self.source)
        )

    def at(self, *keys: str) -> Place:
        """The place of the first of these keys that the question has, or of the question."""
        for key in keys:
            if (*self.path, key) in self.source.values:
                return self.source.values[(*self.path, key)]
        return self.source.place(self.path)

    def where(self, text: str) -> Place:
        """The place at which the question says ``text``."""
        for said in self.prose:
            if said.text.strip() == text:
                return said.place
        return self.source.place(self.path)

    def _choices(self, name: str) -> tuple[str, ...]:
        found = getattr(self.question, name, ())
        if isinstance(found, tuple) and all(isinstance(one, str) for one in found):
            return found
        return ()


def _texts(value: Any, path: Path, source: Source) -> Iterator[Said]:
    if path not in source.values:
        return  # what parts share stands in the case alone
    if isinstance(value, str):
        yield Said(path, value, source.values[path])
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield Said((*path, key), key, source.keys[(*path, key)])
            yield from _texts(inner, (*path, key), source)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place), source)


@dataclass(frozen=True, eq=False)
class Shelf:
    """One bank with its file, on the day on which it is checked."""

    bank: Bank
    source: Source
    today: date

    @classmethod
    def of(cls, text: str, file: str, today: date) -> Shelf:
        """The bank in ``text``; raises RefusedError with every problem found."""
        source = yaml_source.read(text, file)
        return cls(bank.parse(text, file, source=source), source, today)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """The questions in the order of the file."""
        return tuple(
            Entry(question, path, self)
            for question, path in zip(self.bank.questions, self._paths(), strict=True)
        )

    def _paths(self) -> Iterator[Path]:
        """Where each question stands: in the list, or among the parts of its case."""
        for place, entry in enumerate(self.source.value["questions"]):
            if isinstance(parts := entry.get("parts"), list):
                yield from (("questions", place, "parts", part) for part in range(len(parts)))
            else:
                yield ("questions", place)

    @cached_property
    def common(self) -> frozenset[str]:
        """The words that more than one stem in fifty holds, and five stems at least."""
        held = Counter(
            word for entry in self.entries for word in set(words.words(entry.question.text))
        )
        return frozenset(
            word for word, times in held.items() if times > max(len(self.entries) / 50, 4)
        )

    @cached_property
    def behind(self) -> Mapping[Path, Comment]:
        """The comments right behind a text that stands without quotation marks."""
        return behind(self.source)

    @property
    def place(self) -> Place:
        """Where remarks about the whole bank stand."""
        return self.source.place(("bank",), key=True)
