"""What simulated advisers answer, whatever the type of the question: its key, a slip, or nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import Question
from quizapp.exam.questions.estimate import Estimate

_TEXTS = ("Bonjour", "12", "Je ne sais pas encore")


def answer(
    question: Question, order: Sequence[int], ability: float, chance: random.Random
) -> str | None:
    """The answer, as it is stored, of somebody of this ability (from 0 to 1)."""
    if isinstance(question, Estimate):
        guess = round(float(question.estimate) * chance.lognormvariate(0, 0.5))
        return question.read([str(guess)], order)
    if chance.random() < 0.02:
        return None
    known = chance.random() < ability - 0.12 * (question.difficulty - 2)
    if known and question.key:
        return question.key
    return _slip(question, order, chance)


def _slip(question: Question, order: Sequence[int], chance: random.Random) -> str | None:
    """The first of some postings that the question reads as an answer."""
    for posted in _postings(chance):
        try:
            if (read := question.read(posted, order)) is not None:
                return read
        except NotAnAnswerError:
            continue
    return None


def _postings(chance: random.Random) -> Iterator[list[str]]:
    """One choice, two, a menu on every line, an order, a text."""
    yield [str(chance.randrange(4))]
    yield [str(chance.randrange(2))]
    for fields in range(2, 13):
        yield [str(chance.randrange(2)) for _ in range(fields)]
        yield [str(place) for place in chance.sample(range(fields), fields)]
        yield [str(place + 1) for place in chance.sample(range(fields), fields)]
    yield [chance.choice(_TEXTS)]
