"""A whole ranking: everybody's place in each kind of group, and what it decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizapp.exam.ranking.entries import Entry, Row
from quizapp.exam.ranking.ranking import rank, within
from quizapp.exam.ranking.tiebreaks import TieKey
from quizapp.exam.stages import Cut, Decision, qualify


@dataclass(frozen=True, slots=True)
class Placing:
    """One candidate in a ranking: ``rows`` gives the place in each kind of group."""

    entry: Entry
    rows: dict[str, Row]
    decision: Decision


def place(
    entries: Iterable[Entry],
    keys: Sequence[TieKey],
    kinds: Sequence[str],
    *,
    group: str,
    quota: int,
    cut: Cut,
) -> list[Placing]:
    """Everybody, best first: ranked among all members of each kind of group an entry states.

    ``quota`` of each ``group`` go on.
    """
    everyone = rank(entries, keys)
    groups = {kind: within(everyone, kind) for kind in kinds}
    rows = {
        kind: {row.entry.number: row for members in found.values() for row in members}
        for kind, found in groups.items()
    }
    decisions = {one.number: one for one in qualify(groups[group], quota, cut=cut)}
    return [
        Placing(
            row.entry,
            {kind: rows[kind][row.entry.number] for kind in kinds},
            decisions[row.entry.number],
        )
        for row in everyone
    ]
