"""A few words to type, compared with the accepted ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from quizapp.exam.folding import fold, matches, typed
from quizapp.exam.problems import NotAnAnswerError, ToldError
from quizapp.exam.questions.base import Line, Question, Whole, one_as_list, register
from quizapp.exam.questions.shown import Shown
from quizapp.exam.scoring import Tally

Fold = Literal["case", "accents", "ligatures", "apostrophes", "hyphens", "spacing"]
Folds = Annotated[tuple[Fold, ...], BeforeValidator(one_as_list)]
Typos = Annotated[Whole, Field(ge=0, le=2)]
Variant = Annotated[Line, Field(max_length=100)]
Variants = Annotated[
    tuple[Variant, ...], BeforeValidator(one_as_list), Field(min_length=1, max_length=20)
]
EVERY: tuple[Fold, ...] = ("case", "accents", "ligatures", "apostrophes", "hyphens", "spacing")


@register("short", keys={"accept"})
class Short(Question):
    """A few words: one of those that the author accepts, but for what is ignored.

    ``refuse`` names what is near and yet wrong: no slip of typing makes it right.
    """

    accept: Variants
    refuse: Annotated[tuple[Variant, ...], BeforeValidator(one_as_list), Field(max_length=20)] = ()
    ignore: Folds = EVERY
    typos: Typos = 0

    @model_validator(mode="after")
    def _refused_is_not_accepted(self) -> Self:
        for text in self.refuse:
            if matches(text, self.accept, self.ignore, typos=0):
                raise ValueError(
                    f"« {text} » est à la fois accepté et refusé.| Retirez-le de « refuse »."
                )
        return self

    def _read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:  # noqa: ARG002
        if len(posted) > 1:
            raise NotAnAnswerError("Une seule réponse est attendue.")
        return one_line("".join(posted), limit=200) or None

    def _tally(self, answer: str) -> Tally:
        if self._rekeyed is not None:
            return Tally.of_one(self._same(answer, self._rekeyed))
        refused = {fold(text, self.ignore) for text in self.refuse}
        return Tally.of_one(
            fold(answer, self.ignore) not in refused
            and matches(answer, self.accept, self.ignore, typos=self.typos)
        )

    def _same(self, answer: str, other: str) -> bool:
        return matches(answer, (other,), self.ignore, typos=self.typos)

    def _show(self, order: Sequence[int], answer: str | None) -> Shown:  # noqa: ARG002
        return Shown(self.kind, self.stem, value=answer or "")

    def _told(self, answer: str) -> str:
        return answer

    @property
    def key(self) -> str:
        """The first of the accepted texts."""
        return self.accept[0]

    @property
    def told_key(self) -> str:
        """All accepted texts."""
        return " ou ".join(self.accept)


def one_line(text: str, *, limit: int) -> str:
    """A typed line as it is kept; raises NotAnAnswerError."""
    try:
        kept = typed(text, limit=limit)
    except ToldError as error:
        raise NotAnAnswerError(error.text, **error.words) from None
    return " ".join(kept.split("\n"))
