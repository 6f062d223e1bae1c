"""Numbers as people write them, exact: ``12,5``, ``1 234``, ``-1/4``, ``25 %``."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from quizapp.exam.problems import ToldError

# ASCII digits only: Decimal() and int() also read ``１２`` and ``1_000``, which nobody means.
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)
_SHARE = re.compile(
    r"(?P<number>[+-]?\d{1,4}(?:\.\d{1,6})?)(?:/(?P<by>[1-9]\d{0,3}))?(?P<hundredths> ?%)?",
    re.ASCII,
)


def number(text: str) -> Decimal:
    """The number a person wrote: ``12,5``, ``12.5``, ``1 234``; raises ToldError."""
    plain = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(\D|$))", "", text.strip())
    plain = plain.replace("−", "-").replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise ToldError("Écrivez un nombre, par exemple 12,5.")
    return Decimal(plain)


def share(text: str) -> Fraction:
    """A part of a whole: ``1/2``, ``-1/4``, ``0,25``, ``25 %``; raises ValueError, in French."""
    plain = text.strip().replace("−", "-").replace(",", ".").replace("\u00a0", " ")
    found = _SHARE.fullmatch(plain.replace("\u202f", " "))
    if found is None:
        raise ValueError(
            f"« {text[:60]} » n’est pas une part.| Écrivez par exemple « 1/2 », « -0,25 » ou « 25 % »."
        )
    part = Fraction(found["number"]) / int(found["by"] or 1)
    return part / 100 if found["hundredths"] else part


def _number(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return number(value)
        except ValueError:
            raise ValueError(
                f"« {value[:60]} » n’est pas un nombre.| Écrivez par exemple « 324 » ou « 12,5 »."
            ) from None
    return value


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError("Un nombre est attendu.| Écrivez par exemple « 324 » ou « 12,5 ».")
    return value


def _share(value: Any) -> Any:
    return share(value) if isinstance(value, str) else value


def _at_most_all(value: Fraction) -> Fraction:
    if not -1 <= value <= 1:
        raise ValueError("Une part va de -1 à 1.| Écrivez par exemple « 1/2 » ou « -25 % ».")
    return value


# What an author writes as a number, and as a part of a question's points, from -1 to 1.
Written = Annotated[Decimal, BeforeValidator(_number), AfterValidator(_finite)]
Share = Annotated[
    Fraction, BeforeValidator(_share), AfterValidator(_at_most_all), PlainSerializer(str)
]
