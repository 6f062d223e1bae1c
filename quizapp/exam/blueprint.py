"""How a paper is composed: how many questions of each bank, topic and difficulty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from quizapp.exam.bank import Bank
from quizapp.exam.keys import YesNo
from quizapp.exam.lots import Stream
from quizapp.exam.questions.base import TYPES, Line, Question, Slug, Whole, one_as_list
from quizapp.exam.stock import Stock, Unit

Count = Annotated[Whole, Field(ge=0, le=1_000)]


def _types(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in TYPES:
            raise ValueError(
                f"Le type « {name[:60]} » n’existe pas.| Types possibles : {', '.join(sorted(TYPES))}."
            )
    return names


class Section(BaseModel):
    """One section of a paper, drawn from one bank.

    A case counts as its questions. ``topics: even`` spreads the questions over all topics of the
    bank, a mapping states how many of each; ``difficulty`` states how many of each degree.
    ``tags`` keeps to questions with one of these tags, ``types`` to questions of these types.
    ``pick`` names the questions and cases that everyone receives. A section that is not ``scored``
    earns no points: it only breaks ties. Its points never fall under ``floor`` nor rise over
    ``cap``, whatever its questions earn. ``minutes`` is its own time, ``seconds_per_question`` that
    of each question; ``forward_only``, which the latter implies, shows one question after another
    without a way back; what a section does not say of it, its stage does (see ``exam/pace.py``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bank: Slug
    title: Line
    questions: Annotated[Whole, Field(ge=1, le=1_000)]
    topics: Literal["even"] | dict[Line, Count] | None = None
    difficulty: dict[Annotated[Whole, Field(ge=1, le=3)], Count] | None = None
    pick: Annotated[tuple[Slug, ...], BeforeValidator(one_as_list)] = ()
    tags: Annotated[tuple[Line, ...], BeforeValidator(one_as_list), Field(max_length=20)] = ()
    types: Annotated[tuple[str, ...], BeforeValidator(one_as_list), AfterValidator(_types)] = ()
    scored: YesNo = True
    floor: Annotated[Whole, Field(ge=-1_000, le=0)] = 0
    cap: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    minutes: Annotated[Whole, Field(ge=1, le=600)] | None = None
    seconds_per_question: Annotated[Whole, Field(ge=5, le=3_600)] | None = None
    forward_only: YesNo | None = None

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
        if len(self.pick) > self.questions:
            raise ValueError(
                f"« pick » nomme {len(self.pick)} questions, et la section en demande "
                f"{self.questions}.| Accordez-les."
            )
        if self.seconds_per_question and self.forward_only is False:
            raise ValueError(
                "Avec « seconds_per_question », on ne revient jamais en arrière.|"
                " Retirez « forward_only: no »."
            )
        return self

    def shortage(self, bank: Bank) -> str | None:
        """What the bank lacks for this section, in French; None if every seed can be drawn."""
        if self.pick and (wrong := self._wrong_pick(bank)):
            return wrong
        eligible = self.eligible(bank)
        drawable = self._picked(bank) if self.pick else self._drawable(eligible)
        if self.scored and (worthless := [one.id for one in drawable if _estimated(one)]):
            return (
                f"une question à estimer ne rapporte pas de points ({', '.join(worthless)}), et la "
                "section est notée ; écrivez « scored: no », ou laissez-la dans une autre banque"
            )
        if self.pick:
            return None
        supply = Counter(question.topic for unit in eligible for question in unit.questions)
        asked = self.topics if isinstance(self.topics, dict) else {}
        if short := [name for name, count in asked.items() if supply[name] < count]:
            return f"elle n’a pas assez de questions sur : {', '.join(short)}"
        stock = self._stock(eligible)
        if eligible and all(
            stock.left.suffices(self._rows(stock, spread), self._columns())
            for spread in stock.worst_spreads(self.questions)
        ):
            return None
        lack = (
            f"ses {supply.total()} questions ne suffisent pas à en tirer {self.questions} avec "
            "ces nombres par thème et par difficulté"
        )
        if stock.left.others:
            lack += (
                ", à coup sûr et sans couper un cas ni réunir des questions qui s’excluent ; des "
                "questions seules y aideraient"
            )
        return lack

    def draw(self, bank: Bank, stream: Stream) -> list[Question]:
        """The section's questions for one paper, in the order shown; those of a case together."""
        if self.pick:
            return self._picked(bank)
        stock = self._stock(self.eligible(bank))
        spread = list(stock.topics)
        stream.shuffle(spread)
        drawn = stock.draw(self._rows(stock, spread), self._columns(), stream)
        return [question for unit in drawn for question in unit]

    def _picked(self, bank: Bank) -> list[Question]:
        by_name = {unit.name: unit for unit in bank.units}
        return [question for name in self.pick for question in by_name[name].questions]

    def _wrong_pick(self, bank: Bank) -> str | None:
        known = {unit.name for unit in bank.units}
        if missing := [name for name in self.pick if name not in known]:
            return f"elle n’a pas de question {', '.join(missing)}"
        picked = self._picked(bank)
        if len(picked) != self.questions:
            return f"« pick » y désigne {len(picked)} questions, et non {self.questions}"
        words = Counter(word for name in self.pick for word in _apart(bank, name))
        if both := [word for word, times in words.items() if times > 1]:
            return f"« pick » réunit des questions qui s’excluent ({', '.join(both)})"
        return None

    def _drawable(self, eligible: Iterable[Unit]) -> list[Question]:
        """The questions that some paper could ask."""
        return [
            question
            for unit in eligible
            for question in unit.questions
            if (not isinstance(self.topics, dict) or self.topics.get(question.topic))
            and (self.difficulty is None or self.difficulty.get(question.difficulty))
        ]

    def eligible(self, bank: Bank) -> list[Unit]:
        """The units that this section may draw: with one of its tags, of its types only."""
        return [
            unit
            for unit in bank.units
            if (not self.tags or set(unit.questions[0].tags) & set(self.tags))
            and (not self.types or {one.kind for one in unit.questions} <= set(self.types))
        ]

    def _stock(self, eligible: Iterable[Unit]) -> Stock:
        return Stock(
            eligible,
            by_topic=self.topics is not None,
            by_difficulty=self.difficulty is not None,
        )

    def _rows(self, stock: Stock, spread: Sequence[str]) -> dict[str, int]:
        """How many of each topic; with ``even``, those that ``spread`` names first get more."""
        if isinstance(self.topics, dict):
            return {topic: self.topics.get(topic, 0) for topic in stock.topics}
        each, extra = stock.shares(self.questions)
        return {
            topic: each + stock.left.grain * (topic in spread[:extra]) for topic in stock.topics
        }

    def _columns(self) -> dict[int, int]:
        return self.difficulty or {0: self.questions}


def _apart(bank: Bank, name: str) -> frozenset[str]:
    return next(unit.apart for unit in bank.units if unit.name == name)


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
        words = Counter(
            word
            for section in self.sections
            if section.bank in banks
            for word in {word for one in banks[section.bank].questions for word in one.exclude}
        )
        told += [
            f"Deux banques excluent par le même mot « {word} », qui n’agit qu’au sein d’une banque : "
            "réunissez ces questions dans une seule."
            for word, times in words.items()
            if times > 1
        ]
        return told


def _estimated(question: Question) -> bool:
    """Whether a question counts by its distance to the truth, not by points."""
    return question.distance(question.key) is not None
