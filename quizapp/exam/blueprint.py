"""How a paper is composed: how many questions of each bank, topic and difficulty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from quizapp.exam.bank import Bank
from quizapp.exam.lots import Stream
from quizapp.exam.questions.base import Line, Question, Slug, Whole, one_as_list

Count = Annotated[Whole, Field(ge=0, le=1_000)]
Cell = tuple[str, int]


def _yes_or_no(value: Any) -> Any:
    if value in ("yes", "no"):
        return value == "yes"
    if isinstance(value, bool):
        return value
    raise ValueError(
        "« yes » ou « no » est attendu ici.| Écrivez « scored: yes » ou « scored: no »."
    )


class Section(BaseModel):
    """One section of a paper, drawn from one bank.

    ``topics: even`` spreads the questions over all topics of the bank, a mapping states how many
    of each; ``difficulty`` states how many of each degree. ``pick`` names the questions that
    everyone receives. A section that is not ``scored`` earns no points: it only breaks ties.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bank: Slug
    title: Line
    questions: Annotated[Whole, Field(ge=1, le=1_000)]
    topics: Literal["even"] | dict[Line, Count] | None = None
    difficulty: dict[Annotated[Whole, Field(ge=1, le=3)], Count] | None = None
    pick: Annotated[tuple[Slug, ...], BeforeValidator(one_as_list)] = ()
    scored: Annotated[bool, BeforeValidator(_yes_or_no)] = True

    @model_validator(mode="after")
    def _sums_agree(self) -> Self:
        for name, counts in (("topics", self.topics), ("difficulty", self.difficulty)):
            if isinstance(counts, dict) and sum(counts.values()) != self.questions:
                raise ValueError(
                    f"Les nombres de « {name} » font {sum(counts.values())}, et la section demande "
                    f"{self.questions} questions.| Accordez-les."
                )
        for place, name in enumerate(self.pick):
            if name in self.pick[:place]:
                raise ValueError(f"« pick » nomme « {name} » deux fois.| Retirez-en un.")
        if self.pick and len(self.pick) != self.questions:
            raise ValueError(
                f"« pick » nomme {len(self.pick)} questions, et la section en demande "
                f"{self.questions}.| Accordez-les."
            )
        return self

    def shortage(self, bank: Bank) -> str | None:
        """What the bank lacks for this section, in French; None if every seed can be drawn."""
        if missing := [name for name in self.pick if name not in bank.by_id]:
            return f"elle n’a pas de question {', '.join(missing)}"
        if self.scored and (
            worthless := [one.id for one in self._drawable(bank) if _estimated(one)]
        ):
            return (
                f"une question à estimer ne rapporte pas de points ({', '.join(worthless)}), et la "
                "section est notée ; écrivez « scored: no », ou laissez-la dans une autre banque"
            )
        if self.pick:
            return None
        supply = Counter(question.topic for question in bank.questions)
        asked = self.topics if isinstance(self.topics, dict) else {}
        if short := [name for name, count in asked.items() if supply[name] < count]:
            return f"elle n’a pas assez de questions sur : {', '.join(short)}"
        stock = self._stock(bank)
        if all(
            _possible(stock.caps(), self._rows(stock, spread), self._columns())
            for spread in stock.worst_spreads(self.questions)
        ):
            return None
        return (
            f"ses {len(bank.questions)} questions ne suffisent pas à en tirer {self.questions} avec "
            "ces nombres par thème et par difficulté"
        )

    def draw(self, bank: Bank, stream: Stream) -> list[Question]:
        """The section's questions for one paper, in the order shown."""
        if self.pick:
            return [bank.by_id[name] for name in self.pick]
        stock = self._stock(bank)
        spread = list(stock.topics)
        stream.shuffle(spread)
        drawn: list[Question] = []
        for cell, count in _table(
            stock.caps(), self._rows(stock, spread), self._columns(), stream
        ).items():
            candidates = list(stock.cells[cell])
            stream.shuffle(candidates)
            drawn += candidates[:count]
        stream.shuffle(drawn)
        return drawn

    def _drawable(self, bank: Bank) -> list[Question]:
        """The questions that some paper could ask."""
        if self.pick:
            return [bank.by_id[name] for name in self.pick]
        return [
            question
            for question in bank.questions
            if (not isinstance(self.topics, dict) or self.topics.get(question.topic))
            and (self.difficulty is None or self.difficulty.get(question.difficulty))
        ]

    def _stock(self, bank: Bank) -> _Stock:
        return _Stock(
            bank.questions,
            by_topic=self.topics is not None,
            by_difficulty=self.difficulty is not None,
        )

    def _rows(self, stock: _Stock, spread: Sequence[str]) -> dict[str, int]:
        """How many of each topic; with ``even``, those that ``spread`` names first get one more."""
        if isinstance(self.topics, dict):
            return {topic: self.topics.get(topic, 0) for topic in stock.topics}
        each, extra = divmod(self.questions, len(stock.topics))
        return {topic: each + (topic in spread[:extra]) for topic in stock.topics}

    def _columns(self) -> dict[int, int]:
        return self.difficulty or {0: self.questions}


class Blueprint(BaseModel):
    """The sections of a paper, in the order in which a candidate meets them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _banks_differ(self) -> Self:
        for bank, times in Counter(section.bank for section in self.sections).items():
            if times > 1:
                raise ValueError(
                    f"La banque « {bank} » sert à deux sections.| Une question pourrait être posée "
                    "deux fois : réunissez ces sections."
                )
        return self

    @property
    def banks(self) -> tuple[str, ...]:
        """The banks this blueprint draws from."""
        return tuple(section.bank for section in self.sections)

    @property
    def questions(self) -> int:
        """How many questions a paper has."""
        return sum(section.questions for section in self.sections)

    def shortages(self, banks: Mapping[str, Bank]) -> list[str]:
        """Why a paper could not always be drawn from these banks, a French sentence each."""
        told: list[str] = []
        for section in self.sections:
            if section.bank not in banks:
                told.append(f"La banque « {section.bank} » n’est pas chargée.")
            elif lack := section.shortage(banks[section.bank]):
                told.append(f"La banque « {section.bank} » ne convient pas : {lack}.")
        return told


class _Stock:
    """A bank's questions in cells of topic and difficulty; an axis not asked for is one cell wide."""

    def __init__(
        self, questions: Iterable[Question], *, by_topic: bool, by_difficulty: bool
    ) -> None:
        self.cells: dict[Cell, list[Question]] = {}
        for question in questions:
            cell = (question.topic if by_topic else "", question.difficulty if by_difficulty else 0)
            self.cells.setdefault(cell, []).append(question)
        self.topics = sorted({topic for topic, _ in self.cells})

    def caps(self) -> dict[Cell, int]:
        """How many questions each cell holds."""
        return {cell: len(questions) for cell, questions in self.cells.items()}

    def worst_spreads(self, total: int) -> Iterator[list[str]]:
        """Of all orders in which topics may get one question more, those hardest to satisfy.

        For a set of difficulties the hardest is the order that begins with the topics which
        cannot give one more from that set; there are few sets, so all are tried.
        """
        each = total // len(self.topics)
        caps = self.caps()
        for chosen in _subsets({degree for _, degree in caps}):
            yield sorted(
                self.topics,
                key=lambda topic: sum(caps.get((topic, degree), 0) for degree in chosen) > each,
            )


def _estimated(question: Question) -> bool:
    """Whether a question counts by its distance to the truth, not by points."""
    return question.distance(question.key) is not None


def _subsets(values: Iterable[int]) -> Iterator[tuple[int, ...]]:
    ordered = sorted(values)
    for size in range(1, len(ordered) + 1):
        yield from combinations(ordered, size)


def _possible(
    caps: Mapping[Cell, int], rows: Mapping[str, int], columns: Mapping[int, int]
) -> bool:
    """Whether counts within ``caps`` exist with these sums per topic and per difficulty.

    A flow from topics to difficulties: by max-flow min-cut it is full exactly if every set of
    difficulties can get its share from the topics.
    """
    return all(
        sum(
            min(row, sum(caps.get((topic, degree), 0) for degree in chosen))
            for topic, row in rows.items()
        )
        >= sum(columns[degree] for degree in chosen)
        for chosen in _subsets(columns)
    )


def _table(
    caps: dict[Cell, int], rows: dict[str, int], columns: Mapping[int, int], stream: Stream
) -> dict[Cell, int]:
    """Random counts with these sums: one question at a time, never into a dead end.

    Each step takes one of the cells still owed something, likelier where more questions are left,
    and takes it back if the rest could not be completed.
    """
    columns = dict(columns)
    table = dict.fromkeys(caps, 0)
    for _ in range(sum(rows.values())):
        tickets = [
            cell
            for cell, cap in caps.items()
            if rows[cell[0]] and columns.get(cell[1])
            for _ in range(cap)
        ]
        while True:
            cell = stream.choice(tickets)
            caps[cell], rows[cell[0]], columns[cell[1]] = (
                caps[cell] - 1, rows[cell[0]] - 1, columns[cell[1]] - 1,
            )  # fmt: skip
            if _possible(caps, rows, columns):
                break
            caps[cell], rows[cell[0]], columns[cell[1]] = (
                caps[cell] + 1, rows[cell[0]] + 1, columns[cell[1]] + 1,
            )  # fmt: skip
            tickets = [other for other in tickets if other != cell]
        table[cell] += 1
    return table
