"""Questions with choices: one right answer, or several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, Field, model_validator

from quizapp.exam import markup
from quizapp.exam.keys import IN_ORDER, folded
from quizapp.exam.lots import Stream
from quizapp.exam.numbers import Share
from quizapp.exam.problems import NotAnAnswerError
from quizapp.exam.questions.base import Line, Question, one_as_list, register
from quizapp.exam.questions.shown import Choice, Count, Shown
from quizapp.exam.scoring import Tally

Lines = Annotated[
    tuple[Line, ...], BeforeValidator(one_as_list), Field(min_length=1, max_length=12)
]


class ChoosingQuestion(Question):
    """A question answered by choosing; an answer is kept as the choices' numbers, ``0,2``.

    A candidate never sees these numbers: what is posted is the place at which the choice stood on
    this candidate's page.
    """

    last: Annotated[tuple[Line, ...], BeforeValidator(one_as_list)] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """All choices, in an order of the author's."""
        raise NotImplementedError

    @property
    def several(self) -> bool:
        """Whether more than one may be chosen."""
        return False

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        known = [folded(choice) for choice in self.choices]
        for place, choice in enumerate(known):
            if choice in known[:place]:
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

    def _read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:
        places = set(posted) - {""}
        if len(places) > 1 and not self.several:
            raise NotAnAnswerError("Un seul choix est possible pour cette question.")
        allowed = {str(place): number for place, number in enumerate(self._seen(order))}
        if not places <= allowed.keys():
            raise NotAnAnswerError("Ce choix n’existe pas dans cette question.")
        return ",".join(map(str, sorted(allowed[place] for place in places))) or None

    def _show(self, order: Sequence[int], answer: str | None) -> Shown:
        chosen = numbers_of(answer)
        choices = (
            Choice(str(place), markup.inline(self.choices[number]), number in chosen)
            for place, number in enumerate(self._seen(order))
        )
        return Shown(self.kind, self.stem, tuple(choices))

    def _told(self, answer: str) -> str:
        return " | ".join(self.choices[number] for number in sorted(numbers_of(answer)))

    def summarise(self, answers: Iterable[str | None]) -> tuple[Count, ...]:
        """How often each choice was chosen, in the author's order."""
        chosen = Counter(
            number
            for answer in answers
            if not self.is_unsure(answer)
            for number in numbers_of(answer)
        )
        right = numbers_of(self.counts)
        return tuple(
            Count(choice, chosen[number], number in right)
            for number, choice in enumerate(self.choices)
        )

    def _seen(self, order: Sequence[int]) -> Sequence[int]:
        return order or range(len(self.choices))


class ChoiceQuestion(ChoosingQuestion):
    """A question whose choices are right or wrong, numbered right ones first."""

    rules: ClassVar[tuple[str, ...]] = (
        "all-or-nothing",
        "right-minus-wrong",
        "per-option",
        "fractions",
    )
    later = Question.later | {"fractions"}

    wrong: Lines
    fractions: Annotated[dict[Line, Share], IN_ORDER] | None = None

    @property
    def right(self) -> tuple[str, ...]:
        """The right choices."""
        raise NotImplementedError

    @property
    def choices(self) -> tuple[str, ...]:
        """All choices, right ones first."""
        return self.right + self.wrong

    @model_validator(mode="after")
    def _fractions_fit(self) -> Self:
        if self.fractions is None:
            if self.rule == "fractions":
                raise ValueError(
                    "La règle « fractions » demande une part par choix.|"
                    " Ajoutez « fractions: » avec chaque choix et sa part."
                )
            return self
        if self.scoring.rule not in (None, "fractions"):
            raise ValueError(
                f"« fractions » et la règle « {self.scoring.rule} » se contredisent.|"
                " Gardez l’une des deux."
            )
        if unknown := self.fractions.keys() - set(self.choices):
            raise ValueError(
                f"« fractions » nomme « {min(unknown)} », qui n’est pas un des choix.|"
                " Recopiez le choix exactement."
            )
        if self._fraction(range(len(self.right))) != 1:
            raise ValueError(
                "Les parts des bons choix ne font pas 1.| Accordez-les : « 1/2 » et « 1/2 »."
            )
        return self

    @property
    def rule(self) -> str:
        """The name of the rule; fractions on the choices are one."""
        return "fractions" if self.fractions is not None else super().rule

    @property
    def floor(self) -> Fraction:
        """The least part of the points: a wrong choice may take some away."""
        negative = [one for one in (self.fractions or {}).values() if one < 0]
        return min([self.scoring.floor, *([] if self.several else negative)])

    @property
    def key(self) -> str:
        """The numbers of the right choices."""
        return ",".join(map(str, range(len(self.right))))

    def _tally(self, answer: str) -> Tally:
        chosen = numbers_of(answer)
        key = numbers_of(self.counts)
        right = len(chosen & key)
        fraction = self._fraction(chosen)
        return Tally(
            right,
            len(chosen) - right,
            of=len(key),
            traps=len(self.choices) - len(key) if self.several else 0,
            fractions=max(Fraction(0), fraction) if self.several else fraction,
        )

    def _fraction(self, numbers: Iterable[int]) -> Fraction:
        given = self.fractions or {}
        return sum((given.get(self.choices[one], Fraction(0)) for one in numbers), Fraction(0))


@register("single", keys={"answer", "wrong"})
class Single(ChoiceQuestion):
    """One right answer among several choices."""

    rules: ClassVar[tuple[str, ...]] = ("all-or-nothing", "fractions")

    answer: Line

    @property
    def right(self) -> tuple[str, ...]:
        """The one right choice."""
        return (self.answer,)


@register("multiple", keys={"answers", "wrong"})
class Multiple(ChoiceQuestion):
    """Several right answers among the choices; exactly these earn the points."""

    answers: Lines

    @property
    def right(self) -> tuple[str, ...]:
        """The right choices."""
        return self.answers

    @property
    def several(self) -> bool:
        """Several, even where one alone is right: the number would tell."""
        return True


def numbers_of(answer: str | None) -> set[int]:
    """The choices' numbers in an answer."""
    return {int(number) for number in answer.split(",")} if answer else set()
