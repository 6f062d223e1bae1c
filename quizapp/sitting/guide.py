"""Every type of question as the style guide shows it: open, and reviewed."""

from __future__ import annotations

from quizapp.banks import shipped
from quizapp.exam.lots import Stream
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import Question
from quizapp.exam.questions.shown import Reviewed
from quizapp.sitting.pages import Sheet


def sheets() -> list[Sheet]:
    """Each example as a candidate meets it; every other one answered."""
    return [
        Sheet(
            str(number), question.topic, "0", "", "",
            question.show(_order(question), question.key if number % 2 and question.key else None),
        )
        for number, question in enumerate(shipped.examples().questions, start=1)
    ]  # fmt: skip


def reviews() -> list[Reviewed]:
    """Each example after publication, most of them answered wrongly."""
    return [
        question.review(_order(question), _guess(question))
        for question in shipped.examples().questions
    ]


def _order(question: Question) -> tuple[int, ...]:
    return question.order(Stream(question.id))


def _guess(question: Question) -> str | None:
    """An answer given without a thought: a word, or the second of everything."""
    for posted in (["Bonjour"], *(["1"] * fields for fields in range(1, 21))):
        try:
            return question.read(posted, _order(question))
        except NotAnAnswerError:
            continue
    return None
