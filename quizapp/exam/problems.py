"""How anything refuses: where it is, what is wrong, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing an author has to change, told in French."""

    place: Place
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" + (f" {self.mend}" if self.mend else "")


class RefusedError(ValueError):
    """A file that is not loaded, with every problem found in it, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class ToldError(ValueError):
    """A refusal for the person on the screen, in French: ``text``, whose ``%(name)s`` ``words`` fill.

    Both are kept, so that a door can tell it in another language.
    """

    def __init__(self, text: str, **words: object) -> None:
        self.text, self.words = text, words
        super().__init__(text % words if words else text)


class NotAnAnswerError(ToldError):
    """What was posted cannot be an answer to this question; the message tells the candidate why."""
