"""Questions with choices: one right answer, or several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from quizapp.exam import markup
from quizapp.exam.lots import Stream
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import Choice, Line, Question, Shown, one_as_list, register

Lines = Annotated[
    tuple[Line, ...], BeforeValidator(one_as_list), Field(min_length=1, max_length=12)
]


class ChoiceQuestion(Question):
    """A question answered by choosing; an answer is kept as the choices' numbers, ``0,2``.

    Choices are numbered right ones first, as the author wrote them. A candidate never sees these
    numbers: what is posted is the place at which the choice stood on this candidate's page.
    """

    wrong: Lines
    last: Annotated[tuple[Line, ...], BeforeValidator(one_as_list)] = ()

    @property
    def right(self) -> tuple[str, ...]:
        """The right choices."""
        raise NotImplementedError

    @property
    def choices(self) -> tuple[str, ...]:
        """All choices, right ones first."""
        return self.right + self.wrong

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        folded = [" ".join(choice.casefold().split()) for choice in self.choices]
        for place, choice in enumerate(folded):
            if choice in folded[:place]:
                raise ValueError(
                    f"Le choix « {self.choices[place]} » apparaît deux fois.| Retirez-en un."
                )
        for place, pinned in enumerate(self.last):
            if pinned in self.last[:place]:
                raise ValueError(f"« last » nomme « {pinned} » deux fois.| Retirez-en un.")
            if pinned not in self.choices:
                raise ValueError(
                    f"« last » nomme « {pinned} », qui n’est pas un des choix.|"
                    " Recopiez le choix exactement."
                )
        return self

    def order(self, stream: Stream) -> tuple[int, ...]:
        """All choices shuffled, those of ``last:`` at the end in the order the author gave."""
        pinned = [self.choices.index(choice) for choice in self.last]
        free = [number for number in range(len(self.choices)) if number not in pinned]
        stream.shuffle(free)
        return (*free, *pinned)

    def read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:
        """The numbers of the choices that stood at the posted places."""
        places = set(posted) - {""}
        allowed = {str(place): number for place, number in enumerate(order)}
        if not places <= allowed.keys():
            raise NotAnAnswerError("Ce choix n’existe pas dans cette question.")
        return ",".join(map(str, sorted(allowed[place] for place in places))) or None

    def show(self, order: Sequence[int], answer: str | None) -> Shown:
        """The choices in this candidate's order."""
        chosen = _numbers(answer)
        choices = (
            Choice(str(place), markup.inline(self.choices[number]), number in chosen)
            for place, number in enumerate(order)
        )
        return Shown(self.kind, self.stem, tuple(choices))

    def told(self, answer: str | None) -> str:
        """The chosen texts."""
        return " | ".join(self.choices[number] for number in sorted(_numbers(answer)))

    @property
    def key(self) -> str:
        """The numbers of the right choices."""
        return ",".join(map(str, range(len(self.right))))

    def mark(self, answer: str | None) -> Fraction:
        """All or nothing: exactly the right choices earn the points."""
        return Fraction(answer == self.key)


@register("single", keys={"answer", "wrong"})
class Single(ChoiceQuestion):
    """One right answer among several choices."""

    answer: Line

    @property
    def right(self) -> tuple[str, ...]:
        """The one right choice."""
        return (self.answer,)

    def read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:
        """One place at most."""
        if len(set(posted) - {""}) > 1:
            raise NotAnAnswerError("Un seul choix est possible pour cette question.")
        return super().read(posted, order)


@register("multiple", keys={"answers", "wrong"})
class Multiple(ChoiceQuestion):
    """Several right answers among the choices; exactly these earn the points."""

    answers: Lines

    @property
    def right(self) -> tuple[str, ...]:
        """The right choices."""
        return self.answers


def _numbers(answer: str | None) -> set[int]:
    return {int(number) for number in answer.split(",")} if answer else set()
