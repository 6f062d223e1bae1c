"""The table of rules: what each looks for, why it matters, and an example of both kinds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizapp.exam.lint.entries import Entry, Shelf
from quizapp.exam.problems import Place


class Severity(StrEnum):
    """How sure it is that the question has to change."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def word(self) -> str:
        """The severity in French."""
        return {"error": "erreur", "warning": "alerte", "advice": "conseil"}[self]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a rule has found: where, what, and how to mend it."""

    place: Place
    code: str
    severity: Severity
    what: str
    mend: str
    question: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.severity.word} {self.code} {self.what} {self.mend}".rstrip()


@dataclass(frozen=True, slots=True)
class Example:
    """Questions of a bank, without the keys that do not matter; ``times`` repeats them."""

    text: str
    times: int = 1


Remark = tuple[Place, str, str]
OnEntry = Callable[[Entry], Iterable[Remark]]
OnShelf = Callable[[Shelf], Iterable[Remark]]
OnShelves = Callable[[Sequence[Shelf]], Iterable[tuple[str, Remark]]]
Run = Callable[[Sequence[Shelf]], Iterator[tuple[str, Remark]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``run`` gives the question's identifier (or none) and the remark."""

    code: str
    title: str
    why: str
    severity: Severity
    bad: Example
    good: Example
    run: Run
    subject: str
    literature: str = ""

    def findings(self, shelves: Sequence[Shelf]) -> Iterator[Finding]:
        """What this rule has to say about these banks."""
        for question, (place, what, mend) in self.run(shelves):
            yield Finding(place, self.code, self.severity, what, mend, question)


RULES: dict[str, Rule] = {}


def of_question(
    code: str,
    title: str,
    *,
    why: str,
    severity: Severity,
    bad: str,
    good: str,
    literature: str = "",
) -> Callable[[OnEntry], OnEntry]:
    """Make a rule that looks at one question at a time."""

    def made(check: OnEntry) -> OnEntry:
        def run(shelves: Sequence[Shelf]) -> Iterator[tuple[str, Remark]]:
            for shelf in shelves:
                for entry in shelf.entries:
                    for remark in check(entry):
                        yield entry.question.id, remark

        subject = _subject(check)
        register(
            Rule(code, title, why, severity, Example(bad), Example(good), run, subject, literature)
        )
        return check

    return made


def of_bank(
    code: str, title: str, *, why: str, severity: Severity, bad: Example, good: Example,
    literature: str = "",
) -> Callable[[OnShelf], OnShelf]:  # fmt: skip
    """Make a rule that looks at a whole bank."""

    def made(check: OnShelf) -> OnShelf:
        def run(shelves: Sequence[Shelf]) -> Iterator[tuple[str, Remark]]:
            for shelf in shelves:
                for remark in check(shelf):
                    yield "", remark

        register(Rule(code, title, why, severity, bad, good, run, _subject(check), literature))
        return check

    return made


def of_banks(
    code: str, title: str, *, why: str, severity: Severity, bad: Example, good: Example,
    literature: str = "",
) -> Callable[[OnShelves], OnShelves]:  # fmt: skip
    """Make a rule that looks at all banks together; it names the question of each remark."""

    def made(check: OnShelves) -> OnShelves:
        def run(shelves: Sequence[Shelf]) -> Iterator[tuple[str, Remark]]:
            yield from check(shelves)

        register(Rule(code, title, why, severity, bad, good, run, _subject(check), literature))
        return check

    return made


def register(rule: Rule) -> None:
    """Add ``rule`` to the table."""
    if rule.code in RULES or not re.fullmatch(r"QA\d{3}", rule.code):
        raise ValueError(f"rule {rule.code!r} exists already, or is no code")
    RULES[rule.code] = rule


def _subject(check: Callable[..., object]) -> str:
    return check.__module__.rpartition(".")[2]
