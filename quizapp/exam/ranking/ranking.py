"""Ranks: by points, then by the stated keys; what is still equal shares its rank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from math import lcm
from typing import Any

from quizapp.exam.ranking.entries import Entry, Row
from quizapp.exam.ranking.tiebreaks import TieKey


def rank(entries: Iterable[Entry], keys: Sequence[TieKey]) -> list[Row]:
    """All entries, best first, with ranks 1, 2, 2, 4.

    Entries that are equal in points and in every key of merit are *ex æquo*; they follow one
    another by the keys of chance, then by number, which decides nothing.
    """
    given = list(entries)
    merits = [0] * len(given)  # the smaller, the better
    for values, more in (
        ([entry.points for entry in given], True),
        *(([*map(key.by, given)], key.more) for key in keys if not key.chance),
    ):
        numbers = _order(values, more=more)
        span = max(numbers, default=0) + 1
        merits = [merit * span + number for merit, number in zip(merits, numbers, strict=True)]
    chances = [key.by for key in keys if key.chance]

    def among_equals(entry: Entry) -> tuple[Any, ...]:
        return (*(by(entry) for by in chances), entry.number)

    rows: list[Row] = []
    merit_of = merits.__getitem__
    for _, equal in groupby(sorted(range(len(given)), key=merit_of), key=merit_of):
        together = [given[index] for index in equal]
        if tied := len(together) > 1:
            together.sort(key=among_equals)
        place = len(rows) + 1
        rows += [Row(place, tied, entry) for entry in together]
    return rows


def _order(values: Sequence[Any], *, more: bool) -> list[int]:
    """A whole number from 0 for each value: the better the smaller, None last, equal values alike.

    Whole numbers compare many times faster than the fractions and dates they stand for.
    """
    known = [value for value in values if value is not None]
    if all(type(value) is Fraction for value in known):
        common = lcm(*{value.denominator for value in known})
        whole = [value.numerator * (common // value.denominator) for value in known]
    else:
        places = {value: place for place, value in enumerate(sorted(set(known)))}
        whole = [places[value] for value in known]
    least, most = min(whole, default=0), max(whole, default=0)
    numbers = iter([most - number if more else number - least for number in whole])
    return [most - least + 1 if value is None else next(numbers) for value in values]


def rank_within(
    entries: Iterable[Entry], keys: Sequence[TieKey], group: str
) -> dict[str, list[Row]]:
    """The ranking of each group of this kind: ``rank_within(entries, keys, "city")``."""
    return within(rank(entries, keys), group)


def within(ranking: Sequence[Row], group: str) -> dict[str, list[Row]]:
    """Each group of this kind out of a ranking of all: the same order, and ranks that count anew."""
    members: dict[str, list[Row]] = {}
    for row in ranking:
        members.setdefault(row.entry.groups[group], []).append(row)
    return {name: _anew(members[name]) for name in sorted(members)}


def _anew(rows: Sequence[Row]) -> list[Row]:
    """Rows that were equal among all are equal here, and no others."""
    ranked: list[Row] = []
    for _, equal in groupby(rows, key=lambda row: row.rank):
        together = list(equal)
        place = len(ranked) + 1
        ranked += [Row(place, len(together) > 1, row.entry) for row in together]
    return ranked
