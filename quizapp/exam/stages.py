"""Who goes on to the next stage, who is next in line, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from quizapp.exam.ranking.entries import Row

# What happens to candidates of equal rank on both sides of the cut: the lot parts them, or all go on.
Cut = Literal["lot", "all"]


class Status(StrEnum):
    """What a ranking decides for one candidate."""

    QUALIFIED = "qualified"
    RESERVE = "reserve"


class Reason(StrEnum):
    """What decided it: the rank alone, a lot at the cut, or a tie at the cut that lets all go on."""

    RANK = "rank"
    LOT = "lot"
    TIE = "tie"


@dataclass(frozen=True, slots=True)
class Decision:
    """The status of one candidate: ``place`` counts from 1 among the qualified or in the reserve."""

    number: str
    status: Status
    place: int
    reason: Reason


def qualify(rankings: Mapping[str, Sequence[Row]], quota: int, *, cut: Cut) -> list[Decision]:
    """The best ``quota`` of each group, fewer where fewer sat, and the reserve in order.

    Candidates of equal rank on both sides of the cut are told apart by the order in which the
    ranking gives them, which is that of the lots; with ``cut="all"`` every one of them goes on.
    """
    return [
        decision
        for rows in rankings.values()
        for decision in _decide(rows, quota, all_in=cut == "all")
    ]


def _decide(rows: Sequence[Row], quota: int, *, all_in: bool) -> list[Decision]:
    """The decisions in one group."""
    last = rows[quota - 1].rank if len(rows) > quota else None
    split = last is not None and rows[quota].rank == last
    if split and all_in:
        quota = sum(row.rank <= (last or 0) for row in rows)
    by_tie = Reason.TIE if all_in else Reason.LOT
    return [
        Decision(
            row.entry.number,
            Status.QUALIFIED if place <= quota else Status.RESERVE,
            place if place <= quota else place - quota,
            by_tie if split and row.rank == last else Reason.RANK,
        )
        for place, row in enumerate(rows, start=1)
    ]
