"""A question that nobody marks: an opinion, a habit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from quizapp.exam.keys import YesNo
from quizapp.exam.lots import Stream
from quizapp.exam.questions.base import register
from quizapp.exam.questions.choice import ChoosingQuestion, Lines
from quizapp.exam.questions.shown import Shown


@register("survey", keys={"survey"})
class Survey(ChoosingQuestion):
    """Choices of which none is right; nothing has to be explained, and nothing is earned."""

    rules: ClassVar[tuple[str, ...]] = ()
    earns = False

    survey: Annotated[Lines, Field(min_length=2)]
    many: YesNo = False
    explanation: str = ""
    source: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers offered."""
        return self.survey

    @property
    def several(self) -> bool:
        """Whether the author lets several be chosen."""
        return self.many

    def order(self, stream: Stream) -> tuple[int, ...]:  # noqa: ARG002
        """As the author wrote them: they often are a scale."""
        return tuple(range(len(self.survey)))

    def _show(self, order: Sequence[int], answer: str | None) -> Shown:
        return replace(super()._show(order, answer), body="several" if self.many else "one")

    @property
    def key(self) -> str:
        """None is right."""
        return ""
