"""Who goes on to the next stage, who is next in line, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizapp.exam.ranking.entries import Row


class Status(StrEnum):
    """What a ranking decides for one candidate."""

    QUALIFIED = "qualified"
    RESERVE = "reserve"


class Reason(StrEnum):
    """What decided it."""

    RANK = "rank"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class Decision:
    """The status of one candidate: ``place`` counts from 1 among the qualified or in the reserve."""

    number: str
    status: Status
    place: int
    reason: Reason


def qualify(rankings: Mapping[str, Sequence[Row]], quota: int) -> list[Decision]:
    """The best ``quota`` of each group, fewer where fewer sat, and the reserve in order.

    Candidates of equal rank on both sides of the cut are told apart by the order in which the
    ranking gives them, which is that of the lots.
    """
    decisions: list[Decision] = []
    for rows in rankings.values():
        cut = rows[quota - 1].rank if len(rows) > quota else None
        split = cut is not None and rows[quota].rank == cut
        for place, row in enumerate(rows, start=1):
            inside = place <= quota
            decisions.append(
                Decision(
                    row.entry.number,
                    Status.QUALIFIED if inside else Status.RESERVE,
                    place if inside else place - quota,
                    Reason.LOT if split and row.rank == cut else Reason.RANK,
                )
            )
    return decisions
