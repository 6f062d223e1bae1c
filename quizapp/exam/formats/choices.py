"""Choices with a part of the points on each, as most programs keep them, and as ours says it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from quizapp.exam.formats.base import NotCarriedError, Tell
from quizapp.exam.formats.entries import Entry, share_text
from quizapp.exam.questions.base import Question
from quizapp.exam.questions.choice import ChoiceQuestion, ChoosingQuestion
from quizapp.exam.scoring import Scoring

Part = tuple[str, Fraction]


def single(choices: Sequence[Part]) -> Entry:
    """One choice earns all, others perhaps a part; raises NotCarriedError."""
    right = [text for text, part in choices if part == 1]
    if len(right) != 1:
        raise NotCarriedError(
            "aucune réponse ne vaut 100 %" if not right else f"{len(right)} réponses valent 100 %"
        )
    parts = {text: share_text(part) for text, part in choices if part}
    wrong = [text for text, part in choices if part != 1]
    entry: Entry = {"answer": right[0], "wrong": wrong}
    return entry if len(parts) == 1 else {**entry, "fractions": parts}


def multiple(choices: Sequence[Part]) -> Entry:
    """What the right ones earn adds up to all; raises NotCarriedError."""
    right = [text for text, part in choices if part > 0]
    wrong = [text for text, part in choices if part <= 0]
    total = sum((part for _, part in choices if part > 0), Fraction(0))
    if total != 1:
        raise NotCarriedError(f"les bonnes réponses font {float(total * 100):g} % et non 100 %")
    entry: Entry = {"answers": right, "wrong": wrong}
    share = Fraction(1, len(right))
    if all(part in (share, -share) for _, part in choices):
        return {**entry, "scoring": "right-minus-wrong"}
    return {**entry, "fractions": {text: share_text(part) for text, part in choices if part}}


def paired(pairs: Sequence[tuple[str, str]], extra: Sequence[str] = ()) -> Entry:
    """Things to join; where several go with the same one, things to sort into groups."""
    rights = [right for _, right in pairs]
    if len({left for left, _ in pairs}) < len(pairs):
        raise NotCarriedError("deux lignes à associer ont le même texte")
    if len(set(rights)) == len(rights):
        entry: Entry = {"pairs": dict(pairs)}
        return {**entry, "extra": list(extra)} if extra else entry
    if extra:
        raise NotCarriedError("plusieurs lignes vont avec le même texte, et un autre avec aucune")
    groups: dict[str, list[str]] = {}
    for left, right in pairs:
        groups.setdefault(right, []).append(left)
    return {"groups": groups}


def in_order(entry: Entry, choices: Sequence[str]) -> Entry:
    """The same, never shuffled: every choice stays where the other program shows it."""
    return {**entry, "last": list(choices)}


def parts_of(question: ChoosingQuestion, tell: Tell, program: str) -> list[Part]:
    """What each choice earns, in the order in which the choices are shown; tells what differs."""
    scoring = question.scoring
    if scoring.dont_know is not None or scoring.unanswered or scoring.inconsistent is not None:
        tell(f"{program} ne note pas l’absence de réponse ni « Je ne sais pas »", "scoring")
    if not question.several:
        marks = [
            question.mark(str(number)) or Fraction(0) for number in range(len(question.choices))
        ]
        if scoring.wrong or (question.rule != "fractions" and question.kind == "situation"):
            tell(f"dans {program}, ses points se disent choix par choix", "scoring", "fractions")
        return _placed(question, marks, tell, program)
    if not isinstance(question, ChoiceQuestion):
        raise NotCarriedError(f"{program} n’a pas le type « {question.kind} »")
    share = Fraction(1, len(question.right))
    if question.rule == "fractions":
        given = question.fractions or {}
        marks = [given.get(choice, Fraction(0)) for choice in question.choices]
        if any(marks[number] > 0 for number in range(len(question.right), len(marks))):
            raise NotCarriedError(f"{program} refuse des parts positives qui dépassent 100 %")
        if all(mark in (share, -share) for mark in marks):
            tell(
                "ses parts reviendront comme la règle « right-minus-wrong »", "scoring", "fractions"
            )
    elif question.rule == "right-minus-wrong":
        marks = [share if choice in question.right else -share for choice in question.choices]
    else:
        marks = [share if choice in question.right else Fraction(-1) for choice in question.choices]
        tell(
            f"{program} ne connaît pas la règle « {question.rule} » : une partie des bons choix"
            " rapporte une partie des points, un mauvais choix les retire tous",
            "scoring", "fractions",
        )  # fmt: skip
    if scoring.wrong and question.rule != "fractions":
        tell(f"{program} ne retire pas de points à la question entière", "scoring")
    return _placed(question, marks, tell, program)


def _placed(
    question: ChoosingQuestion, marks: Sequence[Fraction], tell: Tell, program: str
) -> list[Part]:
    parts = dict(zip(question.choices, marks, strict=True))
    if fixed(question):
        return [(choice, parts[choice]) for choice in question.last]
    if question.last:
        tell(f"{program} ne garde pas un choix à la fin : tous seront mélangés", "last")
    return list(parts.items())


def fixed(question: ChoosingQuestion) -> bool:
    """Whether all choices keep their places, and a second reading finds the same order of them."""
    right = set(question.choices[: _right(question)])
    kept = [choice for choice in question.last if choice in right]
    kept += [choice for choice in question.last if choice not in right]
    return tuple(kept) == question.choices


def _right(question: ChoosingQuestion) -> int:
    return len(question.right) if isinstance(question, ChoiceQuestion) else 0


def marks_alone(scoring: Scoring) -> bool:
    """Whether marks are said besides the rule."""
    return scoring.model_copy(update={"rule": None}) != Scoring()


def tell_rule(name: str, question: Question, tell: Tell, *native: str) -> None:
    """Tell where Moodle marks by another rule, or the format ``name`` cannot give the marks besides it."""
    if question.rule not in native:
        tell(f"Moodle ne connaît pas ici la règle « {question.rule} »", "scoring")
    if marks_alone(question.scoring):
        tell(f"{name} n’a ni points négatifs ni « Je ne sais pas » pour ce type", "scoring")
