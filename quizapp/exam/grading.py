"""Marks and scores: a pure function of the paper, the stored answers and the key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from quizapp.exam.bank import Bank
from quizapp.exam.blueprint import Blueprint, Section
from quizapp.exam.paper import Paper
from quizapp.exam.questions.base import Question


class Verdict(StrEnum):
    """What became of one answer."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    DONT_KNOW = "dont-know"
    TO_MARK = "to-mark"
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
    given: Collection[tuple[str, str]] = (),
    marked: Mapping[int, Fraction] | None = None,
) -> Grade:
    """The grade of ``answers`` (by item number), exact: each question's part of its weight.

    ``marked`` has the parts that a person gave to texts, by item number; a text that still has to
    be marked counts in the maximum and earns nothing yet. A section's points stay between its floor
    and its cap, and its maximum under its cap.

    Void questions, each named by its bank and its id, are left out of points and maximum alike;
    those that are ``given`` earn everyone all their points, answered or not.
    A section that is not scored gives neither, nor does a type that earns no points: an estimate
    counts by its distance only.
    """
    scored = {section.bank for section in blueprint.sections if section.scored}
    marks: list[Mark] = []
    distances: list[Fraction | None] = []
    points: dict[str, Fraction] = dict.fromkeys(scored, Fraction(0))
    maximum: Counter[str] = Counter()
    for item in paper.items:
        question, place = banks[item.bank].by_id[item.question], (item.bank, item.question)
        answer, earned = answers.get(item.number), Fraction(0)
        if place in void:
            verdict = Verdict.VOID
        elif item.bank not in scored or not question.earns:
            verdict = Verdict.UNSCORED
            if question.distance(question.key) is not None:
                distances.append(question.distance(answer))
        else:
            by_hand = (marked or {}).get(item.number)
            verdict, part = _marked(question, answer, by_hand, free=place in given)
            earned = part * question.weight
            points[item.bank] += earned
            maximum[item.bank] += question.weight
        marks.append(Mark(item.number, item.question, verdict, earned))
    sections = tuple(
        _section(section, points[section.bank], maximum[section.bank])
        for section in blueprint.sections
        if section.scored
    )
    return Grade(
        points=sum((section.points for section in sections), Fraction(0)),
        maximum=sum(section.maximum for section in sections),
        sections=sections,
        counts=Counter(mark.verdict for mark in marks),
        distance=_total(distances),
        marks=tuple(marks),
    )


def _section(section: Section, points: Fraction, maximum: int) -> SectionScore:
    """The sub-score within the section's floor and cap."""
    cap = maximum if section.cap is None else min(maximum, section.cap)
    points = min(max(points, Fraction(section.floor)), Fraction(cap))
    return SectionScore(section.bank, section.title, points, cap)


def _marked(
    question: Question, answer: str | None, by_hand: Fraction | None, *, free: bool
) -> tuple[Verdict, Fraction]:
    """What became of one scored answer, and its part of the weight; all of it where it is ``free``."""
    if free:
        return Verdict.RIGHT, Fraction(1)
    part = question.mark(answer)
    if part is None:
        part = by_hand
    return _verdict(question, answer, part), part or Fraction(0)


def _verdict(question: Question, answer: str | None, part: Fraction | None) -> Verdict:
    if answer is None:
        return Verdict.UNANSWERED
    if question.is_unsure(answer):
        return Verdict.DONT_KNOW
    if part is None:
        return Verdict.TO_MARK
    if part == 1:
        return Verdict.RIGHT
    return Verdict.PARTLY if part > 0 else Verdict.WRONG


def _total(distances: list[Fraction | None]) -> Fraction | None:
    known = [distance for distance in distances if distance is not None]
    return sum(known, Fraction(0)) if distances and len(known) == len(distances) else None
