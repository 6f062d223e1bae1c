"""A number, right within a tolerance."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from quizapp.exam.numbers import Written, number, share
from quizapp.exam.questions.base import register
from quizapp.exam.questions.estimate import NumberQuestion
from quizapp.exam.scoring import Tally


def _tolerance(value: Any) -> Any:
    """``0,5`` or ``5 %``."""
    text = str(value)
    try:
        size = share(text) if "%" in text else Fraction(number(text))
    except ValueError:
        size = Fraction(-1)
    if size < 0:
        raise ValueError(
            f"« {text[:60]} » n’est pas une tolérance.| Écrivez par exemple « 0,5 » ou « 5 % »."
        )
    return (size, "%" in text)


# How far from the number is still right, and whether that is a part of the number.
Tolerance = Annotated[
    tuple[Fraction, bool],
    BeforeValidator(_tolerance),
    PlainSerializer(lambda value: [str(value[0]), value[1]], return_type=list),
]


@register("number", keys={"number"})
class Number(NumberQuestion):
    """A number; ``within`` a distance or a part of it, or ``between`` two bounds, is right too."""

    number: Written
    within: Tolerance | None = None
    between: Annotated[tuple[Written, Written], Field()] | None = None

    @model_validator(mode="after")
    def _tolerance_fits(self) -> Self:
        if self.within is not None and self.between is not None:
            raise ValueError(
                "« within » et « between » disent deux fois la tolérance.| Gardez l’un des deux."
            )
        low, high = self.bounds
        if not low <= Fraction(self.number) <= high:
            raise ValueError(
                "« number » n’est pas entre les deux bornes de « between ».|"
                " Écrivez la plus petite d’abord, et accordez-les."
            )
        return self

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """The least and the greatest number that are right."""
        if self.between is not None:
            return Fraction(self.between[0]), Fraction(self.between[1])
        size, relative = self.within or (Fraction(0), False)
        true = Fraction(self.number)
        distance = size * abs(true) if relative else size
        return true - distance, true + distance

    def _tally(self, answer: str) -> Tally:
        low, high = self.bounds
        if self._rekeyed is not None:
            return Tally.of_one(self._same(answer, self._rekeyed))
        return Tally.of_one(low <= Fraction(answer) <= high)

    def _same(self, answer: str, other: str) -> bool:
        return Fraction(answer) == Fraction(other)

    @property
    def key(self) -> str:
        """The number itself."""
        return str(self.number)

    @property
    def told_key(self) -> str:
        """The number with its unit, and what was right as well."""
        low, high = (f"{float(bound):.10g}".replace(".", ",") for bound in self.bounds)
        exact = self.told(self.key)
        return exact if low == high else f"{exact} (de {low} à {high})"
