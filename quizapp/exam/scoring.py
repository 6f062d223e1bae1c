"""The rules by which an answer earns its part of a question's points, by name.

To add a rule, add a function here with ``@rule``; a question type names those that suit it. The
names are those of the field: multiple true-false tests (per-option, right-minus-wrong), Krebs's
Kprim (half the points for one slip), Moodle (a fraction on each choice), Auto Multiple Choice
(marks for wrong, unanswered and inconsistent answers).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict

from quizapp.exam.numbers import Share


@dataclass(frozen=True, slots=True)
class Tally:
    """How an answer compares with its key.

    ``of`` right things could be given; ``right`` of them and ``wrong`` others were. ``traps`` wrong
    things could have been left alone. ``fractions`` is what explicit fractions add up to, and an
    answer that contradicts itself is ``inconsistent``.
    """

    right: int
    wrong: int
    of: int = 1
    traps: int = 0
    fractions: Fraction = Fraction(0)
    inconsistent: bool = False

    @classmethod
    def of_one(cls, right: bool) -> Tally:
        """The tally of an answer that is right or wrong as a whole."""
        return cls(int(right), int(not right))


Rule = Callable[[Tally], Fraction]

RULES: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Make a rule known under ``name``."""

    def known(function: Rule) -> Rule:
        RULES[name] = function
        return function

    return known


@rule("all-or-nothing")
def all_or_nothing(tally: Tally) -> Fraction:
    """All that is right and nothing wrong, or no points."""
    return Fraction(tally.right == tally.of and not tally.wrong)


@rule("right-minus-wrong")
def right_minus_wrong(tally: Tally) -> Fraction:
    """Each wrong one takes back a right one; never below zero."""
    return max(Fraction(0), Fraction(tally.right - tally.wrong, tally.of))


@rule("per-option")
def per_option(tally: Tally) -> Fraction:
    """Each option well judged earns its part: right ones given, wrong ones left alone."""
    spared = max(0, tally.traps - tally.wrong)
    return Fraction(tally.right + spared, tally.of + tally.traps)


@rule("kprim")
def kprim(tally: Tally) -> Fraction:
    """All right earns all, one slip half, two slips nothing."""
    slips = tally.of - tally.right
    return (Fraction(1), Fraction(1, 2), Fraction(0))[min(slips, 2)]


@rule("fractions")
def fractions(tally: Tally) -> Fraction:
    """The fractions that the author put on what was given, never more than all."""
    return min(Fraction(1), tally.fractions)


def _known(name: str) -> str:
    if name not in RULES:
        raise ValueError(
            f"La règle « {name[:60]} » n’existe pas.| Règles possibles : {', '.join(RULES)}."
        )
    return name


class Scoring(BaseModel):
    """How one question is marked; the marks are parts of its points, and may be negative.

    Without ``rule`` the type's own applies. ``wrong`` is what an answer earns that earns nothing by
    the rule, ``unanswered`` what no answer does. With ``dont_know`` the candidate may say « Je ne
    sais pas », which earns that. ``inconsistent`` is for an answer that contradicts itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Annotated[str, AfterValidator(_known)] | None = None
    wrong: Share = Fraction(0)
    unanswered: Share = Fraction(0)
    dont_know: Share | None = None
    inconsistent: Share | None = None

    def part(self, name: str, tally: Tally) -> Fraction:
        """The part of the points that an answer with this tally earns by the rule ``name``."""
        if tally.inconsistent and self.inconsistent is not None:
            return self.inconsistent
        return RULES[name](tally) or self.wrong

    @property
    def floor(self) -> Fraction:
        """The least that an answer can earn, but for fractions on the choices."""
        marks = (self.wrong, self.unanswered, self.dont_know, self.inconsistent)
        return min(Fraction(0), *(mark for mark in marks if mark is not None))


def rule_alone(value: Any) -> Any:
    """Let an author write the name of a rule where nothing else is said."""
    return {"rule": value} if isinstance(value, str) else value
