"""Ranks and qualified once more, slowly: only by counting who is strictly better.

Written from the rules alone, so that it can contradict ``ranking`` and ``stages``. A rehearsal
compares the two. Merits are what is compared, one after the other, the smaller the better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizapp.exam.stages import Cut

Merits = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A rank, whether others share it, and whether it goes on."""

    rank: int
    tied: bool
    qualified: bool


def standings(
    merits: Mapping[str, Merits], lots: Mapping[str, str], quota: int, *, cut: Cut
) -> dict[str, Standing]:
    """The standing of each of a group, by number; ``lots`` order those whose merits are equal."""
    better = {
        number: sum(other < mine for other in merits.values()) for number, mine in merits.items()
    }
    equal = {
        number: sum(other == mine for other in merits.values()) for number, mine in merits.items()
    }
    before = {
        number: better[number]
        + sum(merits[other] == mine and lots[other] < lots[number] for other in merits)
        for number, mine in merits.items()
    }
    inside = {number for number, count in before.items() if count < quota}
    if cut == "all":
        last = {merits[number] for number in inside}
        inside |= {number for number, mine in merits.items() if mine in last}
    return {
        number: Standing(better[number] + 1, equal[number] > 1, number in inside)
        for number in merits
    }
