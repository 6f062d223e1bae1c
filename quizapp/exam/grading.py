"""Marks and scores: a pure function of the paper, the stored answers and the key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from quizapp.exam.bank import Bank
from quizapp.exam.blueprint import Blueprint
from quizapp.exam.paper import Paper


class Verdict(StrEnum):
    """What became of one answer."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    UNSCORED = "unscored"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Mark:
    """What one item of a paper earned."""

    number: int
    question: str
    verdict: Verdict
    points: Fraction


@dataclass(frozen=True, slots=True)
class SectionScore:
    """The sub-score of one section."""

    bank: str
    title: str
    points: Fraction
    maximum: int


@dataclass(frozen=True, slots=True)
class Grade:
    """The score of one sitting.

    ``distance`` is the sum of how far the estimates lie from the truth; None where an estimate
    was asked and one is missing, or none was asked.
    """

    points: Fraction
    maximum: int
    sections: tuple[SectionScore, ...]
    counts: Mapping[Verdict, int]
    distance: Fraction | None
    marks: tuple[Mark, ...]


def grade(
    paper: Paper,
    blueprint: Blueprint,
    banks: Mapping[str, Bank],
    answers: Mapping[int, str],
    *,
    void: Collection[tuple[str, str]] = (),
) -> Grade:
    """The grade of ``answers`` (by item number): one point a question, exact.

    Void questions, each named by its bank and its id, are left out of points and maximum alike.
    A section that is not scored gives neither, nor does an estimate anywhere: it counts by its
    distance only.
    """
    scored = {section.bank for section in blueprint.sections if section.scored}
    marks: list[Mark] = []
    distances: list[Fraction | None] = []
    points: dict[str, Fraction] = dict.fromkeys(scored, Fraction(0))
    maximum: Counter[str] = Counter()
    for item in paper.items:
        question = banks[item.bank].by_id[item.question]
        answer = answers.get(item.number)
        part = question.mark(answer)
        estimated = question.distance(question.key) is not None
        if (item.bank, item.question) in void:
            verdict, part = Verdict.VOID, Fraction(0)
        elif item.bank not in scored or estimated:
            verdict, part = Verdict.UNSCORED, Fraction(0)
            if estimated:
                distances.append(question.distance(answer))
        else:
            verdict = _verdict(answer, part)
            points[item.bank] += part
            maximum[item.bank] += 1
        marks.append(Mark(item.number, item.question, verdict, part))
    sections = tuple(
        SectionScore(section.bank, section.title, points[section.bank], maximum[section.bank])
        for section in blueprint.sections
        if section.scored
    )
    return Grade(
        points=sum(points.values(), Fraction(0)),
        maximum=maximum.total(),
        sections=sections,
        counts=Counter(mark.verdict for mark in marks),
        distance=_total(distances),
        marks=tuple(marks),
    )


def _verdict(answer: str | None, part: Fraction) -> Verdict:
    if answer is None:
        return Verdict.UNANSWERED
    if part == 1:
        return Verdict.RIGHT
    return Verdict.PARTLY if part > 0 else Verdict.WRONG


def _total(distances: list[Fraction | None]) -> Fraction | None:
    known = [distance for distance in distances if distance is not None]
    return sum(known, Fraction(0)) if distances and len(known) == len(distances) else None
