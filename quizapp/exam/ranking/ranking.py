"""Ranks: by points, then by the stated keys; what is still equal shares its rank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from quizapp.exam.ranking.entries import Entry, Row
from quizapp.exam.ranking.tiebreaks import TieKey


def rank(entries: Iterable[Entry], keys: Sequence[TieKey]) -> list[Row]:
    """All entries, best first, with ranks 1, 2, 2, 4.

    Entries that are equal in points and in every key of merit are *ex æquo*; they follow one
    another by the keys of chance, then by number, which decides nothing.
    """
    merits = [key for key in keys if not key.chance]
    chances = [key for key in keys if key.chance]

    def merit(entry: Entry) -> tuple[Any, ...]:
        return (-entry.points, *(key.by(entry) for key in merits))

    def order(entry: Entry) -> tuple[Any, ...]:
        return (merit(entry), *(key.by(entry) for key in chances), entry.number)

    rows: list[Row] = []
    for _, equal in groupby(sorted(entries, key=order), key=merit):
        together = list(equal)
        place = len(rows) + 1
        rows += [Row(place, len(together) > 1, entry) for entry in together]
    return rows


def rank_within(
    entries: Iterable[Entry], keys: Sequence[TieKey], group: str
) -> dict[str, list[Row]]:
    """The ranking of each group of this kind: ``rank_within(entries, keys, "city")``."""
    members: dict[str, list[Entry]] = {}
    for entry in entries:
        members.setdefault(entry.groups[group], []).append(entry)
    return {name: rank(members[name], keys) for name in sorted(members)}
