"""A text to write, which a person reads and marks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import Field

from quizapp.exam.folding import typed
from quizapp.exam.problems import NotAnAnswerError, ToldError
from quizapp.exam.questions.base import Question, Text, Whole, register
from quizapp.exam.questions.shown import Shown


@register("free", keys={"rubric"})
class Free(Question):
    """A text of at most ``limit`` characters; ``rubric`` tells the marker what earns the points."""

    rules: ClassVar[tuple[str, ...]] = ()

    rubric: Text
    limit: Annotated[Whole, Field(ge=50, le=3_500)] = 1_500

    def _read(self, posted: Sequence[str], order: Sequence[int]) -> str | None:  # noqa: ARG002
        if len(posted) > 1:
            raise NotAnAnswerError("Un seul texte est attendu.")
        try:
            return typed("".join(posted), limit=self.limit) or None
        except ToldError as error:
            raise NotAnAnswerError(error.text, **error.words) from None

    def mark(self, answer: str | None) -> Fraction | None:
        """Nothing for no answer; otherwise a person says it."""
        return None if answer else Fraction(0)

    def _show(self, order: Sequence[int], answer: str | None) -> Shown:  # noqa: ARG002
        return Shown(self.kind, self.stem, value=answer or "", body=self.limit)

    def _told(self, answer: str) -> str:
        return answer

    @property
    def key(self) -> str:
        """No text is the only right one."""
        return ""
