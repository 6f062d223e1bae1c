"""The *question subsidiaire*: a number to estimate, where the nearest wins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import Line, Question, Shown, register

# ASCII digits only: Decimal() and int() also read ``１２`` and ``1_000``, which nobody means.
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)


def number(text: str) -> Decimal:
    """The number a person wrote: ``12,5``, ``12.5``, ``1 234``; raises ValueError, in French."""
    plain = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(\D|$))", "", text.strip())
    plain = plain.replace("−", "-").replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise ValueError("Écrivez un nombre, par exemple 12,5.")
    return Decimal(plain)


def _true_value(value: object) -> object:
    if isinstance(value, str):
        try:
            return number(value)
        except ValueError:
            raise ValueError(
                f"« {value[:60]} » n’est pas un nombre.| Écrivez par exemple « estimate: 324 »."
            ) from None
    return value


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("Un nombre est attendu.| Écrivez par exemple « estimate: 324 ».")
    return value


@register("estimate", keys={"estimate"})
class Estimate(Question):
    """A number to estimate. It earns no points: its distance to the truth is a tie key."""

    estimate: Annotated[Decimal, BeforeValidator(_true_value), AfterValidator(_finite)]
    unit: Annotated[Line, Field(max_length=40)] | None = None

    def read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:  # noqa: ARG002
        """The number as a plain decimal text."""
        text = posted[0].strip() if posted else ""
        if not text:
            return None
        try:
            return str(number(text))
        except ValueError as error:
            raise NotAnAnswerError(str(error)) from None

    def show(self, order: Sequence[int], answer: str | None) -> Shown:  # noqa: ARG002
        """A field that shows how the number was understood."""
        return Shown(
            self.kind, self.stem, value=(answer or "").replace(".", ","), unit=self.unit or ""
        )

    def told(self, answer: str | None) -> str:
        """The number with its unit."""
        return f"{answer.replace('.', ',')} {self.unit or ''}".strip() if answer else ""

    @property
    def key(self) -> str:
        """The true value."""
        return str(self.estimate)

    def mark(self, answer: str | None) -> Fraction:  # noqa: ARG002
        """No points."""
        return Fraction(0)

    def distance(self, answer: str | None) -> Fraction | None:
        """The absolute difference between the answer and the truth; None without an answer."""
        return abs(Fraction(answer) - Fraction(self.estimate)) if answer else None
