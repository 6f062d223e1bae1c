"""The *question subsidiaire*: a number to estimate, where the nearest wins."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import Field

from quizapp.exam.numbers import Written, number
from quizapp.exam.problems import NotAnAnswerError, ToldError
from quizapp.exam.questions.base import Line, Question, register
from quizapp.exam.questions.shown import Shown


class NumberQuestion(Question):
    """A question answered with a number, kept as a plain decimal text."""

    unit: Annotated[Line, Field(max_length=40)] | None = None

    def _read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:  # noqa: ARG002
        if len(posted) > 1:
            raise NotAnAnswerError("Un seul nombre est attendu.")
        text = posted[0].strip() if posted else ""
        if not text:
            return None
        try:
            return str(number(text))
        except ToldError as error:
            raise NotAnAnswerError(error.text, **error.words) from None

    def _show(self, order: Sequence[int], answer: str | None) -> Shown:  # noqa: ARG002
        return Shown(
            self.kind, self.stem, value=(answer or "").replace(".", ","), unit=self.unit or ""
        )

    def _told(self, answer: str) -> str:
        return f"{answer.replace('.', ',')} {self.unit or ''}".strip()


@register("estimate", keys={"estimate"})
class Estimate(NumberQuestion):
    """A number to estimate. It earns no points: its distance to the truth is a tie key."""

    rules: ClassVar[tuple[str, ...]] = ()
    earns = False

    estimate: Written

    @property
    def key(self) -> str:
        """The true value."""
        return str(self.estimate)

    def distance(self, answer: str | None) -> Fraction | None:
        """The absolute difference between the answer and the truth; None without an answer."""
        return abs(Fraction(answer) - Fraction(self.counts)) if answer else None
