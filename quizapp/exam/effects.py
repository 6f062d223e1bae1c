"""What a correction, or another version of a ranking, changes for people: who moves, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from quizapp.exam.edition_stage import Stage
from quizapp.exam.ranking.entries import Entry
from quizapp.exam.ranking.placing import place
from quizapp.exam.ranking.tiebreaks import TieKey
from quizapp.exam.stages import Status

GROUPS = ("nation", "region", "city")
OUT = "out"  # the status of somebody whom a ranking leaves out


@dataclass(frozen=True, slots=True)
class Seen:
    """Where somebody stands: points of so many, ranks by ``GROUPS``, status and place in it.

    Whoever a ranking leaves out has the status ``OUT`` and the ranks 0.
    """

    points: Fraction
    maximum: int
    ranks: tuple[int, int, int] = (0, 0, 0)
    status: str = OUT
    place: int = 0


NOWHERE = Seen(Fraction(0), 0)


class Crossing(StrEnum):
    """Whether somebody crosses the line of the qualified, and which way."""

    ENTERS = "enters"
    LEAVES = "leaves"
    STAYS = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody who moves: where they stood, and where they stand then."""

    number: str
    before: Seen
    after: Seen

    @property
    def gain(self) -> Fraction:
        """How many points more; fewer, if it is negative."""
        return self.after.points - self.before.points

    @property
    def sign(self) -> int:
        """1 where points are gained, -1 where they are lost, otherwise 0."""
        return (self.gain > 0) - (self.gain < 0)

    @property
    def crossing(self) -> Crossing:
        """Whether this is an entry among the qualified, or a departure."""
        was, will = (one.status == Status.QUALIFIED for one in (self.before, self.after))
        if was == will:
            return Crossing.STAYS
        return Crossing.ENTERS if will else Crossing.LEAVES


def outcomes(
    entries: Sequence[Entry],
    maxima: Mapping[str, int],
    stage: Stage,
    keys: Sequence[TieKey],
) -> dict[str, Seen]:
    """Where each of these stands in a stage, by number; ``maxima`` has how many points they could earn."""
    placings = place(
        entries, keys, GROUPS, group=stage.group, quota=stage.quota, cut=stage.cut_rule
    )  # fmt: skip
    return {
        one.entry.number: Seen(
            one.entry.points,
            maxima[one.entry.number],
            (one.rows["nation"].rank, one.rows["region"].rank, one.rows["city"].rank),
            one.decision.status.value,
            one.decision.place,
        )
        for one in placings
    }


def moves(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> list[Move]:
    """Everybody for whom anything differs, by number; whoever is missing on one side is nowhere."""
    found = (
        Move(number, before.get(number, NOWHERE), after.get(number, NOWHERE))
        for number in sorted(before.keys() | after.keys())
    )
    return [move for move in found if move.before != move.after]


def counted(moves: Iterable[Move]) -> dict[str, int]:
    """How many move: all; those who gain and lose points; who enter and leave the qualified."""
    found: Counter[str] = Counter()
    for move in moves:
        found["moved"] += 1
        found["gain"] += move.sign > 0
        found["lose"] += move.sign < 0
        found["enters"] += move.crossing is Crossing.ENTERS
        found["leaves"] += move.crossing is Crossing.LEAVES
    return {name: found[name] for name in ("moved", "gain", "lose", "enters", "leaves")}
