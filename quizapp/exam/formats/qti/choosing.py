"""Choices as QTI writes them: what each earns, and which stay in their places."""

from __future__ import annotations

from fractions import Fraction

from quizapp.exam.formats import choices
from quizapp.exam.formats.base import Tell
from quizapp.exam.questions.base import Question
from quizapp.exam.questions.choice import ChoosingQuestion, Multiple
from quizapp.exam.questions.situation import Situation


def tell_rule(question: Question, tell: Tell, *native: str) -> None:
    """Tell where QTI marks by another rule, or cannot give the marks besides it."""
    if question.rule not in native:
        tell(f"QTI ne dit pas ici la règle « {question.rule} » : tout ou rien", "scoring")
    if choices.marks_alone(question.scoring):
        tell("ni points négatifs ni « Je ne sais pas » ne sont portés pour ce type", "scoring")


def parts_of(
    question: ChoosingQuestion, numbers: dict[str, str], tell: Tell
) -> dict[str, Fraction]:
    """What each choice earns; nothing where the right ones earn all and others nothing."""
    if isinstance(question, Multiple) and question.rule in ("all-or-nothing", "per-option"):
        tell_rule(question, tell, "all-or-nothing")
        return {}
    if isinstance(question, Situation) and question.rule == "fractions":
        if choices.marks_alone(question.scoring):
            tell("ni points négatifs ni « Je ne sais pas » ne sont portés pour ce type", "scoring")
        scores = question.reactions.values()
        if max(scores) == 1 or sum(score > 0 for score in scores) == 1:
            tell("reviendra comme un choix unique dont chaque réponse a sa part des points", "type")
        return {numbers[text]: Fraction(score) for text, score in question.reactions.items()}
    if isinstance(question, Situation):
        tell("reviendra comme un choix unique", "type")
        return {}
    parts = {
        numbers[text]: part
        for text, part in choices.parts_of(question, _but_last(tell), "QTI")
        if part
    }
    return {} if not question.several and list(parts.values()) == [Fraction(1)] else parts


def _but_last(tell: Tell) -> Tell:
    """QTI keeps choices in their places: what is told of other programs does not hold."""
    return lambda what, *keys: tell(what, *keys) if keys != ("last",) else None


def in_order(question: ChoosingQuestion, tell: Tell) -> list[str]:
    """The choices with those that stay at the end, if they can be told apart there again."""
    if choices.fixed(question):
        return list(question.last)
    free = [choice for choice in question.choices if choice not in question.last]
    kept = [choice for choice in question.choices if choice in question.last]
    if list(question.last) != kept or not free or _moved(question, free):
        tell("les choix qui restent à leur place changent d’ordre", "last", "answers", "wrong")
    return [*free, *question.last]


def _moved(question: ChoosingQuestion, free: list[str]) -> bool:
    """Whether a second reading, which takes the right ones first, finds another order."""
    right = getattr(question, "right", ())
    order = [*free, *question.last]
    return [one for one in order if one in right] + [
        one for one in order if one not in right
    ] != list(question.choices)
