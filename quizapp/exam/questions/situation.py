"""Situational judgement: every reaction has its score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from quizapp.exam import markup
from quizapp.exam.keys import IN_ORDER
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import Line, Question, Whole, register
from quizapp.exam.questions.choice import ChoosingQuestion, numbers_of
from quizapp.exam.questions.shown import Choice, Count, Row, Shown
from quizapp.exam.scoring import Tally


@register("situation", keys={"reactions"})
class Situation(ChoosingQuestion):
    """A situation and reactions to it, from the worst (the lowest score) to the best.

    Asked for ``one``, an answer earns its score as a part of the best one's. Asked for the
    ``best-and-worst``, each rightly named earns half; an answer is then kept as ``best,worst``.
    """

    rules: ClassVar[tuple[str, ...]] = ("fractions", "all-or-nothing")

    reactions: Annotated[
        dict[Line, Annotated[Whole, Field(ge=-10, le=10)]],
        IN_ORDER,
        Field(min_length=3, max_length=8),
    ]
    ask: Literal["one", "best-and-worst"] = "one"

    @model_validator(mode="after")
    def _scores_decide(self) -> Self:
        scores = sorted(self.reactions.values())
        if scores[-1] <= 0 or scores[-1] == scores[-2] or scores[0] < -scores[-1]:
            raise ValueError(
                "La meilleure réaction n’est pas seule en tête, ou une autre coûte plus qu’elle ne"
                " rapporte.| Donnez-lui seule le plus grand score, au-dessus de 0."
            )
        if self.ask == "best-and-worst" and scores[0] == scores[1]:
            raise ValueError(
                "La pire réaction n’est pas seule au score le plus bas.| Départagez les scores."
            )
        return self

    @property
    def choices(self) -> tuple[str, ...]:
        """The reactions."""
        return tuple(self.reactions)

    @property
    def floor(self) -> Fraction:
        """The least part of the points: a reaction may cost some."""
        if self.ask != "one" or self.rule != "fractions":
            return self.scoring.floor
        return min(self.scoring.floor, self._part(min(self.reactions.values())))

    def _read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:
        if self.ask == "one":
            return super()._read(posted, order)
        if not any(posted):
            return None
        places = {"": "", **{str(place): str(one) for place, one in enumerate(self._seen(order))}}
        if len(posted) != 2 or not set(posted) <= places.keys():
            raise NotAnAnswerError("Ce choix n’existe pas dans cette question.")
        return ",".join(places[value] for value in posted)

    def _show(self, order: Sequence[int], answer: str | None) -> Shown:
        if self.ask == "one":
            return super()._show(order, answer)
        given = answer.split(",") if answer else ["", ""]
        return replace(
            super()._show(order, None), body=tuple(self._row(order, one) for one in given)
        )

    def _row(self, order: Sequence[int], given: str) -> Row:
        return Row(
            "",
            tuple(
                Choice(
                    str(place),
                    f"{chr(ord('A') + place)}. {markup.plain(self.choices[number])}",
                    str(number) == given,
                )
                for place, number in enumerate(self._seen(order))
            ),
        )

    def _told(self, answer: str) -> str:
        if self.ask == "one":
            return super()._told(answer)
        best, worst = (self.choices[int(one)] if one else "…" for one in answer.split(","))
        return f"La meilleure : {best} | La moins bonne : {worst}"

    def _tally(self, answer: str) -> Tally:
        if self.ask == "one":
            (number,) = numbers_of(answer)
            part = self._part(tuple(self.reactions.values())[number])
            return replace(Tally.of_one(answer == self.key), fractions=part)
        given = answer.split(",")
        right = sum(one == key for one, key in zip(given, self.key.split(","), strict=True))
        wrong = sum(map(bool, given)) - right
        return Tally(
            right,
            wrong,
            of=2,
            fractions=Fraction(right, 2),
            inconsistent=given[0] == given[1],
        )

    def _part(self, score: int) -> Fraction:
        return Fraction(score, max(self.reactions.values()))

    @property
    def key(self) -> str:
        """The best reaction; or the best and the worst."""
        scores = list(self.reactions.values())
        best, worst = scores.index(max(scores)), scores.index(min(scores))
        return str(best) if self.ask == "one" else f"{best},{worst}"

    def summarise(self, answers: Iterable[str | None]) -> tuple[Count, ...]:
        """How often each reaction was chosen; or each pair of best and worst."""
        if self.ask == "one":
            return super().summarise(answers)
        return Question.summarise(self, answers)
