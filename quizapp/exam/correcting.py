"""Corrections after the papers were sat: what a question is worth, said anew beside its sealed bank.

A correction never edits a bank. The corrections that stand, in the order in which they were applied,
give the standard by which all papers of a stage are graded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from quizapp.exam.bank import Bank
from quizapp.exam.problems import ToldError
from quizapp.exam.questions.base import Question
from quizapp.exam.questions.choice import ChoiceQuestion, Single
from quizapp.exam.questions.estimate import Estimate, NumberQuestion
from quizapp.exam.questions.number import Number
from quizapp.exam.questions.rows import RowsQuestion
from quizapp.exam.questions.short import Short
from quizapp.exam.questions.true_false import TrueFalse

Place = tuple[str, str]  # a bank and a question in it


class Kind(StrEnum):
    """What a correction does to a question.

    Leave it out of every total; take another answer as right, beside the key or in its place; give
    everyone all points; mark it by another rule; give it another weight; undo a correction.
    """

    VOID = "void"
    ACCEPT = "accept"
    REPLACE = "replace"
    FULL = "full"
    RULE = "rule"
    WEIGHT = "weight"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: ``value`` is the answer as it is kept, the name of the rule, or the weight."""

    bank: str
    question: str
    kind: Kind
    value: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """What papers are graded by: the banks as corrected, the questions left out, those given."""

    banks: Mapping[str, Bank]
    void: frozenset[Place] = frozenset()
    given: frozenset[Place] = frozenset()


def corrected(banks: Mapping[str, Bank], corrections: Iterable[Correction]) -> Standard:
    """The standard that these corrections, in this order, make of ``banks``."""
    questions: dict[Place, Question] = {}
    state: dict[Place, Kind] = {}
    for one in corrections:
        place = one.bank, one.question
        if one.kind in (Kind.VOID, Kind.FULL):
            state[place] = one.kind
        else:
            known = questions.get(place) or banks[one.bank].by_id[one.question]
            questions[place] = _amended(known, one)
    return Standard(
        {slug: _with(bank, questions) for slug, bank in banks.items()},
        frozenset(place for place, kind in state.items() if kind is Kind.VOID),
        frozenset(place for place, kind in state.items() if kind is Kind.FULL),
    )


def _with(bank: Bank, questions: Mapping[Place, Question]) -> Bank:
    if not any(slug == bank.slug for slug, _ in questions):
        return bank
    return replace(
        bank,
        questions=tuple(questions.get((bank.slug, one.id), one) for one in bank.questions),
    )


def _amended(question: Question, correction: Correction) -> Question:
    if correction.kind is Kind.RULE:
        scoring = question.scoring.model_copy(update={"rule": correction.value})
        return question.model_copy(update={"scoring": scoring})
    if correction.kind is Kind.WEIGHT:
        return question.model_copy(update={"weight": int(correction.value)})
    return question.accepting(correction.value, alone=correction.kind is Kind.REPLACE)


def kinds_for(question: Question, *, scored: bool) -> tuple[Kind, ...]:
    """What a correction can do to this question; ``scored`` is whether its section is."""
    if isinstance(question, Estimate):
        return (Kind.VOID, Kind.REPLACE)
    if not (scored and question.earns):
        return ()
    kinds = [Kind.VOID]
    if question.rules:
        kinds.append(Kind.ACCEPT)
    if _takes_another_key(question):
        kinds.append(Kind.REPLACE)
    kinds.append(Kind.FULL)
    if rules_for(question):
        kinds.append(Kind.RULE)
    return (*kinds, Kind.WEIGHT)


def _takes_another_key(question: Question) -> bool:
    """Whether every answer can be compared with another key: fractions belong to the choices."""
    keyed = (ChoiceQuestion, TrueFalse, RowsQuestion, Number, Short)
    return isinstance(question, keyed) and question.rule != "fractions"


def rules_for(question: Question) -> tuple[str, ...]:
    """The other rules by which this question can be marked; fractions are the author's to give."""
    if not question.rules or question.rule == "fractions":
        return ()
    return tuple(name for name in question.rules if name not in ("fractions", question.rule))


def is_typed(question: Question) -> bool:
    """Whether another answer is written, rather than taken from those given."""
    return isinstance(question, NumberQuestion | Short)


def alternatives(question: Question, given: Iterable[str | None]) -> list[str]:
    """The answers among which another right one is chosen: every choice, or those that were given."""
    if isinstance(question, Single | TrueFalse):
        return [str(number) for number in range(len(question.choices))]
    return [answer for answer in given if answer and not question.is_unsure(answer)]


def check(correction: Correction, question: Question, *, scored: bool) -> None:
    """Refuse a correction that says nothing, or what this question cannot bear: ToldError."""
    if correction.kind not in kinds_for(question, scored=scored):
        raise ToldError("Cette question ne se corrige pas ainsi.")
    if correction.kind is Kind.RULE and correction.value not in rules_for(question):
        raise ToldError("Cette règle ne convient pas à cette question, ou s’applique déjà.")
    if correction.kind is Kind.WEIGHT:
        weight = int(correction.value) if correction.value.isdecimal() else 0
        if not 1 <= weight <= 100 or weight == question.weight:
            raise ToldError("Indiquez un autre nombre de points, de 1 à 100.")
    if correction.kind in (Kind.ACCEPT, Kind.REPLACE):
        if not correction.value:
            raise ToldError("Indiquez l’autre réponse.")
        if (
            not isinstance(question, Estimate)
            and question.mark(correction.value) == 1
            and (correction.kind is Kind.ACCEPT or correction.value == question.counts)
        ):
            raise ToldError("Cette réponse compte déjà comme juste.")
