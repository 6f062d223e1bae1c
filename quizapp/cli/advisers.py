"""What simulated advisers see on a page, and what they know."""

from __future__ import annotations

import html
import math
import random
import re
from pathlib import Path

from quizapp.exam.bank import parse
from quizapp.exam.questions.base import Question
from quizapp.exam.questions.choice import ChoiceQuestion
from quizapp.exam.questions.estimate import Estimate

FIRST_NAMES = (
    "Aïcha", "Amandine", "Anaïs", "Antoine", "Bastien", "Camille", "Céline", "Clément", "Damien",
    "Élodie", "Émile", "Fatou", "Gaëlle", "Hugo", "Inès", "Jérôme", "Karim", "Laëtitia", "Léa",
    "Loïc", "Maëlle", "Mathilde", "Mehdi", "Noémie", "Océane", "Pauline", "Raphaël", "Sarah",
    "Thomas", "Yann", "Zoé",
)  # fmt: skip
LAST_NAMES = (
    "André", "Bernard", "Besnard", "Blanc", "Bouchet", "Chevalier", "Colin", "Da Silva", "Diallo",
    "Dubois", "Durand", "Étienne", "Fournier", "Garnier", "Girard", "Guérin", "Hoarau", "Lambert",
    "Le Goff", "Lefèvre", "Leroy", "Marchand", "Martin", "Mercier", "Moreau", "N’Diaye", "Nguyen",
    "Payet", "Petit", "Renaud", "Rousseau", "Roux", "Simon", "Thomas", "Vidal",
)  # fmt: skip

_TAG = re.compile(r"<[^>]+>")


class Page:
    """One page of the site, as far as an adviser reads it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _find(self, pattern: str) -> str:
        found = re.search(pattern, self.text, re.DOTALL)
        if found is None:
            raise ValueError(f"the page has no {pattern[:40]!r}")
        return html.unescape(found[1])

    @property
    def token(self) -> str:
        """The token against forged requests."""
        return self._find(r'name="csrf_token"[^>]*value="([^"]+)"')

    @property
    def writing_pass(self) -> str:
        """What lets this page save answers."""
        return self._find(r'data-pass="([^"]+)"')

    @property
    def link(self) -> str:
        """The personal link that a new candidate is told."""
        return self._find(r'"(https?://[^"]*/acces/[^"]+)"')

    @property
    def total(self) -> int:
        """How many questions the paper has."""
        return int(self._find(r'class="question-head">.*?sur (\d+)'))

    @property
    def announces(self) -> bool:
        """Whether it tells what comes next in a paced paper, with a button to begin it."""
        return 'name="begin"' in self.text

    @property
    def goes_on(self) -> bool:
        """Whether something follows what is open of a paced paper."""
        return 'name="go" value="on"' in self.text

    @property
    def leaving(self) -> str:
        """What the button that goes on leaves."""
        return self._find(r'name="leaving" value="(\d+)"')

    @property
    def items(self) -> range:
        """The questions that are open: all, unless the paper is paced."""
        found = re.search(r'data-first="(\d+)" data-last="(\d+)"', self.text)
        return range(int(found[1]), int(found[2]) + 1) if found else range(1, self.total + 1)

    @property
    def seconds_left(self) -> float:
        """The own time of what is open; endless where it has none."""
        found = re.search(r'data-step-left="([0-9.]+)"', self.text)
        return float(found[1]) if found else math.inf

    @property
    def stem(self) -> str:
        """The text of the question."""
        return _plain(self._find(r'class="stem"[^>]*>(.*?)</div>'))

    @property
    def choices(self) -> dict[str, str]:
        """What each choice posts, by its text."""
        found = re.findall(
            r'<input class="choice-box"[^>]*value="(\d+)".*?class="choice-text">(.*?)</span>',
            self.text,
            re.DOTALL,
        )
        return {_plain(html.unescape(label)): value for value, label in found}


def _plain(text: str) -> str:
    return " ".join(_TAG.sub(" ", text).split())


class Key:
    """The questions and their answers, by their text as a page shows it."""

    def __init__(self, questions: dict[str, Question]) -> None:
        self.questions = questions

    @classmethod
    def read(cls, folder: Path) -> Key:
        """The key of every bank in a folder."""
        found: dict[str, Question] = {}
        for file in sorted(folder.glob("*.yaml")):
            for question in parse(file.read_text("utf-8"), file.name).questions:
                found[_plain(html.unescape(question.stem))] = question
        return cls(found)

    def answer(self, page: Page, ability: float, chance: random.Random) -> list[str] | None:
        """What somebody of this ability posts: the right answer, a slip, or nothing (None)."""
        question = self.questions[page.stem]
        if isinstance(question, Estimate):
            return [str(round(float(question.estimate) * chance.lognormvariate(0, 0.5)))]
        if chance.random() < 0.02:
            return None
        choices = page.choices
        if not choices:
            return None  # simulated advisers answer choices and estimates only
        known = chance.random() < ability - 0.12 * (question.difficulty - 2)
        if known and isinstance(question, ChoiceQuestion):
            right = {_plain(one) for one in question.right}
            return [value for label, value in choices.items() if label in right]
        return [chance.choice(list(choices.values()))]
