"""Numbers as programs write them, read exactly and within what a bank can hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from quizapp.exam.formats.base import NotCarriedError
from quizapp.exam.formats.entries import Entry, decimal_text

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_SIMPLE = 30  # the largest denominator of a part that percents round: Moodle's are 1/9 and less
_NEAR = Fraction(1, 10_000)


def decimal(text: str) -> Decimal:
    """A number; raises NotCarriedError for NaN, infinity, and what has more digits than any answer."""
    plain = text.strip().replace(",", ".").replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        raise NotCarriedError(f"« {plain[:40]} » n’est pas un nombre")
    value = Decimal(plain)
    if value and not -6 <= value.adjusted() <= 14:
        raise NotCarriedError(f"« {plain[:40]} » est trop grand ou trop petit")
    if value != round(value, 6):
        raise NotCarriedError(f"« {plain[:40]} » a plus de six décimales")
    return value.normalize() if value else Decimal(0)


def part(text: str, *, of: int = 100) -> Fraction:
    """A part of the points, as 33.33333 (of 100) says 1/3; raises NotCarriedError."""
    plain = text.strip().replace(",", ".") or "0"
    if not _NUMBER.fullmatch(plain):
        raise NotCarriedError(f"« {plain[:40]} » n’est pas une part des points")
    value = Decimal(plain)
    if abs(value) > 100 * of:
        raise NotCarriedError(f"« {plain[:40]} » n’est pas une part des points")
    return simple(Fraction(value) / of)


def simple(value: Fraction) -> Fraction:
    """The simple fraction that a rounded one stands for."""
    near = value.limit_denominator(_SIMPLE)
    return near if abs(near - value) < _NEAR else value


def percent(value: Fraction) -> str:
    """A part as Moodle writes it: ``33.33333``."""
    return f"{float(value * 100):.5f}".rstrip("0").rstrip(".")


def tolerant(right: Sequence[tuple[Decimal, Decimal]]) -> Entry:
    """Numbers, each right within its tolerance, as one: a number, or a number between two bounds."""
    if not right:
        raise NotCarriedError("aucun nombre ne vaut tous les points")
    number, within = right[0]
    bounds = [(one - abs(size), one + abs(size)) for one, size in right]
    low, high = max(bounds, key=lambda pair: pair[1] - pair[0])
    if any(one < low or other > high for one, other in bounds):
        raise NotCarriedError("plusieurs nombres éloignés sont justes")
    entry: Entry = {"number": decimal_text(number)}
    if len(right) > 1:
        return {**entry, "between": [decimal_text(low), decimal_text(high)]}
    return {**entry, "within": decimal_text(abs(within))} if within else entry
