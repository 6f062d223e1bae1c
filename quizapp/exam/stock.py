"""What a section can draw from: questions alone and whole cases, and counts that surely exist.

A draw takes one unit after the other and never enters a dead end, because each step keeps a
*reserve* from which the rest can be completed whatever is drawn. Without cases and exclusions the
reserve is the whole stock, and a shortage is exact. With them it is a part of it: of units that
exclude one another the first, and in each cell as many cases as smaller units bridge the gaps
between (with 1 question alone and cases of 2 and 4, every number up to 7 can be had; a case of 3
beside 1 question alone is left out, for 2 could not be had). So a plan that passes can always be
drawn; one that could only just be drawn may be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, groupby
from math import gcd

from quizapp.exam.lots import Stream
from quizapp.exam.questions.base import Question

Cell = tuple[str, int]


@dataclass(frozen=True, eq=False)
class Unit:
    """What is drawn whole: a question alone, or all questions of a case, in their order."""

    name: str
    questions: tuple[Question, ...]

    @cached_property
    def size(self) -> int:
        """How many questions of a paper it is."""
        return len(self.questions)

    @cached_property
    def apart(self) -> frozenset[str]:
        """The words that it excludes others by."""
        return frozenset(self.questions[0].exclude)

    @cached_property
    def is_plain(self) -> bool:
        """Whether it is one question that excludes no other."""
        return self.size == 1 and not self.apart


def units(questions: Iterable[Question]) -> tuple[Unit, ...]:
    """The units that these questions form, in their order."""
    grouped = groupby(questions, key=lambda one: one.stimulus.case if one.stimulus else one.id)
    return tuple(Unit(name, tuple(parts)) for name, parts in grouped)


@dataclass(frozen=True)
class Left:
    """What is left to draw from: plain questions are counted, the others named with their cell."""

    plain: Mapping[Cell, int]
    others: tuple[tuple[Cell, Unit], ...]
    grain: int

    def without(self, cell: Cell, unit: Unit | None) -> Left:
        """What is left once a plain question of ``cell``, or this unit, is taken."""
        if unit is None:
            return replace(self, plain={**self.plain, cell: self.plain[cell] - 1})
        others = (
            (at, other)
            for at, other in self.others
            if other is not unit and not other.apart & unit.apart
        )
        return replace(self, others=tuple(others))

    def reserve(self) -> Mapping[Cell, int]:
        """How many questions each cell can give for sure: this number, or any below it by grains."""
        if not self.others:
            return self.plain
        claimed: set[str] = set()
        sizes: dict[Cell, list[int]] = {}
        for cell, unit in self.others:
            if not unit.apart & claimed:
                claimed |= unit.apart
                sizes.setdefault(cell, []).append(unit.size)
        sure = dict(self.plain)
        for cell, each in sizes.items():
            for size in sorted(each):
                if size <= sure.get(cell, 0) + self.grain:
                    sure[cell] = sure.get(cell, 0) + size
        return sure

    def suffices(self, rows: Mapping[str, int], columns: Mapping[int, int]) -> bool:
        """Whether the reserve has questions with these sums per topic and per difficulty.

        A flow from topics to difficulties: by max-flow min-cut it is full exactly if every set of
        difficulties can get its share from the topics.
        """
        if any(asked % self.grain for asked in (*rows.values(), *columns.values())):
            return False
        caps = self.reserve()
        asked = [degree for degree, count in columns.items() if count]
        if all(caps.get((topic, one), 0) >= row for topic, row in rows.items() for one in asked):
            return sum(rows.values()) >= sum(columns.values())  # plenty everywhere: no need to try
        return all(
            sum(
                min(row, sum(caps.get((topic, degree), 0) for degree in chosen))
                for topic, row in rows.items()
            )
            >= sum(columns[degree] for degree in chosen)
            for chosen in _subsets(columns)
        )


class Stock:
    """Units in cells of topic and difficulty; an axis not asked for is one cell wide."""

    def __init__(self, stock: Iterable[Unit], *, by_topic: bool, by_difficulty: bool) -> None:
        plain: dict[Cell, list[Question]] = {}
        others: list[tuple[Cell, Unit]] = []
        cells: set[Cell] = set()
        grain = 0
        for unit in stock:
            first = unit.questions[0]
            cell = (first.topic if by_topic else "", first.difficulty if by_difficulty else 0)
            cells.add(cell)
            grain = gcd(grain, unit.size)
            if unit.is_plain:
                plain.setdefault(cell, []).append(first)
            else:
                others.append((cell, unit))
        self.plain = plain
        self.topics = sorted({topic for topic, _ in cells})
        self.degrees = {degree for _, degree in cells}
        self.left = Left(
            {cell: len(questions) for cell, questions in plain.items()}, tuple(others), grain or 1
        )

    def shares(self, total: int) -> tuple[int, int]:
        """How many questions each topic gets in an even spread, and how many topics a grain more."""
        each, extra = divmod(total // self.left.grain, len(self.topics) or 1)
        return each * self.left.grain, extra

    def worst_spreads(self, total: int) -> Iterator[list[str]]:
        """Of all orders in which topics may get one question more, those hardest to satisfy.

        For a set of difficulties the hardest is the order that begins with the topics which
        cannot give one more from that set; there are few sets, so all are tried.
        """
        each, _extra = self.shares(total)
        caps = self.left.reserve()
        for chosen in _subsets(self.degrees):
            yield sorted(
                self.topics,
                key=lambda topic: sum(caps.get((topic, degree), 0) for degree in chosen) > each,
            )

    def draw(
        self, rows: Mapping[str, int], columns: Mapping[int, int], stream: Stream
    ) -> list[tuple[Question, ...]]:
        """Random units with these sums, in a random order.

        Each step takes one of the cells still owed something, or one of their cases, likelier where
        more questions are left; what would leave too little for the rest is not taken.
        """
        left, rows, columns = self.left, dict(rows), dict(columns)
        table = dict.fromkeys(self.plain, 0)
        drawn: list[tuple[Question, ...]] = []
        while any(rows.values()):
            tickets = _tickets(left, rows, columns)
            while True:
                ticket = _picked(tickets, stream)
                (topic, degree), unit = ticket
                size = unit.size if unit else 1
                fewer_rows = {**rows, topic: rows[topic] - size}
                fewer_columns = {**columns, degree: columns[degree] - size}
                after = left.without(*ticket)
                if after.suffices(fewer_rows, fewer_columns):
                    break
                del tickets[ticket]
            left, rows, columns = after, fewer_rows, fewer_columns
            if unit:
                drawn.append(unit.questions)
            else:
                table[topic, degree] += 1
        for cell, count in table.items():
            candidates = list(self.plain[cell])
            stream.shuffle(candidates)
            drawn += [(question,) for question in candidates[:count]]
        stream.shuffle(drawn)
        return drawn


Ticket = tuple[Cell, Unit | None]


def _tickets(left: Left, rows: Mapping[str, int], columns: Mapping[int, int]) -> dict[Ticket, int]:
    """What may be taken next, each with as many tickets as it has questions."""
    tickets: dict[Ticket, int] = {
        (cell, None): cap
        for cell, cap in left.plain.items()
        if cap and rows[cell[0]] and columns.get(cell[1])
    }
    for cell, unit in left.others:
        if rows[cell[0]] >= unit.size and columns.get(cell[1], 0) >= unit.size:
            tickets[cell, unit] = unit.size
    return tickets


def _picked(tickets: Mapping[Ticket, int], stream: Stream) -> Ticket:
    number = stream.below(sum(tickets.values()))
    for ticket, count in tickets.items():
        if number < count:
            return ticket
        number -= count
    raise AssertionError("a ticket beyond the last")


def _subsets(values: Iterable[int]) -> Iterator[tuple[int, ...]]:
    ordered = sorted(values)
    for size in range(1, len(ordered) + 1):
        yield from combinations(ordered, size)
